import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteRollback } from '../../../../src/index.ts';
import type { RollbackHandler } from '../../../../src/rollback/handler.ts';
import { act, argumentsOf, contents, intentOf, undo } from '../driven.ts';

let folder: string;
let db: DatabaseSync;
let other: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plyra-db-'));
  db = new DatabaseSync(join(folder, 'a.db'));
  other = new DatabaseSync(join(folder, 'a.db'), { timeout: 0 });
  db.exec(
    "PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'one'), (2, 'two')",
  );
});

afterEach(() => {
  db.close();
  other.close();
  rmSync(folder, { recursive: true });
});

const UPDATE = { sql: "UPDATE t SET a = 'x'" };
const texts = (from = db): unknown[] =>
  from
    .prepare('SELECT a FROM t ORDER BY id')
    .all()
    .map(({ a }) => a);

describe('without a transaction', () => {
  it('says that it cannot be undone when somebody else wrote between capture and act', async () => {
    const handler = sqliteRollback({ connection: db });
    const done = await act(handler, UPDATE, () => {
      other.exec("INSERT INTO t VALUES (3, 'three')");
      db.exec(UPDATE.sql);
    });
    expect(done.lost?.message).toContain('Another connection wrote');
  });

  it('says so too when the tool has a connection of its own', async () => {
    const handler = sqliteRollback({ connection: db });
    const done = await act(handler, UPDATE, () => other.exec(UPDATE.sql));
    expect(done.lost?.message).toContain('must use the connection');
  });

  it('says so when another statement of this connection ran beside it', async () => {
    const handler = sqliteRollback({ connection: db });
    const done = await act(handler, { sql: "UPDATE t SET a = 'x' WHERE id = 1" }, () => db.exec(UPDATE.sql));
    expect(done.lost?.message).toContain('It changed 2 rows, and 1 were captured');
  });
});

describe('with a transaction', () => {
  let handler: RollbackHandler;

  beforeEach(() => {
    handler = sqliteRollback({ connection: db, transaction: true });
  });

  it('keeps others from writing until the act is committed', async () => {
    const done = await act(handler, UPDATE, () => {
      expect(() => other.exec("INSERT INTO t VALUES (3, 'three')")).toThrow('locked');
      expect(texts(other)).toEqual(['one', 'two']);
      db.exec(UPDATE.sql);
    });
    expect(done.lost).toBeNull();
    expect(texts(other)).toEqual(['x', 'x']);
    await undo(handler, done);
    expect(texts(other)).toEqual(['one', 'two']);
  });

  it('leaves nothing of a tool that throws', async () => {
    const failing = act(handler, UPDATE, () => {
      db.exec(UPDATE.sql);
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(texts()).toEqual(['one', 'two']);
    expect(db.isTransaction).toBe(false);
  });

  it('commits a tool whose act cannot be undone after all', async () => {
    const done = await act(handler, { sql: "UPDATE t SET a = 'x' WHERE id = 1" }, () => db.exec(UPDATE.sql));
    expect(done.lost).not.toBeNull();
    expect(texts(other)).toEqual(['x', 'x']);
  });

  it('stands within a transaction of the program, which decides about all of it', async () => {
    db.exec("BEGIN; INSERT INTO t VALUES (3, 'three')");
    const done = await act(handler, UPDATE, () => db.exec(UPDATE.sql));
    const failing = act(handler, { sql: 'DELETE FROM t' }, () => {
      db.exec('DELETE FROM t');
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(db.isTransaction).toBe(true);
    expect(texts()).toEqual(['x', 'x', 'x']);
    await expect(undo(handler, done)).rejects.toThrow('open transaction');
    db.exec('COMMIT');
    await undo(handler, done);
    expect(texts()).toEqual(['one', 'two', 'three']);
  });

  it('is not begun for what changes no rows or cannot be undone', async () => {
    await act(handler, { sql: 'SELECT 1' }, () => expect(db.isTransaction).toBe(false));
    await expect(act(handler, { sql: 'DROP TABLE t' }, () => undefined)).rejects.toThrow('DROP TABLE');
    expect(db.isTransaction).toBe(false);
  });

  it('lets one act run at a time', async () => {
    await act(handler, UPDATE, async () => {
      await expect(act(handler, UPDATE, () => undefined)).rejects.toThrow('run one at a time');
      db.exec(UPDATE.sql);
    });
    expect(db.isTransaction).toBe(false);
  });

  it('is given up where the act does not run in the end', () => {
    const given = { blobs: contents, arguments: argumentsOf(UPDATE) };
    const data = handler.capture(intentOf(UPDATE), given);
    expect(db.isTransaction).toBe(true);
    handler.abandon?.(data);
    expect(db.isTransaction).toBe(false);
    expect(handler.capture(intentOf(UPDATE), given)).toBeDefined();
    handler.abandon?.(null);
  });

  it('that cannot be committed is an error, and nothing is left', async () => {
    db.exec(
      'PRAGMA foreign_keys = ON; CREATE TABLE c (id INTEGER PRIMARY KEY, t REFERENCES t DEFERRABLE INITIALLY DEFERRED)',
    );
    const sql = 'INSERT INTO c VALUES (1, 99)';
    await expect(act(handler, { sql }, () => db.exec(sql))).rejects.toThrow('FOREIGN KEY');
    expect(db.prepare('SELECT * FROM c').all()).toEqual([]);
    expect(db.isTransaction).toBe(false);
  });
});
