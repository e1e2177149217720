import { createRequire } from 'node:module';
import type * as YamlModule from 'yaml';
import type * as ZodModule from 'zod';

const load = createRequire(import.meta.url);

/** zod, loaded on first use: importing it takes longer than `import 'plyra-guard'` may take in all. */
export function zod(): typeof ZodModule {
  return load('zod') as typeof ZodModule;
}

/** The YAML parser, loaded on first use. */
export function yaml(): typeof YamlModule {
  return load('yaml') as typeof YamlModule;
}
