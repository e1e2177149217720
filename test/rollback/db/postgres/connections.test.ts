import pg from 'pg';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ConfigValidationError,
  type PostgresConnection,
  postgresRollback,
  type RollbackHandler,
} from '../../../../src/index.ts';
import { type Acted, act, undo } from '../driven.ts';
import { connect, handler, isThere, own, pool, rows, useOptions } from './open.ts';

describe.skipIf(!isThere)('a connection to PostgreSQL', () => {
  describe.each(['pg pool', 'pg client', 'postgres.js', 'postgres.js, one connection'])(
    'through %s',
    (kind) => {
      let end: () => Promise<void>;
      let connection: PostgresConnection;
      let query: (sql: string, params: unknown[]) => PromiseLike<unknown>;

      beforeEach(async () => {
        if (kind.startsWith('pg')) {
          const driver =
            kind === 'pg pool'
              ? new pg.Pool({ connectionString: own.url })
              : new pg.Client({ connectionString: own.url });
          if (driver instanceof pg.Client) await driver.connect();
          connection = driver;
          query = (sql, params) => driver.query(sql, params);
          end = () => driver.end();
        } else {
          const sql = postgres(own.url, { max: 3, onnotice: () => undefined });
          const reserved = kind === 'postgres.js' ? null : await sql.reserve();
          connection = reserved ?? sql;
          query = (text, params) => (reserved ?? sql).unsafe(text, params as never[]);
          end = async () => {
            reserved?.release();
            await sql.end();
          };
        }
        await pool.query(
          "CREATE TABLE t (id serial PRIMARY KEY, a text, at timestamptz DEFAULT '2024-01-01 00:00:00.000001Z', j jsonb DEFAULT '{\"a\": 1}', b bytea DEFAULT '\\x00ff'); INSERT INTO t (a) VALUES ('one'), ('two')",
        );
        useOptions({ connection });
      });

      afterEach(() => end());

      it('captures and puts back', async () => {
        const before = await rows('SELECT * FROM t ORDER BY id');
        const run = (sql: string, params: unknown[] = []): Promise<Acted> =>
          act(handler, { sql, params }, () => query(sql, params));
        const inserted = await run('INSERT INTO t (a) VALUES ($1) RETURNING id', ['x']);
        const updated = await run('UPDATE t SET a = $1, j = NULL WHERE id = $2', ['y', 1]);
        const deleted = await run('DELETE FROM t WHERE a = $1', ['two']);
        expect([inserted, updated, deleted].map(({ lost }) => lost)).toEqual([null, null, null]);
        for (const done of [deleted, updated, inserted]) await undo(handler, done);
        expect(await rows('SELECT * FROM t ORDER BY id')).toEqual(before);
        expect(
          await rows(
            "SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()",
          ),
        ).toEqual([]);
      });

      it('says at once whether it can run acts in a transaction', () => {
        const make = (): RollbackHandler => postgresRollback({ connection, transaction: true });
        if (kind === 'pg pool' || kind === 'postgres.js') expect(make).toThrow(ConfigValidationError);
        else expect(make()).toBeDefined();
      });
    },
  );

  it('refuses to put back within a transaction of the program', async () => {
    await pool.query("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'one')");
    const client = await connect();
    useOptions({ connection: client });
    const sql = "UPDATE t SET a = 'x'";
    const done = await act(handler, { sql }, () => client.query(sql));
    await client.query('BEGIN');
    await expect(undo(handler, done)).rejects.toThrow('open transaction');
    const inside = await act(handler, { sql }, () => client.query(sql));
    expect(inside.lost).toBeNull();
    await client.query('ROLLBACK');
    await undo(handler, done);
    expect(await rows('SELECT a FROM t')).toEqual([{ a: 'one' }]);
    await client.end();
  });

  it('is not what just any object is, and has settings that can be', () => {
    expect(() => postgresRollback({ connection: {} as never })).toThrow(ConfigValidationError);
    expect(() => postgresRollback({ connection: pool, maxRows: 0 })).toThrow('maxRows');
  });
});
