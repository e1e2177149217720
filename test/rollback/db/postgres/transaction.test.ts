import pg from 'pg';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ActNotKeptError, postgresRollback, type RollbackHandler } from '../../../../src/index.ts';
import { placeOfConnection } from '../../../../src/rollback/db/postgres/connection.ts';
import { PostgresSession } from '../../../../src/rollback/db/postgres/session.ts';
import { ask } from '../../../../src/rollback/db/steps.ts';
import { type Acted, act, argumentsOf, contents, intentOf, irreversible, undo } from '../driven.ts';
import { hasPostgres, type OwnDatabase, ownDatabase } from '../postgres-server.ts';

const isThere = await hasPostgres();

describe.skipIf(!isThere)('with a transaction on PostgreSQL', () => {
  let own: OwnDatabase;
  let client: pg.Client;
  let other: pg.Client;
  let handler: RollbackHandler;

  beforeAll(async () => {
    own = await ownDatabase();
  });

  afterAll(() => own.drop());

  beforeEach(async () => {
    client = new pg.Client({ connectionString: own.url });
    other = new pg.Client({ connectionString: own.url });
    await client.connect();
    await other.connect();
    await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public;
      CREATE TABLE t (id serial PRIMARY KEY, a text UNIQUE); CREATE TABLE u (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), n int);
      INSERT INTO t (a) VALUES ('one'), ('two'); INSERT INTO u (n) VALUES (1); ANALYZE`);
    handler = postgresRollback({ connection: client, transaction: true });
  });

  afterEach(async () => {
    await client.end();
    await other.end();
  });

  const texts = async (from = other): Promise<unknown[]> =>
    (await from.query('SELECT a FROM t ORDER BY id')).rows.map(({ a }) => a);
  const doing = (sql: string, params: unknown[] = []): Promise<Acted> =>
    act(handler, { sql, params }, () => client.query(sql, params));

  it('commits the act with its capture, and puts it back', async () => {
    const sql = 'UPDATE t SET a = a || $1';
    const done = await act(handler, { sql, params: ['!'] }, async () => {
      await client.query(sql, ['!']);
      expect(await texts()).toEqual(['one', 'two']);
    });
    expect(done.lost).toBeNull();
    expect(await texts()).toEqual(['one!', 'two!']);
    await undo(handler, done);
    expect(await texts()).toEqual(['one', 'two']);
  });

  it('locks the rows that the act will change', async () => {
    const sql = "UPDATE t SET a = 'x' WHERE id = 1";
    await act(handler, { sql }, async () => {
      await other.query("SET lock_timeout = '1ms'");
      await expect(other.query("UPDATE t SET a = 'y' WHERE id = 1")).rejects.toThrow('lock timeout');
      await client.query(sql);
    });
    expect(await texts()).toEqual(['x', 'two']);
  });

  it.each<[string, unknown[]]>([
    ['INSERT INTO t (a) VALUES ($1), ($2)', ['x', 'y']],
    ['INSERT INTO t (a) SELECT a || $1 FROM t', ['!']],
    ['INSERT INTO u (n) VALUES ($1)', [2]],
    ["INSERT INTO t (a) VALUES ('one'), ($1) ON CONFLICT DO NOTHING", ['x']],
    ['INSERT INTO t (id, a) VALUES (1, $1), (77, $1) ON CONFLICT (id) DO NOTHING', ['x']],
    ["INSERT INTO t (a) VALUES ('one'), ($1) ON CONFLICT (a) DO UPDATE SET id = t.id", ['x']],
  ])('finds the rows whose keys the database gave out: %s', async (sql, params) => {
    const dump = async (): Promise<unknown[]> => [
      (await other.query('SELECT * FROM t ORDER BY id')).rows,
      (await other.query('SELECT * FROM u')).rows,
    ];
    const before = await dump();
    await other.query("INSERT INTO t (a) VALUES ('beside')");
    const beside = await dump();
    if (sql.includes('SET id')) {
      expect(await irreversible(handler, { sql, params })).toContain('It changes id');
      return;
    }
    const done = await act(handler, { sql, params }, async () => {
      await other.query("INSERT INTO t (a) VALUES ('meanwhile')");
      await client.query(sql, params);
    });
    expect(done.lost).toBeNull();
    await undo(handler, done);
    await other.query("DELETE FROM t WHERE a = 'meanwhile'");
    expect(await dump()).toEqual(beside);
    expect(before).not.toEqual(beside);
  });

  it('leaves nothing of a tool that throws', async () => {
    const failing = act(handler, { sql: 'DELETE FROM t' }, async () => {
      await client.query('DELETE FROM t');
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await texts(client)).toEqual(['one', 'two']);
    expect((await client.query('SELECT now() = statement_timestamp() AS outside')).rows).toHaveLength(1);
    await expect(client.query('SAVEPOINT x')).rejects.toThrow('transaction block');
  });

  it('says that nothing is left where the tool hid that the database refused it', async () => {
    const failing = act(handler, { sql: 'DELETE FROM t' }, async () => {
      await client.query('DELETE FROM t');
      await client.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(failing).rejects.toThrow(ActNotKeptError);
    expect(await texts(client)).toEqual(['one', 'two']);
  });

  it('says so of a constraint that is checked at the end', async () => {
    await client.query(
      'CREATE TABLE c (id int PRIMARY KEY, t int REFERENCES t DEFERRABLE INITIALLY DEFERRED)',
    );
    await expect(doing('INSERT INTO c VALUES (1, 99)')).rejects.toThrow(ActNotKeptError);
    expect((await other.query('SELECT * FROM c')).rows).toEqual([]);
  });

  it('sees what a function changed beside the statement', async () => {
    await client.query(`CREATE FUNCTION hidden() RETURNS boolean LANGUAGE plpgsql STABLE AS
      $$ BEGIN RETURN true; END $$; CREATE FUNCTION writes() RETURNS text LANGUAGE sql AS $$ UPDATE u SET n = n + 1 RETURNING 'x'::text $$`);
    const done = await doing('UPDATE t SET a = writes() WHERE hidden() AND id = 1');
    expect(done.lost?.message).toContain('changed rows of ["public","u"] too');
    expect(await texts()).toEqual(['x', 'two']);
  });

  it('sees rows that came to match after the capture', async () => {
    const sql = "DELETE FROM t WHERE a LIKE 't%'";
    const done = await act(handler, { sql }, async () => {
      await other.query("INSERT INTO t (a) VALUES ('three')");
      return (await client.query(sql)).command;
    });
    expect(done.lost?.message).toContain('It changed 2 rows, and 1 were captured');
  });

  it('stands within a transaction of the program, which decides about all of it', async () => {
    await client.query("BEGIN; INSERT INTO t (a) VALUES ('three')");
    const done = await doing("UPDATE t SET a = 'x' WHERE id = 1");
    expect(done.lost).toBeNull();
    const failing = act(handler, { sql: 'DELETE FROM t' }, async () => {
      await client.query('DELETE FROM t');
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await irreversible(handler, { sql: "INSERT INTO t (a) VALUES ('y')" })).toContain('RETURNING id');
    await expect(undo(handler, done)).rejects.toThrow('open transaction');
    await client.query('COMMIT');
    expect(await texts()).toEqual(['x', 'two', 'three']);
    await undo(handler, done);
    expect(await texts()).toEqual(['one', 'two', 'three']);
  });

  it('has the act run under the settings of the program', async () => {
    await client.query("SET TimeZone = 'Asia/Tokyo'; SET statement_timeout = 12345");
    await act(handler, { sql: 'DELETE FROM t' }, async () => {
      const { rows } = await client.query(
        "SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS timeout",
      );
      expect(rows).toEqual([{ zone: 'Asia/Tokyo', timeout: '12345ms' }]);
    });
  });

  it('has acts wait for each other', async () => {
    const order: string[] = [];
    const one = (name: string): Promise<Acted> =>
      act(handler, { sql: 'UPDATE t SET a = a || $1', params: [name] }, async () => {
        order.push(`${name} begins`);
        await client.query('UPDATE t SET a = a || $1', [name]);
        order.push(`${name} ends`);
      });
    const [first, second] = await Promise.all([one('1'), one('2')]);
    expect(order).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
    await undo(handler, second);
    await undo(handler, first);
    expect(await texts()).toEqual(['one', 'two']);
  });

  it('has one that is asked for within another give up', async () => {
    const session = new PostgresSession(placeOfConnection(client), 1);
    await session.hold(() => ask('SELECT 1'));
    await expect(session.hold(() => ask('SELECT 1'))).rejects.toThrow('calls run one at a time');
    await session.release(null);
    expect(await session.read(() => ask('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  it('is given up where the act does not run in the end', async () => {
    const call = { sql: 'DELETE FROM t' };
    const data = await handler.capture(intentOf(call), { blobs: contents, arguments: argumentsOf(call) });
    await handler.abandon?.(data);
    await other.query("SET lock_timeout = '1s'; UPDATE t SET a = 'free' WHERE id = 1");
    await handler.abandon?.(null);
  });

  it('works on a reserved connection of postgres.js', async () => {
    const sql = postgres(own.url, { max: 2, onnotice: () => undefined });
    const reserved = await sql.reserve();
    handler = postgresRollback({ connection: reserved, transaction: true });
    const done = await act(
      handler,
      { sql: "INSERT INTO t (a) VALUES ('x')" },
      () => reserved`INSERT INTO t (a) VALUES ('x')`,
    );
    expect(done.lost).toBeNull();
    expect(await texts()).toEqual(['one', 'two', 'x']);
    await undo(handler, done);
    expect(await texts()).toEqual(['one', 'two']);
    reserved.release();
    await sql.end();
  });
});
