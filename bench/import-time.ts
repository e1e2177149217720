import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './measure.ts';

const PROCESSES = 9;
const SCRIPT = `
const start = performance.now();
await import('plyra-guard');
console.log(performance.now() - start);
`;

/** Milliseconds that `import 'plyra-guard'` takes in a fresh process: the median of 9, after one that warms the disk. */
export function measureImport(): number {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const once = (): number =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT], { cwd: root, encoding: 'utf8' }),
    );
  once();
  return median(Array.from({ length: PROCESSES }, once));
}
