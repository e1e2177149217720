import { describe, expect, it } from 'vitest';
import { undo } from '../driven.ts';
import { doing, handler, isThere, pool, rows } from './open.ts';

describe.skipIf(!isThere)('a row of PostgreSQL', () => {
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
      CREATE DOMAIN even AS int CHECK (value % 2 = 0);
      CREATE FUNCTION short(pair) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $$x$$'; CREATE CAST (pair AS text) WITH FUNCTION short(pair)`);
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
});
