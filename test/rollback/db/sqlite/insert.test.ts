import { beforeEach, describe, expect, it } from 'vitest';
import { IrreversibleError } from '../../../../src/index.ts';
import { act, undo } from '../driven.ts';
import { db, doing, handler, type Params, rows, run } from './open.ts';

describe('an INSERT', () => {
  beforeEach(() => {
    db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE); INSERT INTO t VALUES (5, 'five')");
  });

  it.each<[string, Params, number]>([
    ['INSERT INTO t VALUES (?, ?)', [7, 'x'], 1],
    ['INSERT INTO t (a, id) VALUES (?, -3), (?, 4)', ['x', 'y'], 2],
    ['INSERT INTO t (a) VALUES (?), (?), (?)', ['x', 'y', 'z'], 3],
    ['INSERT INTO t VALUES (NULL, ?)', ['x'], 1],
    ['INSERT INTO t (id, a) VALUES (?, ?)', [null as unknown as string, 'x'], 1],
    ['INSERT INTO t DEFAULT VALUES', [], 1],
    ["INSERT INTO t (a) SELECT a || '!' FROM t", [], 1],
    ['INSERT INTO t (id, a) SELECT 100, ? UNION ALL SELECT 101, ?', ['x', 'y'], 2],
    ["INSERT OR IGNORE INTO t (a) VALUES ('five'), ('six')", [], 1],
    ["INSERT INTO t VALUES (5, 'x'), (6, 'y') ON CONFLICT DO NOTHING", [], 1],
  ])('is undone by removing just its rows: %s', async (sql, params, count) => {
    const done = await doing(sql, params);
    expect(done.lost).toBeNull();
    expect(Object.keys(done.snapshot?.after ?? {})).toHaveLength(count);
    expect(rows('SELECT count(*) AS n FROM t')).toEqual([{ n: 1 + count }]);
    await undo(handler, done);
    expect(rows('SELECT * FROM t')).toEqual([{ id: 5, a: 'five' }]);
  });

  it('whose keys are computed is undone by its row ids', async () => {
    db.exec('CREATE TABLE u (id TEXT PRIMARY KEY DEFAULT (hex(randomblob(8))), n)');
    db.exec("INSERT INTO u VALUES ('kept', 1)");
    await undo(handler, await doing('INSERT INTO u (n) VALUES (2), (3)'));
    await undo(handler, await doing('INSERT INTO u VALUES (hex(randomblob(8)), 4)'));
    expect(rows('SELECT * FROM u')).toEqual([{ id: 'kept', n: 1 }]);
  });

  it('that updates the row which is there is undone to what that was', async () => {
    const sql =
      'INSERT INTO t (a, id) VALUES (?, ?), (?, ?) ON CONFLICT (id) DO UPDATE SET a = excluded.a WHERE true RETURNING id';
    const done = await doing(sql, ['changed', 5, 'new', 6]);
    expect(rows('SELECT * FROM t')).toEqual([
      { id: 5, a: 'changed' },
      { id: 6, a: 'new' },
    ]);
    await undo(handler, done);
    expect(rows('SELECT * FROM t')).toEqual([{ id: 5, a: 'five' }]);
  });

  it('may find the row that it updates by a unique column that is no key', async () => {
    db.exec(
      "CREATE TABLE u (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, n); INSERT INTO u VALUES (1, 'a@b', 1)",
    );
    const sql =
      'INSERT INTO u (mail, n) VALUES (?, 2), (?, 3) ON CONFLICT (mail) DO UPDATE SET n = excluded.n';
    const done = await doing(sql, ['a@b', 'c@d']);
    expect(rows('SELECT mail, n FROM u')).toEqual([
      { mail: 'a@b', n: 2 },
      { mail: 'c@d', n: 3 },
    ]);
    await undo(handler, done);
    expect(rows('SELECT mail, n FROM u')).toEqual([{ mail: 'a@b', n: 1 }]);
  });

  it('of a row whose key is NULL is not claimed to be undone', async () => {
    db.exec('CREATE TABLE n (a TEXT, b INTEGER, PRIMARY KEY (a, b))');
    await expect(doing('INSERT INTO n VALUES (?, 1)', [null as unknown as string])).rejects.toThrow(
      'NULL in a',
    );
    const done = await doing('INSERT INTO n (b) VALUES (1)');
    expect(done.lost?.message).toContain('NULL in a');
  });

  it('of a tool that fails after it is not claimed to be undone', async () => {
    const failing = act(handler, { sql: "INSERT INTO t (a) VALUES ('x')" }, () => {
      run("INSERT INTO t (a) VALUES ('x')");
      throw new Error('afterwards');
    });
    expect((await failing).lost?.message).toContain('The tool failed');
  });

  it('that another connection inserts beside is not claimed to be undone', async () => {
    const sql = "INSERT INTO t (a) VALUES ('x')";
    const done = await act(handler, { sql }, () => {
      run("INSERT INTO t (a) VALUES ('foreign')");
      return run(sql);
    });
    expect(done.lost).toBeInstanceOf(IrreversibleError);
    await expect(undo(handler, done)).rejects.toThrow('never noted');
    expect(rows('SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }]);
  });
});
