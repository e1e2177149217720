import pg from 'pg';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ConfigValidationError,
  IrreversibleError,
  type PostgresConnection,
  postgresRollback,
  RollbackFailedError,
} from '../../../src/index.ts';
import type { RollbackHandler } from '../../../src/rollback/handler.ts';
import { type Acted, act, contents, irreversible, now, undo } from './driven.ts';
import { hasPostgres, type OwnDatabase, ownDatabase } from './postgres-server.ts';

const isThere = await hasPostgres();

let own: OwnDatabase;
let pool: pg.Pool;
let handler: RollbackHandler;

describe.skipIf(!isThere)('a PostgreSQL database', () => {
  beforeAll(async () => {
    own = await ownDatabase();
    pool = new pg.Pool({ connectionString: own.url, max: 4 });
    // Dropping the database ends connections that are idle.
    pool.on('error', () => undefined);
  });

  afterAll(async () => {
    await pool.end();
    await own.drop();
  });

  beforeEach(async () => {
    await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    handler = postgresRollback({ connection: pool });
  });

  async function rows(sql: string): Promise<unknown[]> {
    return (await pool.query(sql)).rows;
  }

  function doing(sql: string, params: unknown[] = []): Promise<Acted> {
    return act(handler, { sql, params }, () => pool.query(sql, params));
  }

  function why(sql: string, params?: unknown[]): Promise<string | null> {
    return irreversible(handler, { sql, params });
  }

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
      const client = new pg.Client({ connectionString: own.url });
      await client.connect();
      await client.query("SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'SQL, DMY'");
      handler = postgresRollback({ connection: client });
      const sql = "UPDATE d SET at = now() WHERE at = '01/02/2024 09:30:00'";
      const done = await act(handler, { sql }, () => client.query(sql));
      expect(done.snapshot?.before).toEqual({ 'd(id=1)': 'id = 1, at = "2024-02-01 00:30:00+00"' });
      expect((await client.query('SHOW DateStyle')).rows).toEqual([{ DateStyle: 'SQL, DMY' }]);
      handler = postgresRollback({ connection: pool });
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

  describe('cannot have undone', () => {
    beforeEach(async () => {
      await pool.query(`CREATE TABLE t (id int PRIMARY KEY, a text); CREATE TABLE nokey (a int);
        CREATE VIEW v AS SELECT * FROM t; CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (10);
        CREATE TABLE child (more int) INHERITS (t);
        CREATE TABLE u (id int PRIMARY KEY, a text);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE logged (id int PRIMARY KEY); CREATE TRIGGER log BEFORE INSERT OR DELETE ON logged FOR EACH ROW EXECUTE FUNCTION f();
        CREATE TABLE ruled (id int PRIMARY KEY); CREATE RULE r AS ON DELETE TO ruled DO INSTEAD NOTHING;
        CREATE SEQUENCE s; CREATE TABLE moved (id int PRIMARY KEY REFERENCES u ON UPDATE CASCADE);
        INSERT INTO u SELECT i, 'a' FROM generate_series(1, 20) AS i`);
    });

    it.each([
      ['TRUNCATE u', 'TRUNCATE is no change of rows'],
      ['COPY u FROM STDIN', 'COPY'],
      ['DROP TABLE u', 'DROP TABLE'],
      ['SELECT * INTO x FROM u', 'SELECT INTO'],
      ['WITH d AS (DELETE FROM u RETURNING *) SELECT * FROM d', 'WITH'],
      ['MERGE INTO u USING t ON u.id = t.id WHEN MATCHED THEN DELETE', 'MERGE'],
      ['UPDATE u SET a = 1; DELETE FROM u', 'several statements'],
      ['UPDATE u SET a = t.a FROM t WHERE t.id = u.id', 'UPDATE … FROM'],
      ['DELETE FROM u USING t WHERE t.id = u.id', 'DELETE … USING'],
      ['DELETE FROM u WHERE CURRENT OF c', 'CURRENT OF'],
      ['DELETE FROM u WHERE random() < 0.5', 'random()'],
      ["DELETE FROM u WHERE id = nextval('s')", 'nextval()'],
      ['UPDATE u SET id = 1', 'It changes id'],
      ['DELETE FROM nokey', 'no primary key'],
      ['DELETE FROM v', 'no plain table'],
      ['DELETE FROM part', 'no plain table'],
      ['DELETE FROM part1', 'no plain table'],
      ['DELETE FROM t', 'no plain table'],
      ['DELETE FROM logged', 'trigger log'],
      ['DELETE FROM ruled', 'rules'],
      ['DELETE FROM pg_class', "PostgreSQL's own"],
      ['DELETE FROM "U"', 'no table U'],
      ['DELETE FROM u WHERE id = $1', 'values of its placeholders'],
      ['DELETE FROM `u`', 'cannot be read'],
      ["DELETE FROM u WHERE a = 'x' \\gexec", 'client'],
      ["DELETE FROM u WHERE nope = 'x'", 'nope'],
      ['CALL something()', 'CALL'],
      ['EXPLAIN ANALYZE DELETE FROM u', 'EXPLAIN ANALYZE'],
    ])('what is said before it runs: %s', async (sql, reason) => {
      expect(await why(sql)).toMatch(new RegExp(reason.replace(/[()]/g, '\\$&')));
      await expect(doing(sql)).rejects.toThrow(/./);
    });

    it('a placeholder whose type is found out elsewhere', async () => {
      const sql = 'UPDATE u SET a = $1 WHERE a <> $1';
      expect(await why(sql, ['x'])).toContain('$1 is used in its WHERE and elsewhere');
    });

    it('more rows than are allowed', async () => {
      handler = postgresRollback({ connection: pool, maxRows: 19 });
      expect(await why('DELETE FROM u')).toContain('more than 19 rows');
      expect(await why('DELETE FROM u WHERE id < 20')).toBeNull();
      handler = postgresRollback({ connection: pool, maxBytes: 10 });
      expect(await why('DELETE FROM u')).toContain('more than 10 bytes');
    });

    it('rows that row-level security may hide', async () => {
      await pool.query(`ALTER TABLE u ENABLE ROW LEVEL SECURITY; ALTER TABLE u FORCE ROW LEVEL SECURITY;
        DROP ROLE IF EXISTS plyra_limited; CREATE ROLE plyra_limited; GRANT ALL ON u TO plyra_limited; GRANT ALL ON SCHEMA public TO plyra_limited`);
      const client = new pg.Client({ connectionString: own.url });
      await client.connect();
      await client.query('SET ROLE plyra_limited');
      handler = postgresRollback({ connection: client });
      expect(await why('DELETE FROM u')).toContain('row-level security');
      await client.end();
      await pool.query('DROP OWNED BY plyra_limited; DROP ROLE plyra_limited');
    });

    it.each([
      'SELECT * FROM u FOR UPDATE',
      "SELECT nextval('s')",
      'SHOW TimeZone',
      'BEGIN',
      'EXPLAIN DELETE FROM u',
      '',
    ])('nothing where no rows are changed: %s', async (sql) => {
      expect(await why(sql)).toBeNull();
    });
  });

  it('has names with quotes, spaces and SQL in them put back correctly', async () => {
    const table = '"users""; DROP TABLE users; --"';
    const column = '"na""me = 1, \' $1 -- y"';
    await pool.query(`CREATE TABLE users (id int PRIMARY KEY); INSERT INTO users VALUES (1);
      CREATE SCHEMA "odd ""; schema"; CREATE TYPE "odd ""; schema"."my ""type" AS ENUM ('it''s', 'b');
      CREATE TABLE "odd ""; schema".${table} ("the key; --" text PRIMARY KEY, ${column} text, "Ünïcode" int, "select" "odd ""; schema"."my ""type");
      INSERT INTO "odd ""; schema".${table} VALUES ('a'' OR 1=1 --', 'it''s', 1, 'it''s'), ('"b"', '""', 3, 'b')`);
    const name = `"odd ""; schema".${table}`;
    const dump = (): Promise<unknown[]> => rows(`SELECT * FROM ${name} ORDER BY 1`);
    const before = await dump();
    const changed = await doing(`UPDATE ${name} SET ${column} = $1, "select" = 'b'`, ['x']);
    const deleted = await doing(`DELETE FROM ${name} WHERE "the key; --" = $1`, ["a' OR 1=1 --"]);
    const inserted = await doing(`INSERT INTO ${name} VALUES ($1, 'v', 1)`, ["'); DROP TABLE users; --"]);
    for (const done of [inserted, deleted, changed]) await undo(handler, done);
    expect(await dump()).toEqual(before);
    expect(await rows('SELECT * FROM users')).toEqual([{ id: 1 }]);
    await pool.query('DROP SCHEMA "odd ""; schema" CASCADE');
  });

  it('has values of every type come back as they were', async () => {
    await pool.query(`CREATE TYPE mood AS ENUM ('sad', 'so so', 'gla"d'); CREATE TYPE pair AS (a int, b text);
      CREATE DOMAIN even AS int CHECK (value % 2 = 0)`);
    const values: readonly (readonly [type: string, value: string])[] = [
      ['int8', '9223372036854775807'],
      ['numeric', "'12345678901234567890.123456789000'"],
      ['numeric', "'NaN'"],
      ['float8', "'0.1'"],
      ['float8', "'-Infinity'"],
      ['float8', '5e-324'],
      ['float4', '0.1'],
      ['bool', 'false'],
      ['text', "E'a\\n\\t\\\\ ''\"'"],
      ['text', "''"],
      ['text', 'NULL'],
      ['varchar(5)', "'ab   '"],
      ['char(5)', "'ab'"],
      ['bytea', "'\\x00ff5c27'"],
      ['bytea', "''"],
      ['json', '\'{"a":  1, "a": 2}\''],
      ['jsonb', '\'{"n": 1.10}\''],
      ['date', "'infinity'"],
      ['date', "'0044-03-15 BC'"],
      ['timestamp', "'2024-02-29 23:59:59.123456'"],
      ['timestamptz', "'2024-02-29 23:59:59.123456+05:30'"],
      ['timetz', "'04:05:06.789-08'"],
      ['interval', "'1 year -2 days 03:04:05.678'"],
      ['uuid', 'gen_random_uuid()'],
      ['inet', "'10.1.2.3/8'"],
      ['int[]', "'{1,NULL,3}'"],
      ['int[]', "'[2:3]={1,2}'"],
      ['text[]', '\'{"a,b","",NULL,"NULL"}\''],
      ['mood', "'gla\"d'"],
      ['mood[]', '\'{sad,"so so"}\''],
      ['pair', "ROW(NULL, 'x, (y)')"],
      ['pair', 'ROW(NULL, NULL)'],
      ['even', '4'],
      ['int4range', "'[1,5)'"],
      ['tstzrange', "'[2024-01-01 00:00+01,)'"],
      ['money', "'-1234.56'"],
      ['bit(3)', "B'101'"],
      ['xml', "'<a>b</a>'"],
      ['tsvector', "'a:1 b'"],
      ['point', "'(1.5,-2)'"],
      ['"char"', "'x'"],
      ['name', "'n'"],
      ['oid', '4294967295'],
      ['regclass', "'pg_class'"],
    ];
    const columns = values.map(([type], i) => `c${i} ${type}`).join(', ');
    await pool.query(
      `CREATE TABLE t (id int PRIMARY KEY, ${columns}); INSERT INTO t VALUES (1, ${values.map(([, value]) => value).join(', ')}); INSERT INTO t VALUES (2)`,
    );
    const list = values.map((_, i) => `c${i}::text, num_nulls(c${i})`).join(', ');
    const dump = async (): Promise<unknown> =>
      (await pool.query({ text: `SELECT ${list} FROM t ORDER BY id`, rowMode: 'array' })).rows;
    const before = await dump();
    await undo(handler, await doing(`UPDATE t SET ${values.map((_, i) => `c${i} = NULL`).join(', ')}`));
    expect(await dump()).toEqual(before);
    await undo(handler, await doing('DELETE FROM t'));
    expect(await dump()).toEqual(before);
  });

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
        handler = postgresRollback({ connection });
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
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    handler = postgresRollback({ connection: client });
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

  it('is not what a thing is that is no connection', () => {
    expect(() => postgresRollback({ connection: {} as never })).toThrow(ConfigValidationError);
    expect(() => postgresRollback({ connection: pool, maxRows: 0 })).toThrow('maxRows');
    expect(IrreversibleError).toBeDefined();
  });
});
