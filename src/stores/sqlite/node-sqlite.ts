import { createRequire } from 'node:module';
import type * as NodeSqlite from 'node:sqlite';
import { ConfigError } from '../../core/errors.ts';

// A program that keeps its journal in memory never loads SQLite. The call is not named `require`: bundlers and readers
// would take it for an import that runs at start.
const load = createRequire(import.meta.url);

/** Node's own SQLite, loaded on first use. Throws ConfigError where this Node was built without it. */
export function nodeSqlite(): typeof NodeSqlite {
  try {
    return load('node:sqlite') as typeof NodeSqlite;
  } catch (cause) {
    throw new ConfigError(
      `This runtime (${process.version}) has no \`node:sqlite\`, which the journal is kept in. Use Node 22.13 or ` +
        'newer, or keep the journal in memory with `snapshotPath: null`.',
      {},
      {},
      { cause },
    );
  }
}
