import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { sqliteRollback } from '../../../../src/index.ts';
import { act, irreversible, undo } from '../driven.ts';

/**
 * The driver itself is a native add-on. This is its shape over `node:sqlite`: statements know whether they return rows and
 * refuse the other call, large integers come as numbers unless asked for, and errors carry codes as texts.
 */
class BetterShape {
  readonly db = new DatabaseSync(':memory:');

  exec(sql: string): this {
    this.db.exec(sql);
    return this;
  }

  prepare(sql: string) {
    let statement: StatementSync;
    try {
      statement = this.db.prepare(sql);
    } catch (error) {
      throw Object.assign(new Error((error as Error).message), { code: 'SQLITE_ERROR' });
    }
    const reader = statement.columns().length > 0;
    return {
      reader,
      safeIntegers(enabled: boolean) {
        statement.setReadBigInts(enabled);
        return this;
      },
      all(...values: SQLInputValue[]): unknown[] {
        if (!reader) throw new TypeError('This statement does not return data. Use run() instead');
        return statement.all(...values);
      },
      run(...values: SQLInputValue[]): unknown {
        if (reader)
          throw new TypeError('This statement returns data. Use get(), all(), or iterate() instead');
        return statement.run(...values);
      },
    };
  }
}

it.each([false, true])(
  'a connection of the shape of better-sqlite3 is captured and put back (transaction: %s)',
  async (transaction) => {
    const connection = new BetterShape();
    connection.exec(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (9007199254740993, x'00ff'), (2, 1.5), (3, 'three')",
    );
    const dump = (): unknown =>
      connection.db.prepare("SELECT id || '' AS id, typeof(a) AS type, hex(a) AS a FROM t").all();
    const before = dump();
    const handler = sqliteRollback({ connection, transaction });
    const run = (sql: string, params: SQLInputValue[] = []) =>
      act(handler, { sql, params }, () => connection.db.prepare(sql).run(...params));
    const done = [
      await run('INSERT INTO t (a) VALUES (?)', ['new']),
      await run('UPDATE t SET a = NULL WHERE id > ?', [2]),
      await run('DELETE FROM t'),
    ];
    expect(done.map(({ lost }) => lost)).toEqual([null, null, null]);
    for (const one of done.toReversed()) await undo(handler, one);
    expect(dump()).toEqual(before);
    expect(await irreversible(handler, { sql: 'DELETE FROM t WHERE nope = 1' })).toContain('no such column');
  },
);
