import { readFileSync } from 'node:fs';
import { rolldown } from 'rolldown';

// Node spends about 0.3 ms on finding and linking each module, and the library has some two hundred of them: joined,
// `import 'plyra-guard'` takes half the time (docs/decisions/0005). The doors stay where package.json names them.
const root = new URL('../', import.meta.url);
const { dependencies, peerDependencies } = JSON.parse(
  readFileSync(new URL('package.json', root), 'utf8'),
) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};
const bundle = await rolldown({
  cwd: root.pathname,
  input: {
    index: 'src/index.ts',
    errors: 'src/errors.ts',
    sidecar: 'src/sidecar.ts',
    exporters: 'src/exporters.ts',
    'testing/index': 'src/testing/index.ts',
    'cli/main': 'src/cli/main.ts',
  },
  platform: 'node',
  // The shell parser consists of two dozen modules, which take longer to find than to read: it is joined as well, and its
  // licence is put beside it (scripts/copy-assets.ts).
  external: [
    /^node:/,
    ...Object.keys(dependencies).filter((name) => name !== 'unbash'),
    ...Object.keys(peerDependencies),
  ],
});
await bundle.write({
  dir: 'dist',
  format: 'esm',
  chunkFileNames: 'chunks/[name].js',
  comments: { annotation: true, jsdoc: false, legal: true },
  // One chunk for the guard, one folder below dist: what it reads at run time lies at ../builtin from it. What sends to
  // webhooks, every exporter and the sidecar are loaded only where there is one.
  codeSplitting: {
    groups: [
      {
        name: 'guard',
        test: /\/src\/(?!cli\/|testing\/|webhook\/|sidecar|serve-guard|exporters\.ts|exporters\/(?!exporter|fan-out|lazy))/,
      },
    ],
  },
});
await bundle.close();
