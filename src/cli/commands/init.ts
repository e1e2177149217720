import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../output.ts';
import { STARTER_POLICY } from '../starter-policy.ts';
import { UsageError } from '../usage-error.ts';

/** Writes a policy to start from. Throws UsageError for a file that is there already, unless `force` is given. */
export function init(
  file: string,
  { force, json }: { readonly force?: boolean | undefined; readonly json?: boolean | undefined },
): number {
  const target = resolve(file);
  const schema = join(process.cwd(), 'node_modules', 'plyra-guard', 'schema', 'plyra-guard.schema.json');
  const path = relative(dirname(target), schema).split(sep).join('/');
  const text = `# yaml-language-server: $schema=${path.startsWith('.') ? path : `./${path}`}\n${STARTER_POLICY}`;
  mkdirSync(dirname(target), { recursive: true });
  try {
    writeFileSync(target, text, { flag: force === true ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UsageError(`${file} is there already. Choose another name, or overwrite it with --force.`);
  }
  if (json === true) printJson({ file });
  else print(`Wrote ${file}. Try: npx plyra-guard check ${file}`);
  return EXIT.ok;
}
