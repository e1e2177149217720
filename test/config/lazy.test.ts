import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('neither zod nor yaml is loaded before a configuration is', () => {
  const path = fileURLToPath(new URL('../../src/config/load.ts', import.meta.url));
  const program = `
    import { createRequire } from 'node:module';
    const { cache } = createRequire(process.argv[1]);
    const loaded = () => ['zod', 'yaml'].filter((name) => Object.keys(cache).some((file) => file.includes('/node_modules/' + name + '/')));
    const { parseConfig } = await import(process.argv[1]);
    const before = loaded();
    parseConfig('rules: []');
    console.log(JSON.stringify([before, loaded()]));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program, path], {
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual([[], ['zod', 'yaml']]);
});
