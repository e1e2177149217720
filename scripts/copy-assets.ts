import { cpSync, globSync } from 'node:fs';

// tsc emits code only. What the code reads at run time (the built-in policy and its cases) lies beside it in src/
// and must lie beside it in dist/ too.
const root = new URL('../', import.meta.url);
for (const asset of globSync('**/*.yaml', { cwd: new URL('src/', root) })) {
  cpSync(new URL(`src/${asset}`, root), new URL(`dist/${asset}`, root));
}

// The bundle holds this parser.
cpSync(new URL('node_modules/unbash/LICENSE', root), new URL('dist/chunks/unbash.LICENSE', root));
