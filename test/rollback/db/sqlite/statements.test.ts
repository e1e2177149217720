import { beforeEach, describe, expect, it } from 'vitest';
import { undo } from '../driven.ts';
import { db, doing, handler, type Params, rows } from './open.ts';

describe('an UPDATE', () => {
  beforeEach(() => {
    db.exec(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n); INSERT INTO t VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 3)",
    );
  });

  it('is undone in the rows that its WHERE finds with the same values', async () => {
    const before = rows('SELECT * FROM t');
    const done = await doing('UPDATE t SET a = ?, n = n + ? WHERE id = ? OR a = ?', ['x', 10, 2, 'three']);
    expect(done.snapshot?.before).toEqual({
      't(id=2)': "id = 2, a = 'two', n = 2",
      't(id=3)': "id = 3, a = 'three', n = 3",
    });
    expect(done.snapshot?.after).toEqual({
      't(id=2)': "id = 2, a = 'x', n = 12.0",
      't(id=3)': "id = 3, a = 'x', n = 13.0",
    });
    await undo(handler, done);
    expect(rows('SELECT * FROM t')).toEqual(before);
  });

  it.each<[string, Params]>([
    ['UPDATE t SET a = ?2 WHERE id = ?1', [2, 'x']],
    ['UPDATE t SET a = :a WHERE id = :id', { a: 'x', id: 2 }],
    ['UPDATE t SET a = @a WHERE id = $id', { '@a': 'x', $id: 2 }],
    ['update main.T as q set "a" = ? -- the name\n where q.id = ? /* the key */;', ['x', 2]],
    [
      'UPDATE OR IGNORE t SET (a, n) = (?, 9) WHERE id IN (SELECT id FROM t WHERE id = ?) RETURNING *',
      ['x', 2],
    ],
  ])('may be written as %s', async (sql, params) => {
    const before = rows('SELECT * FROM t');
    const done = await doing(sql, params);
    expect(Object.keys(done.snapshot?.before ?? {})).toEqual([expect.stringMatching(/^t\(id=2\)$/i)]);
    expect(rows('SELECT a FROM t WHERE id = 2')).toEqual([{ a: 'x' }]);
    await undo(handler, done);
    expect(rows('SELECT * FROM t')).toEqual(before);
  });

  it('that moves unique values from row to row is undone in an order that works', async () => {
    db.exec(
      'CREATE TABLE p (id INTEGER PRIMARY KEY, pos INTEGER UNIQUE); INSERT INTO p VALUES (1, 3), (2, 2), (3, 1)',
    );
    const done = await doing('UPDATE p SET pos = pos + 1');
    await undo(handler, done);
    expect(rows('SELECT * FROM p ORDER BY id')).toEqual([
      { id: 1, pos: 3 },
      { id: 2, pos: 2 },
      { id: 3, pos: 1 },
    ]);
  });

  it('that passes rows over is undone in the others', async () => {
    db.exec('CREATE UNIQUE INDEX one_a ON t (a)');
    const before = rows('SELECT * FROM t');
    const done = await doing("UPDATE OR IGNORE t SET a = 'same' WHERE id > 1");
    expect(done.lost).toBeNull();
    await undo(handler, done);
    expect(rows('SELECT * FROM t')).toEqual(before);
  });

  it('that finds no rows has nothing to undo', async () => {
    const done = await doing('UPDATE t SET a = 1 WHERE id = 99');
    expect(done.snapshot?.before).toEqual({});
    await undo(handler, done);
  });

  it('is put back once: a second time leaves the rows alone', async () => {
    const done = await doing('UPDATE t SET a = 1 WHERE id = 1');
    await undo(handler, done);
    db.exec("CREATE TEMP TRIGGER refuse BEFORE UPDATE ON main.t BEGIN SELECT RAISE(ABORT, 'written'); END");
    await undo(handler, done);
  });
});

describe('a DELETE', () => {
  it('is undone with the rows that foreign keys removed or changed after it', async () => {
    db.exec(`PRAGMA foreign_keys = ON;
      CREATE TABLE a (id INTEGER PRIMARY KEY, up INTEGER REFERENCES a ON DELETE CASCADE);
      CREATE TABLE b (id TEXT PRIMARY KEY, a INTEGER REFERENCES a (id) ON DELETE CASCADE) WITHOUT ROWID;
      CREATE TABLE c (id INTEGER PRIMARY KEY, b TEXT DEFAULT 'd' REFERENCES b ON DELETE SET DEFAULT, a INTEGER REFERENCES a ON DELETE SET NULL);
      INSERT INTO a VALUES (1, NULL), (2, 1), (3, 2), (4, NULL);
      INSERT INTO b VALUES ('d', 4), ('x', 3), ('y', 2);
      INSERT INTO c VALUES (1, 'x', 4), (2, 'd', 1), (3, 'y', 3);`);
    const dump = (): unknown[] => ['a', 'b', 'c'].map((table) => rows(`SELECT * FROM ${table} ORDER BY 1`));
    const before = dump();
    const done = await doing('DELETE FROM a WHERE id = 1');
    expect(rows('SELECT id FROM a')).toEqual([{ id: 4 }]);
    expect(Object.keys(done.snapshot?.before ?? {}).sort()).toEqual(
      ['a(id=1)', 'a(id=2)', 'a(id=3)', "b(id='x')", "b(id='y')", 'c(id=1)', 'c(id=2)', 'c(id=3)'].sort(),
    );
    await undo(handler, done);
    expect(dump()).toEqual(before);
  });

  it('puts back rows that refer to each other in a circle', async () => {
    db.exec(`PRAGMA foreign_keys = ON; CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES b ON DELETE CASCADE);
      CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a ON DELETE CASCADE);
      INSERT INTO a VALUES (1, NULL); INSERT INTO b VALUES (2, 1); UPDATE a SET b = 2`);
    const done = await doing('DELETE FROM a');
    expect(rows('SELECT * FROM b')).toEqual([]);
    await undo(handler, done);
    expect(rows('SELECT * FROM a, b')).toEqual([{ id: 2, b: 2, a: 1 }]);
  });

  it('captures rows whose reference differs in case where the collation of the key says that it may', async () => {
    db.exec(`PRAGMA foreign_keys = ON; CREATE TABLE a (id TEXT COLLATE NOCASE PRIMARY KEY);
      CREATE TABLE b (id INTEGER PRIMARY KEY, a TEXT REFERENCES a ON DELETE CASCADE);
      INSERT INTO a VALUES ('Key'); INSERT INTO b VALUES (1, 'kEY')`);
    const done = await doing("DELETE FROM a WHERE id = 'KEY'");
    expect(rows('SELECT * FROM b')).toEqual([]);
    await undo(handler, done);
    expect(rows('SELECT a FROM b')).toEqual([{ a: 'kEY' }]);
  });

  it('puts rows of a table without a key back under their row ids, generated columns left to the database', async () => {
    db.exec(
      "CREATE TABLE t (rowid TEXT, n, double AS (n * 2) STORED); INSERT INTO t VALUES ('r', 21), ('s', 4)",
    );
    const before = rows('SELECT _rowid_ AS id, * FROM t');
    const done = await doing('DELETE FROM t');
    expect(done.lost).toBeNull();
    await undo(handler, done);
    expect(rows('SELECT _rowid_ AS id, * FROM t')).toEqual(before);
  });
});
