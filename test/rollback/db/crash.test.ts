import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postgresRollback, sqliteRollback } from '../../../src/index.ts';
import { ROOT } from '../../architecture/repository.ts';
import { type Acted, act, undo } from './driven.ts';
import { hasPostgres, ownDatabase } from './postgres-server.ts';

const isThere = await hasPostgres();

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plyra-db-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const SCHEMA = `CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT);
  CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a ON DELETE CASCADE);
  CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a ON DELETE SET NULL);
  INSERT INTO a VALUES (1, 'one'), (2, 'two'); INSERT INTO b VALUES (1, 1), (2, 2); INSERT INTO c VALUES (1, 1), (2, 1)`;
const DELETE = { sql: 'DELETE FROM a WHERE id = 1' };
/** More than there are statements that write or end something. */
const MOST = 20;

/** Lets processes die before each statement of a restore in turn. Answers with how many there are. */
async function dieEverywhere(place: string, done: Acted, dump: () => Promise<unknown>): Promise<number> {
  const file = join(folder, 'snapshot.json');
  writeFileSync(file, JSON.stringify(done.snapshot));
  const after = await dump();
  for (let at = 0; at < MOST; at++) {
    const args = ['test/rollback/db/dies-while-restoring.ts', place, file, String(at)];
    const { stdout, signal, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    if (signal !== 'SIGKILL') {
      expect(stderr).toBe('');
      expect(stdout).toBe('restored');
      return at;
    }
    expect(await dump()).toEqual(after);
  }
  throw new Error('the restore has no end');
}

describe('a restore that is killed before any of its writes', () => {
  it('leaves SQLite as the act did, and can be done again', async () => {
    const path = join(folder, 'a.db');
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA foreign_keys = ON; ${SCHEMA}`);
    const dump = async (): Promise<unknown> =>
      ['a', 'b', 'c'].map((table) => db.prepare(`SELECT * FROM ${table}`).all());
    const before = await dump();
    const handler = sqliteRollback({ connection: db });
    const done = await act(handler, DELETE, () => db.exec(DELETE.sql));
    expect(await dieEverywhere(path, done, dump)).toBeGreaterThan(5);
    expect(await dump()).toEqual(before);
    await undo(handler, done);
    db.close();
  });

  it.skipIf(!isThere)('leaves PostgreSQL as the act did, and can be done again', async () => {
    const own = await ownDatabase();
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    await client.query(SCHEMA);
    const dump = async (): Promise<unknown> =>
      (
        await client.query(
          `SELECT a.*, b.id AS b, c.id AS c, c.a AS ca FROM a FULL JOIN b ON b.a = a.id FULL JOIN c ON c.a = a.id ORDER BY 1, 3, 4`,
        )
      ).rows;
    const before = await dump();
    const handler = postgresRollback({ connection: client });
    const done = await act(handler, DELETE, () => client.query(DELETE.sql));
    expect(await dieEverywhere(own.url, done, dump)).toBeGreaterThan(5);
    expect(await dump()).toEqual(before);
    await undo(handler, done);
    await client.end();
    await own.drop();
  });
});
