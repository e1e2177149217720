import { beforeEach, describe, expect, it } from 'vitest';
import { IrreversibleError } from '../../../../src/index.ts';
import { act, undo } from '../driven.ts';
import { db, doing, handler, rows, run, useOptions, why } from './open.ts';

describe('what cannot be undone', () => {
  beforeEach(() => {
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, code TEXT UNIQUE ON CONFLICT REPLACE);
      CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
      CREATE TABLE w (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
      CREATE VIEW v AS SELECT * FROM u;
      CREATE TABLE logged (id INTEGER PRIMARY KEY, a TEXT);
      CREATE TRIGGER log AFTER UPDATE ON logged BEGIN INSERT INTO u (a) VALUES ('log'); END;
      INSERT INTO u (a) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) SELECT i FROM n;`);
  });

  it.each<[string, string]>([
    ['DROP TABLE u', 'DROP TABLE is no change of rows'],
    ['UPDATE u SET a = 1; DELETE FROM u', 'several statements'],
    ['REPLACE INTO u VALUES (1, 2, 3)', 'REPLACE'],
    ['INSERT OR REPLACE INTO u VALUES (1, 2, 3)', 'OR REPLACE'],
    ['UPDATE OR REPLACE u SET a = 1', 'OR REPLACE'],
    ['UPDATE u SET a = 1 FROM w WHERE u.a = w.a', 'UPDATE … FROM'],
    ['WITH x AS (SELECT 1) DELETE FROM u', 'WITH'],
    ['DELETE FROM u WHERE id > 3 LIMIT 1', 'LIMIT'],
    ['DELETE FROM u ORDER BY id LIMIT 1', 'LIMIT'],
    ['UPDATE u SET id = id + 100', 'It changes id'],
    ['UPDATE u SET rowid = 4', 'no column rowid'],
    ['UPDATE w SET b = 1', 'It changes b'],
    ['DELETE FROM v', 'no plain table'],
    ['DELETE FROM sqlite_schema', 'plain table|SQLite'],
    ['DELETE FROM missing', 'There is no table missing'],
    ['DELETE FROM u WHERE random() < 0', 'random()'],
    ['DELETE FROM u WHERE id = last_insert_rowid()', 'last_insert_rowid()'],
    ['UPDATE logged SET a = 1', 'trigger log'],
    ['UPDATE t SET a = 1', 'ON CONFLICT REPLACE'],
    ["INSERT INTO w VALUES (lower('A'), 'b')", 'no row ids'],
    ["INSERT INTO u (id, a) VALUES (99, 'x'), (NULL, 'y')", 'keys of some rows'],
    ['INSERT INTO u (id) VALUES (?) ON CONFLICT DO UPDATE SET a = 1', 'values of its placeholders'],
    ['DELETE FROM u WHERE id = ?', 'values of its placeholders'],
    ["DELETE FROM u WHERE a = 'open", 'cannot be read'],
    ['PRAGMA user_version = 3', 'PRAGMA'],
    ['VACUUM', 'VACUUM'],
    ["UPDATE u SET a = 'x' WHERE nope = 1", 'no such column'],
    ['EXPLAIN ANALYZE DELETE FROM u', 'EXPLAIN ANALYZE'],
    ["ATTACH 'x.db' AS x", 'ATTACH'],
    ['UPDATE u SET a = b + returning, id = 5', 'RETURNING stands where a column does'],
  ])('is said before it runs: %s', async (sql, reason) => {
    expect(await why(sql)).toMatch(new RegExp(reason.replace(/[()]/g, '\\$&')));
    await expect(doing(sql)).rejects.toThrow(IrreversibleError);
  });

  it('is too many rows, those counted that foreign keys change', async () => {
    useOptions({ maxRows: 19 });
    expect(await why('DELETE FROM u')).toContain('more than 19 rows');
    expect(await why('DELETE FROM u WHERE id < 20')).toBeNull();
    db.exec(
      'CREATE TABLE child (id INTEGER PRIMARY KEY, u REFERENCES u ON DELETE CASCADE); INSERT INTO child VALUES (1, 1)',
    );
    expect(await why('DELETE FROM u WHERE id < 20')).toContain('more than 19 rows');
  });

  it('is too many bytes', async () => {
    useOptions({ maxBytes: 1_000 });
    db.exec('UPDATE u SET a = zeroblob(2000) WHERE id = 1');
    expect(await why('DELETE FROM u WHERE id = 1')).toContain('more than 1000 bytes');
    expect(await why('DELETE FROM u WHERE id = 2')).toBeNull();
  });

  it('is a row whose key is NULL', async () => {
    db.exec('CREATE TABLE n (id TEXT PRIMARY KEY, a); INSERT INTO n VALUES (NULL, 1)');
    expect(await why('DELETE FROM n')).toContain('NULL in id');
  });

  it.each([
    'SELECT * FROM u',
    'WITH x AS (SELECT 1) SELECT * FROM x',
    '-- nothing',
    'PRAGMA table_info(u)',
    'BEGIN',
    'EXPLAIN DELETE FROM u',
  ])('is not said of what changes no rows: %s', async (sql) => {
    expect(await why(sql)).toBeNull();
    expect((await act(handler, { sql }, () => undefined)).snapshot).toBeNull();
  });

  it('is accepted of triggers where the option says so', async () => {
    useOptions({ triggers: 'accept' });
    db.exec("INSERT INTO logged VALUES (1, 'old')");
    const done = await doing("UPDATE logged SET a = 'new'");
    await undo(handler, done);
    expect(rows('SELECT a FROM logged')).toEqual([{ a: 'old' }]);
    expect(rows("SELECT count(*) AS n FROM u WHERE a = 'log'")).toEqual([{ n: 2 }]);
  });

  it('is put back by nobody where a trigger changes what is written', async () => {
    useOptions({ triggers: 'accept' });
    db.exec(`CREATE TABLE stamped (id INTEGER PRIMARY KEY, a, n DEFAULT 0); INSERT INTO stamped (a) VALUES ('old');
      CREATE TRIGGER stamp AFTER UPDATE OF a ON stamped BEGIN UPDATE stamped SET n = n + 1 WHERE id = NEW.id; END`);
    const done = await doing("UPDATE stamped SET a = 'new'");
    await expect(undo(handler, done)).rejects.toThrow('stamped(id=1) could not be put back as it was');
    expect(rows('SELECT a, n FROM stamped')).toEqual([{ a: 'new', n: 1 }]);
  });

  it('is what the option `statement` does not name', async () => {
    useOptions({ statement: () => ({ sql: 'DELETE FROM u WHERE id = :id', params: { id: 3 } }) });
    const done = await act(handler, { sql: 'by name' }, () => run('DELETE FROM u WHERE id = 3'));
    expect(Object.keys(done.snapshot?.before ?? {})).toEqual(['u(id=3)']);
    useOptions({ statement: () => null });
    expect(await why('DROP TABLE u')).toBeNull();
  });
});
