import { createRequire } from 'node:module';
import type * as YamlModule from 'yaml';
import type * as ZodModule from 'zod';

/** The `yaml` package. */
export type Yaml = typeof YamlModule;
/** The `zod` package. */
export type Zod = typeof ZodModule;

// Together these two take longer to load than everything else in the package. A program that never reads a
// configuration never pays for them, and loading stays synchronous. The call is not named `require`: bundlers and
// readers would take it for an import that runs at start.
const load = createRequire(import.meta.url);

/** zod, loaded on first use. */
export function zod(): Zod {
  return load('zod') as Zod;
}

/** The YAML parser, loaded on first use. */
export function yaml(): Yaml {
  return load('yaml') as Yaml;
}
