import { beforeEach, describe, expect, it } from 'vitest';
import { act, undo } from '../driven.ts';
import { connect, doing, handler, isThere, pool, rows, useOptions } from './open.ts';

describe.skipIf(!isThere)('in PostgreSQL, a statement', () => {
  describe('in an UPDATE', () => {
    beforeEach(async () => {
      await pool.query(`CREATE TABLE t (id bigserial PRIMARY KEY, a text, n int DEFAULT 0);
        INSERT INTO t (a, n) VALUES ('one', 1), ('two', 2), ('three', 3)`);
    });

    it('has the rows put back that its WHERE finds with the same values', async () => {
      const before = await rows('SELECT * FROM t ORDER BY id');
      const done = await doing('UPDATE t SET a = $1, n = n + $2 WHERE id = $3 OR a = ANY($4)', [
        'x',
        10,
        2,
        ['three'],
      ]);
      expect(done.snapshot?.before).toEqual({
        't(id=2)': 'id = 2, a = "two", n = 2',
        't(id=3)': 'id = 3, a = "three", n = 3',
      });
      expect(done.snapshot?.after).toMatchObject({ 't(id=2)': 'id = 2, a = "x", n = 12' });
      await undo(handler, done);
      expect(await rows('SELECT * FROM t ORDER BY id')).toEqual(before);
    });

    it.each([
      ['UPDATE ONLY public.t AS q SET a = $1 WHERE q.id = $2 -- the key', ['x', 2]],
      [
        'UPDATE t q SET (a, n) = ($1, DEFAULT) WHERE q.id IN (SELECT id FROM t WHERE id = $2) RETURNING q.*',
        ['x', 2],
      ],
      ['update T set A = $1 /* nested /* comment */ */ where ID IS NOT DISTINCT FROM $2;', ['x', 2]],
      ["UPDATE t SET a = E'x' WHERE id = $1 AND a <> $q$ WHERE $q$", [2]],
    ])('written as %s', async (sql, params) => {
      const before = await rows('SELECT * FROM t ORDER BY id');
      const done = await doing(sql, params);
      expect(done.lost).toBeNull();
      expect(Object.keys(done.snapshot?.before ?? {})).toEqual(['t(id=2)']);
      expect(await rows('SELECT a FROM t WHERE id = 2')).toEqual([{ a: 'x' }]);
      await undo(handler, done);
      expect(await rows('SELECT * FROM t ORDER BY id')).toEqual(before);
    });

    it('has the WHERE read under the settings of the connection, and the values under fixed ones', async () => {
      await pool.query(
        "CREATE TABLE d (id int PRIMARY KEY, at timestamptz); INSERT INTO d VALUES (1, '2024-02-01 00:30+00')",
      );
      const client = await connect();
      await client.query("SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'SQL, DMY'");
      useOptions({ connection: client });
      const sql = "UPDATE d SET at = now() WHERE at = '01/02/2024 09:30:00'";
      const done = await act(handler, { sql }, () => client.query(sql));
      expect(done.snapshot?.before).toEqual({ 'd(id=1)': 'id = 1, at = "2024-02-01 00:30:00+00"' });
      expect((await client.query('SHOW DateStyle')).rows).toEqual([{ DateStyle: 'SQL, DMY' }]);
      useOptions({});
      await undo(handler, done);
      expect(await rows("SELECT at = '2024-02-01 00:30+00' AS same FROM d")).toEqual([{ same: true }]);
      await client.end();
    });

    it('that moves unique values from row to row has them moved back', async () => {
      await pool.query(
        'CREATE TABLE p (id int PRIMARY KEY, pos int UNIQUE); INSERT INTO p VALUES (1, 3), (2, 2), (3, 1)',
      );
      await undo(handler, await doing('UPDATE p SET pos = pos + 1'));
      expect(await rows('SELECT pos FROM p ORDER BY id')).toEqual([{ pos: 3 }, { pos: 2 }, { pos: 1 }]);
      await pool.query(
        'CREATE TABLE s (id int PRIMARY KEY, pos int UNIQUE DEFERRABLE); INSERT INTO s VALUES (1, 1), (2, 2)',
      );
      await undo(handler, await doing('UPDATE s SET pos = 3 - pos'));
      expect(await rows('SELECT pos FROM s ORDER BY id')).toEqual([{ pos: 1 }, { pos: 2 }]);
    });

    it('says that a tool changed other rows than were captured', async () => {
      const sql = 'UPDATE t SET a = NULL WHERE id = 1';
      const done = await act(handler, { sql }, () => pool.query('UPDATE t SET a = NULL'));
      expect(done.lost?.message).toContain('It changed 3 rows, and 1 were captured');
    });
  });

  it('has rows put back that foreign keys removed or changed, in any order and in circles', async () => {
    await pool.query(`CREATE TABLE a (id int PRIMARY KEY, up int REFERENCES a ON DELETE CASCADE, b text);
      CREATE TABLE b (id text PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE);
      ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b ON DELETE CASCADE;
      CREATE TABLE c (id int PRIMARY KEY, b text DEFAULT 'd' REFERENCES b ON DELETE SET DEFAULT, a int REFERENCES a ON DELETE SET NULL);
      INSERT INTO a VALUES (1, NULL, NULL), (2, 1, NULL), (3, 2, NULL), (4, NULL, NULL);
      INSERT INTO b VALUES ('d', 4), ('x', 3), ('y', 2);
      UPDATE a SET b = 'x' WHERE id = 2;
      INSERT INTO c VALUES (1, 'x', 4), (2, 'd', 1), (3, 'y', 3)`);
    const dump = async (): Promise<unknown[]> =>
      Promise.all(['a', 'b', 'c'].map((table) => rows(`SELECT * FROM ${table} ORDER BY 1`)));
    const before = await dump();
    const done = await doing('DELETE FROM a WHERE id = 1');
    expect(done.lost).toBeNull();
    expect(Object.keys(done.snapshot?.before ?? {})).toHaveLength(8);
    await undo(handler, done);
    expect(await dump()).toEqual(before);
  });

  it('has rows put back that a change of a referred column changed', async () => {
    await pool.query(`CREATE TABLE a (id int PRIMARY KEY, code text UNIQUE);
      CREATE TABLE b (id int PRIMARY KEY, code text REFERENCES a (code) ON UPDATE CASCADE);
      INSERT INTO a VALUES (1, 'x'); INSERT INTO b VALUES (1, 'x'), (2, NULL)`);
    const done = await doing("UPDATE a SET code = 'y' WHERE id = 1");
    expect(Object.keys(done.snapshot?.before ?? {})).toEqual(['a(id=1)', 'b(id=1)']);
    await undo(handler, done);
    expect(await rows('SELECT code FROM b ORDER BY id')).toEqual([{ code: 'x' }, { code: null }]);
    const again = await doing("UPDATE a SET code = 'y' WHERE id = 1");
    await pool.query("INSERT INTO b VALUES (3, 'y')");
    await expect(undo(handler, again)).rejects.toThrow('b(id=3) refers to a(id=1)');
  });
});
