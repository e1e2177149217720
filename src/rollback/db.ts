import { ConfigValidationError } from '../core/errors.ts';
import { DbRollbackHandler } from './db/handler.ts';
import { type DbRollbackOptions, settingsOf } from './db/options.ts';
import { type PostgresConnection, placeOfConnection } from './db/postgres/connection.ts';
import { PostgresDatabase } from './db/postgres/database.ts';
import { PostgresSession } from './db/postgres/session.ts';
import { type SqliteConnection, SqliteSession } from './db/sqlite/connection.ts';
import { SqliteDatabase } from './db/sqlite/database.ts';
import type { RollbackHandler } from './handler.ts';

export type { CallStatement, DbRollbackOptions } from './db/options.ts';
export type { PostgresConnection } from './db/postgres/connection.ts';
export type { SqliteConnection } from './db/sqlite/connection.ts';

/** Settings of {@link sqliteRollback}. */
export interface SqliteRollbackOptions extends DbRollbackOptions {
  /** A DatabaseSync of `node:sqlite` or a Database of better-sqlite3: the one that the tools use. */
  readonly connection: SqliteConnection;
}

/** Settings of {@link postgresRollback}. */
export interface PostgresRollbackOptions extends DbRollbackOptions {
  /** A Pool, Client or PoolClient of `pg`, or what `postgres()` of postgres.js returns. */
  readonly connection: PostgresConnection;
}

/**
 * Undoes INSERT, UPDATE and DELETE on an SQLite database, for `guard.registerRollbackHandler('db.*', …)`. It answers at
 * once. Throws ConfigValidationError for a setting that cannot be.
 */
export function sqliteRollback(options: SqliteRollbackOptions): RollbackHandler {
  const { connection } = options;
  if (typeof connection?.prepare !== 'function' || typeof connection.exec !== 'function') {
    throw new ConfigValidationError(
      'The option `connection` of sqliteRollback is a DatabaseSync of node:sqlite or a Database of better-sqlite3.',
    );
  }
  return new DbRollbackHandler(
    new SqliteDatabase(),
    new SqliteSession(connection),
    settingsOf(options, 'sqlite'),
  );
}

/**
 * Undoes INSERT, UPDATE and DELETE on a PostgreSQL database, for `guard.registerRollbackHandler('db.*', …)`. Throws
 * ConfigValidationError for a setting that cannot be: `transaction: true` needs one connection, not a pool.
 */
export function postgresRollback(options: PostgresRollbackOptions): RollbackHandler {
  const settings = settingsOf(options, 'postgres');
  const place = placeOfConnection(options.connection);
  if (settings.transaction && place.isPool) {
    throw new ConfigValidationError(
      'With `transaction: true` the option `connection` of postgresRollback is one connection, which the tool uses too: a Client or PoolClient of pg, or `await sql.reserve()`. A pool would run the act on another one.',
    );
  }
  return new DbRollbackHandler(new PostgresDatabase(), new PostgresSession(place), settings);
}
