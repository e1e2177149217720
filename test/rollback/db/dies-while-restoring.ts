import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Snapshot } from '../../../src/core/snapshot.ts';
// The door of the handlers alone: many processes load it.
import { postgresRollback, sqliteRollback } from '../../../src/rollback/db.ts';

// Puts a snapshot back and dies before the statement of the given number, of those that write or end something.
const [, , place = '', snapshotFile = '', last = ''] = process.argv;
const snapshot = JSON.parse(readFileSync(snapshotFile, 'utf8')) as Snapshot;
const blobs = {
  read: () => {
    throw new Error('nothing is kept as a content');
  },
};

let left = Number(last);
function count(sql: string): void {
  const writes = /^(?:INSERT|UPDATE|DELETE|WITH|SAVEPOINT|RELEASE|COMMIT)/.test(sql);
  if (writes && left-- === 0) process.kill(process.pid, 'SIGKILL');
}

if (place.startsWith('postgres:')) {
  const client = new pg.Client({ connectionString: place });
  await client.connect();
  const connection = {
    query: (sql: string, values?: unknown[]) => {
      count(sql);
      return client.query(sql, values);
    },
  };
  await postgresRollback({ connection }).restore(snapshot, { blobs });
  await client.end();
} else {
  const db = new DatabaseSync(place);
  db.exec('PRAGMA foreign_keys = ON');
  const connection = {
    prepare: (sql: string) => {
      count(sql);
      return db.prepare(sql);
    },
    exec: (sql: string) => {
      count(sql);
      return db.exec(sql);
    },
  };
  await sqliteRollback({ connection }).restore(snapshot, { blobs });
  db.close();
}
process.stdout.write('restored');
