import { beforeEach, describe, expect, it } from 'vitest';
import { act, undo } from '../driven.ts';
import { doing, handler, isThere, pool, rows, why } from './open.ts';

describe.skipIf(!isThere)('in PostgreSQL', () => {
  describe('in an INSERT', () => {
    beforeEach(async () => {
      await pool.query(`CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text UNIQUE, twice text GENERATED ALWAYS AS (a || a) STORED);
        INSERT INTO t (a) VALUES ('one');
        CREATE TABLE u (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), n int); CREATE TABLE k (x int, y text, n int, PRIMARY KEY (x, y));
        INSERT INTO k VALUES (1, 'a', 1)`);
    });

    it.each<[string, unknown[]]>([
      ['INSERT INTO t (a) VALUES ($1), ($2) RETURNING id', ['x', 'y']],
      ['INSERT INTO u (n) VALUES ($1) RETURNING *', [5]],
      ['INSERT INTO u VALUES ($1, 5)', ['6f1c1f5e-0000-4000-8000-000000000001']],
      ["INSERT INTO u VALUES ('6f1c1f5e-0000-4000-8000-000000000001'::uuid, $1)", [5]],
      ['INSERT INTO k (y, x) VALUES ($1, 1), ($2, -7)', ['b', 'c']],
      [
        'INSERT INTO k VALUES ($1, $2, 9), (2, $2, 9) ON CONFLICT (y, x) DO UPDATE SET n = EXCLUDED.n',
        [1, 'a'],
      ],
      ['INSERT INTO t (id, a) OVERRIDING SYSTEM VALUE VALUES (99, $1)', ['x']],
    ])('has just its rows removed: %s', async (sql, params) => {
      const dump = async (): Promise<unknown[]> =>
        Promise.all(['t', 'u', 'k'].map((table) => rows(`SELECT * FROM ${table} ORDER BY 1, 2`)));
      const before = await dump();
      const done = await doing(sql, params);
      expect(done.lost).toBeNull();
      expect(await dump()).not.toEqual(before);
      await undo(handler, done);
      expect(await dump()).toEqual(before);
    });

    it('is not what puts rows back under other keys: identities and generated columns are as they were', async () => {
      const before = await rows('SELECT * FROM t');
      const done = await doing('DELETE FROM t');
      await undo(handler, done);
      expect(await rows('SELECT * FROM t')).toEqual(before);
    });

    it('whose keys nobody is told is said to be irreversible before it runs', async () => {
      expect(await why("INSERT INTO t (a) VALUES ('x')")).toContain('add RETURNING id');
      expect(await why("INSERT INTO t (a) VALUES ('x') RETURNING a AS id")).toContain('add RETURNING id');
      expect(await why("INSERT INTO k VALUES (1, 'a', 2) ON CONFLICT DO NOTHING")).toContain(
        'transaction: true',
      );
    });

    it('whose tool returns something else is not claimed to be undone', async () => {
      const sql = "INSERT INTO t (a) VALUES ('x') RETURNING id";
      const nothing = await act(handler, { sql }, async () => void (await pool.query(sql)));
      expect(nothing.lost?.message).toContain('did not return the rows');
      const foreign = await act(handler, { sql: sql.replace('x', 'y') }, async () => {
        await pool.query(sql.replace('x', 'y'));
        return [{ id: 1 }];
      });
      expect(foreign.lost?.message).toContain('of which 0 are of rows that are new');
      await expect(undo(handler, foreign)).rejects.toThrow('never noted');
    });

    it('that updates a row which somebody else added meanwhile is not claimed to be undone', async () => {
      const sql = "INSERT INTO k VALUES (5, 'n', 1) ON CONFLICT (x, y) DO UPDATE SET n = 2";
      const done = await act(handler, { sql }, async () => {
        await pool.query("INSERT INTO k VALUES (5, 'n', 7)");
        return pool.query(sql);
      });
      expect(done.lost?.message).toContain('Somebody else added one of the rows');
    });
  });
});
