import { beforeEach, describe, expect, it } from 'vitest';
import { RollbackFailedError } from '../../../../src/index.ts';
import { contents, now, undo } from '../driven.ts';
import { doing, handler, isThere, pool, rows } from './open.ts';

describe.skipIf(!isThere)('a row of PostgreSQL', () => {
  describe('that somebody else changed since', () => {
    beforeEach(async () => {
      await pool.query(`CREATE TABLE t (id int PRIMARY KEY, a text); CREATE TABLE c (id int PRIMARY KEY, t int REFERENCES t ON DELETE CASCADE);
        INSERT INTO t VALUES (1, 'one'), (2, 'two')`);
    });

    it('loses nothing of that, and the rows are named', async () => {
      const done = await doing("UPDATE t SET a = 'x'");
      await pool.query("UPDATE t SET a = 'edited' WHERE id = 2");
      const error = await undo(handler, done).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RollbackFailedError);
      expect((error as Error).message).toContain('t(id=2) is id = 2, a = "edited"');
      expect(await rows('SELECT a FROM t ORDER BY id')).toEqual([{ a: 'x' }, { a: 'edited' }]);
      await handler.restore(done.snapshot as never, { blobs: contents, now: await now(handler, done) });
      expect(await rows('SELECT a FROM t ORDER BY id')).toEqual([{ a: 'one' }, { a: 'two' }]);
    });

    it('keeps an added row that somebody refers to by now', async () => {
      const done = await doing("INSERT INTO t VALUES (7, 'new')");
      await pool.query('INSERT INTO c VALUES (1, 7)');
      await expect(undo(handler, done)).rejects.toThrow('c(id=1) refers to t(id=7)');
      expect(await rows('SELECT * FROM c')).toEqual([{ id: 1, t: 7 }]);
    });

    it('waits for somebody who is changing a row, and then sees what he did', async () => {
      const done = await doing("UPDATE t SET a = 'x'");
      const other = await pool.connect();
      await other.query("BEGIN; UPDATE t SET a = 'late' WHERE id = 1");
      const undoing = undo(handler, done).catch((thrown: unknown) => thrown);
      // Until the restore waits for the row.
      const waiting =
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
      while ((await rows(waiting)).length === 0) await new Promise((resolve) => setImmediate(resolve));
      await other.query('COMMIT');
      other.release();
      expect(await undoing).toBeInstanceOf(RollbackFailedError);
      expect(await rows('SELECT a FROM t ORDER BY id')).toEqual([{ a: 'late' }, { a: 'x' }]);
    });

    it('by undoing it at the same time, is undone once', async () => {
      const done = await doing('DELETE FROM t');
      const both = await Promise.allSettled([undo(handler, done), undo(handler, done)]);
      expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
      expect(await rows('SELECT a FROM t ORDER BY id')).toEqual([{ a: 'one' }, { a: 'two' }]);
    });
  });
});
