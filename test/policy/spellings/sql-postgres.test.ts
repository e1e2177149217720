import fc from 'fast-check';
import { loadModule, parseSync } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSql, type SqlReading } from '../../../src/policy/spellings/sql.ts';

beforeAll(loadModule);

const texts = ({ statements }: SqlReading): string[] => statements.map(({ text }) => text);

describe('what the tokenizer cannot read and PostgreSQL can', () => {
  it.each([
    ['TABLE a', 'select', ['a']],
    ['ANALYSE a', 'analyse', ['a']],
    ['SELECT a AS from', 'select', []],
    ['SELECT 2 */ 3', 'select', []],
    ["SELECT '\\' AS a; DROP TABLE a; --'", 'select', []],
    ['UPDATE a SET b = b # 4 WHERE c = 1', 'update', ['a']],
    ['SELECT 5 # 3; DELETE FROM a WHERE b = 1', 'select', []],
    ['SELECT 1--1; DROP TABLE a', 'select', []],
    ["SELECT E'a'\n'b\\''; DROP TABLE a; --'", 'select', []],
  ])('%j is readable', (text, kind, tables) => {
    expect(readSql(text).unreadable).not.toBe(null);
    const { statements, unreadable } = readSql(text, parseSync);
    expect(unreadable).toBe(null);
    expect(statements[0]).toMatchObject({ kind, tables });
  });

  it.each([
    ["TABLE b; COPY a FROM PROGRAM 'id'", /program/],
    ["SELECT '\\'; COPY a TO PROGRAM 'sh'; --'", /program/],
    ['DO $$ BEGIN EXECUTE cmd; END $$', /put together/],
    ['TABLE b; DO $$ BEGIN EXECUTE cmd; END $$', /put together/],
    ["EXECUTE format('DROP %I', 'a')", /put together/],
    ["SELECT 2 */ 3; EXECUTE format('DROP %I', 'a')", /put together/],
    ['TABLE b /*! ; EXEC (@sql) */', /put together/],
    ["TABLE b; DO 'BEGIN EXECUTE cmd; END'", /put together/],
    ["TABLE b; CREATE FUNCTION f() RETURNS int AS E'\\x44ROP' LANGUAGE plpgsql", /escapes/],
    ["DO LANGUAGE plpgsql 'BEGIN EXECUTE cmd; END'", /put together/],
    ["DO LANGUAGE plpgsql 'BEGIN x := (1; END'", /string that is run/],
    ["TABLE b; DO $$ BEGIN x := 'a; END $$", /string that is run/],
    ['DO LANGUAGE plpython3u $$ import os $$', /another language/],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'lib', 'f'", /another language/],
    ['SELECT 1 \\gexec', /client/],
    ["SELECT E'a'\n'\\' \\! id'", null],
    ['tidy up the reports', /verb/],
    ['-- nothing', /no statement/],
    ['', /no statement/],
    ['SELECT \0', /NUL/],
    ["SELECT '\ud800", /no end/],
  ])('%j is not, where nobody can tell what it does or PostgreSQL refuses it', (text, reason) => {
    const { unreadable } = readSql(text, parseSync);
    if (reason === null) expect(unreadable).toBe(null);
    else expect(unreadable).toMatch(reason);
  });
});

