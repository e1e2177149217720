import type { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from './schema.ts';

/** Marks a database file as plyra-guard's (`PRAGMA application_id`): the letters `Plyr`. */
const APPLICATION_ID = 0x506c7972;

/** Throws an Error where the file is another program's database, or one of a newer plyra-guard. An empty one is fine. */
export function checkOwner(handle: DatabaseSync): void {
  // Read as one: another process may be making the tables now.
  handle.exec('BEGIN');
  try {
    checkOwnerNow(handle);
  } finally {
    handle.exec('ROLLBACK');
  }
}

/**
 * Brings the tables up to date, whole or not at all. Safe when several processes do so at once. A connection on which
 * it throws must be closed.
 */
export function migrate(handle: DatabaseSync): void {
  if (versionOf(handle) === MIGRATIONS.length) return;
  handle.exec('BEGIN IMMEDIATE');
  // Whoever held the lock before may have done it, or may have been a newer plyra-guard.
  checkOwnerNow(handle);
  for (const step of MIGRATIONS.slice(versionOf(handle))) handle.exec(step);
  handle.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
  handle.exec('COMMIT');
}

function checkOwnerNow(handle: DatabaseSync): void {
  const version = versionOf(handle);
  if (numberOf(handle, 'PRAGMA application_id', 'application_id') === APPLICATION_ID) {
    if (version <= MIGRATIONS.length) return;
    throw new Error(
      `it was made by a newer plyra-guard (its tables are version ${version}, this one knows ${MIGRATIONS.length}). ` +
        'Upgrade plyra-guard',
    );
  }
  const tables = numberOf(handle, 'SELECT count(*) AS tables FROM sqlite_schema', 'tables');
  if (version !== 0 || tables !== 0) throw new Error('it is the database of another program');
}

function versionOf(handle: DatabaseSync): number {
  return numberOf(handle, 'PRAGMA user_version', 'user_version');
}

function numberOf(handle: DatabaseSync, sql: string, column: string): number {
  return Number(handle.prepare(sql).get()?.[column]);
}