describe('a statement that PostgreSQL reads', () => {
  it.each<[string, string[], string[], boolean]>([
    ['SELECT * FROM Users, s.b WHERE c = 1', ['select'], ['users', 's.b'], true],
    ['SELECT 1 FROM a UNION SELECT 2 FROM b WHERE c = 1', ['select'], ['a', 'b'], true],
    ['VALUES (1)', ['values'], [], false],
    ['SELECT 1 INTO n UNION SELECT 2 FROM a', ['select into', 'select'], ['n', 'a'], false],
    ['INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 1', ['insert'], ['a'], false],
    ['INSERT INTO a SELECT * FROM b', ['insert', 'select'], ['a', 'b'], false],
    ['WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x', ['select', 'delete'], ['a'], false],
    [
      'WITH x AS (WITH y AS (UPDATE a SET b = 1 WHERE c = 2 RETURNING *) DELETE FROM b WHERE c = 3 RETURNING *) SELECT * FROM x, y',
      ['select', 'delete', 'update'],
      ['a', 'b', 'y'],
      true,
    ],
    ['WITH x AS (DELETE FROM a) DELETE FROM b WHERE id = 1', ['delete'], ['a', 'b'], false],
    ['WITH x AS (TABLE x), y AS (TABLE x) DELETE FROM y USING x', ['delete', 'select'], ['x', 'y'], false],
    ['WITH RECURSIVE x AS (SELECT 1 FROM x, s.x) SELECT 1 FROM x', ['select'], ['s.x'], false],
    [
      'MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)',
      ['merge', 'delete', 'insert'],
      ['a', 'b'],
      false,
    ],
    ['DELETE FROM a', ['delete'], ['a'], false],
    ["DELETE FROM a WHERE b = 1 AND 'x' = 'x'", ['delete'], ['a'], true],
    ['DELETE FROM a WHERE 1 = 1 AND (true OR b = 2)', ['delete'], ['a'], false],
    ['DELETE FROM a WHERE a.b = a.b', ['delete'], ['a'], false],
    ['DELETE FROM a WHERE b = 5 OR 1 = 1', ['delete'], ['a'], false],
    ['DELETE FROM a WHERE CURRENT OF c', ['delete'], ['a'], true],
    ['UPDATE a SET b = (SELECT 1 FROM c WHERE d = 2)', ['update', 'select'], ['a', 'c'], false],
    ['PREPARE p AS DELETE FROM a WHERE b = $1', ['prepare', 'delete'], ['a'], true],
    ['EXPLAIN ANALYZE DELETE FROM a', ['explain', 'delete'], ['a'], false],
    ['CREATE VIEW v AS SELECT 1 FROM a WHERE b = 1', ['create view', 'select'], ['v', 'a'], true],
    ['CREATE MATERIALIZED VIEW v AS SELECT 1 FROM a', ['create view', 'select'], ['v', 'a'], false],
    [
      'CREATE RULE r AS ON INSERT TO a DO INSTEAD DELETE FROM b',
      ['create rule', 'delete'],
      ['a', 'b'],
      false,
    ],
    [
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC DELETE FROM a; SELECT 1; END',
      ['create function', 'delete', 'select'],
      ['a'],
      false,
    ],
    ['CREATE TABLE a (b int REFERENCES c (d))', ['create table'], ['a', 'c'], false],
    ['ALTER TABLE a RENAME TO b', ['alter table'], ['a', 'b'], false],
    ['DROP TABLE IF EXISTS s.a, b CASCADE', ['drop table'], ['s.a', 'b'], false],
    ['DROP TRIGGER t ON s.a', ['drop trigger'], ['s.a'], false],
    ['COMMENT ON COLUMN a.b IS $$x$$', ['comment'], ['a'], false],
    ['TRUNCATE a, b', ['truncate'], ['a', 'b'], false],
    ['GRANT ALL ON a TO bob', ['grant'], ['a'], false],
    ['EXECUTE p (1)', ['exec'], [], false],
  ])('has its kinds, tables and condition: %j', (text, kinds, tables, hasWhere) => {
    const { statements, unreadable } = readSql(text, parseSync);
    expect(unreadable).toBe(null);
    const [first] = statements;
    expect(first?.kind).toBe(kinds[0]);
    expect(first?.kinds.toSorted()).toEqual(kinds.toSorted());
    expect(first?.tables).toEqual(tables);
    expect(first?.hasWhere).toBe(hasWhere);
  });

  it('is found at its place in a text of many alphabets', () => {
    const text = ' select \'é😀ｱ\' ;; /* 語 */ delete from "Ä" -- ß\n where b=\'😀\'; update "T" set a=1 ; ';
    expect(readSql(text, parseSync).statements.map(({ given }) => given)).toEqual([
      "select 'é😀ｱ'",
      'delete from "Ä" -- ß\n where b=\'😀\'',
      'update "T" set a=1',
    ]);
    expect(texts(readSql(text, parseSync))[1]).toBe('DELETE FROM "Ä" WHERE b = \'😀\'');
  });

  it.each([
    "DO LANGUAGE plpgsql 'BEGIN DROP TABLE a; END'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'DROP TAB'\n'LE a'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS U&'\\0044ROP TABLE a'",
  ])('stands beside what it runs from a body, however that is written: %j', (text) => {
    expect(texts(readSql(text, parseSync))).toContain('DROP TABLE a');
  });

  it('stands beside what it runs from a body', () => {
    expect(texts(readSql('TABLE a; DO $$ BEGIN DROP TABLE a; END $$', parseSync))).toEqual([
      'TABLE a',
      'DO $$ BEGIN DROP TABLE a; END $$',
      'DROP TABLE a',
    ]);
  });
});

describe('with a parser a reading is never weaker', () => {
  it.each([
    ['/*!50000 DROP */ TABLE users', 'DROP TABLE users'],
    ['DELETE FROM a /*! WHERE id=1 */', 'DELETE FROM a'],
    ['SELECT 1 /*! ; DROP TABLE a */', 'DROP TABLE a'],
    ['SELECT 1 /*! ; DROP TABLE a; no verb */', 'DROP TABLE a'],
    ["SELECT '\\'; DROP TABLE a; --'", 'DROP TABLE a'],
    ['SELECT 1 -- \r ; DROP TABLE a', 'DROP TABLE a'],
    ["EXECUTE IMMEDIATE 'DROP TABLE a'", 'DROP TABLE a'],
  ])('%j holds %j', (text, hidden) => {
    expect(texts(readSql(text, parseSync))).toContain(hidden);
  });

  it('has every statement of the reading without one, and what that cannot tell', () => {
    const words = fc.constantFrom(
      ...'SELECT;DELETE FROM;DROP TABLE;a;b;WHERE;TABLE;=;1;,;(;);$$;DO;EXECUTE;AS;WITH'.split(';'),
      ...[';', "'", "'\\'", "E'", '--', '/*', '/*!', '*/', '\n', '#', '"', '[', 'é'],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 14 }), (list) => {
        const text = list.join(' ');
        const plain = readSql(text);
        const parsed = readSql(text, parseSync);
        expect(texts(parsed)).toEqual(expect.arrayContaining(texts(plain)));
        if (
          /put together|program|string/.test(plain.unreadable ?? '') &&
          !/no end/.test(plain.unreadable ?? '')
        )
          expect(parsed.unreadable).not.toBe(null);
      }),
      { numRuns: 500 },
    );
  });
});
