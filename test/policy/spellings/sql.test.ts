import { describe, expect, it } from 'vitest';
import { readSql, type SqlStatement } from '../../../src/policy/spellings/sql.ts';

const all = (text: string): readonly SqlStatement[] => {
  const { statements, unreadable } = readSql(text);
  expect(unreadable).toBe(null);
  return statements;
};
const texts = (text: string): string[] => all(text).map((one) => one.text);

describe('the canonical text of a statement', () => {
  it.each([
    ['drop/**/table users;', 'DROP TABLE users'],
    ['/*!50000 DROP */ TABLE users', 'DROP TABLE users'],
    ['/*M!100100 drop*/ table users', 'DROP TABLE users'],
    ['DROP -- x\n TABLE\t\nusers ; ', 'DROP TABLE users'],
    ['DROP /* a /* b */ c */ TABLE users', 'DROP TABLE users'],
    ['DROP TABLE `users`', 'DROP TABLE users'],
    ['DROP TABLE "users"', 'DROP TABLE users'],
    ['DROP TABLE [users]', 'DROP TABLE users'],
    ['DROP TABLE [dbo] . [My Users]', 'DROP TABLE dbo.[My Users]'],
    ['DROP TABLE "select"', 'DROP TABLE "select"'],
    [
      'select count ( * ),a.b from t where a=1 and b<>-2',
      'SELECT count(*), a.b FROM t WHERE a = 1 AND b <> -2',
    ],
    ['select * from t where a in(1,2)', 'SELECT * FROM t WHERE a IN (1, 2)'],
    ["insert into t(a,b)values(1,'--x')", "INSERT INTO t (a, b) VALUES (1, '--x')"],
    ["select 'it''s  /* no */ comment'", "SELECT 'it''s  /* no */ comment'"],
    ["select e'a\\'b', n'x', x'ff', b'1'", "SELECT e'a\\'b', n'x', x'ff', b'1'"],
    ['select $tag$ a ; b $tag$', 'SELECT $tag$ a ; b $tag$'],
    ["select x::int, a->>'b', c[1], array[1,2]", "SELECT x::int, a ->> 'b', c[1], ARRAY[1, 2]"],
    [
      'select * from t where a=$1 and b=? and c=:n and d=@v and e=%s and f=%(g)s',
      'SELECT * FROM t WHERE a = $1 AND b = ? AND c = :n AND d = @v AND e = %s AND f = %(g)s',
    ],
    ['select name, role, comment from event', 'SELECT name, role, comment FROM event'],
    ['DROP\u00a0TABLE users', 'DROP TABLE users'],
    ['DROP\x01TABLE users', 'DROP TABLE users'],
    ['select 1 /*+ hint */ from t', 'SELECT 1 FROM t'],
  ])('of %j is %j', (text, canonical) => {
    expect(texts(text)).toEqual([canonical]);
  });

  it('is given beside what was written', () => {
    expect(all(' select 1 ;\n\n drop /* x */ table t ; ').map(({ given }) => given)).toEqual([
      'select 1',
      'drop /* x */ table t',
    ]);
  });
});

describe('the kinds, tables and condition of a statement', () => {
  it.each<[string, string[], string[], boolean]>([
    ['SELECT * FROM a, b AS x, c JOIN s.d ON d.id = a.id', ['select'], ['a', 'b', 'c', 's.d'], false],
    ['SELECT * FROM (SELECT 1 FROM a) q WHERE x IN (SELECT y FROM b)', ['select'], ['a', 'b'], true],
    ['SELECT extract(year FROM ts) FROM a WHERE b IS DISTINCT FROM c', ['select'], ['a'], true],
    ['SELECT * FROM generate_series(1, 2), a', ['select'], ['a'], false],
    ['SELECT * FROM a, (SELECT 1 FROM b, c) q, d WHERE e IN (1, f)', ['select'], ['a', 'b', 'c', 'd'], true],
    ['SELECT x, y FROM a LEFT JOIN b ON f(a.i, b.i), c ORDER BY d, e', ['select'], ['a', 'b', 'c'], false],
    ['GRANT ALL ON a, b TO bob, eve', ['grant'], ['a', 'b'], false],
    ['REVOKE ALL ON a FROM bob, eve', ['revoke'], ['a'], false],
    ['SELECT * INTO backup FROM a', ['select into'], ['backup', 'a'], false],
    ["SELECT * FROM a INTO OUTFILE '/x'", ['select into'], ['a'], false],
    ['WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x', ['select', 'delete'], ['a'], false],
    [
      'WITH x AS (SELECT 1 FROM a) DELETE FROM b WHERE id IN (SELECT 1 FROM x)',
      ['delete', 'select'],
      ['a', 'b'],
      true,
    ],
    ['WITH RECURSIVE x(n) AS (SELECT 1), y AS (SELECT 2) SELECT * FROM x, y, z', ['select'], ['z'], false],
    ['WITH x AS (DELETE FROM a) DELETE FROM b WHERE id = 1', ['delete'], ['a', 'b'], false],
    ['DELETE FROM a', ['delete'], ['a'], false],
    ['DELETE FROM a WHERE id = 1', ['delete'], ['a'], true],
    ['DELETE FROM a WHERE 1=1', ['delete'], ['a'], false],
    ['DELETE FROM a WHERE ((true))', ['delete'], ['a'], false],
    ['DELETE FROM a WHERE 1', ['delete'], ['a'], false],
    ["DELETE FROM a WHERE 'x'='x' RETURNING id", ['delete'], ['a'], false],
    ['DELETE FROM a WHERE id = id', ['delete'], ['a'], false],
    ['DELETE FROM a WHERE id = 5 OR 1=1', ['delete'], ['a'], false],
    ['DELETE FROM a WHERE (id = 5 OR x = 2)', ['delete'], ['a'], true],
    ['DELETE FROM event WHERE role = 5', ['delete'], ['event'], true],
    ['UPDATE a SET b = (SELECT 1 FROM c WHERE d = 2)', ['update', 'select'], ['a', 'c'], false],
    ['UPDATE ONLY "s"."a" SET b = 1 WHERE c = 2', ['update'], ['s.a'], true],
    ['EXPLAIN ANALYZE DELETE FROM a', ['explain', 'delete'], ['a'], false],
    ['INSERT INTO a SELECT * FROM b', ['insert', 'select'], ['a', 'b'], false],
    ['INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 1', ['insert'], ['a'], false],
    ['INSERT INTO a VALUES (1) ON DUPLICATE KEY UPDATE b = 1', ['insert'], ['a'], false],
    ['MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN DELETE', ['merge', 'delete'], ['a', 'b'], false],
    ['TRUNCATE TABLE a, b', ['truncate'], ['a', 'b'], false],
    ['TRUNCATE a', ['truncate'], ['a'], false],
    ['DROP TABLE IF EXISTS a, b CASCADE', ['drop table'], ['a', 'b'], false],
    ['DROP MATERIALIZED VIEW v', ['drop view'], [], false],
    ['CREATE UNIQUE INDEX i ON a (b)', ['create index'], ['a'], false],
    ['CREATE TABLE a (b int REFERENCES c (d) ON DELETE CASCADE)', ['create table'], ['a', 'c'], false],
    [
      'CREATE OR REPLACE TEMP VIEW v AS SELECT * FROM a JOIN b ON a.i = b.i',
      ['create view', 'select'],
      ['a', 'b'],
      false,
    ],
    ['ALTER TABLE a DROP COLUMN b', ['alter table'], ['a'], false],
    ['ALTER TABLE a RENAME TO b', ['alter table'], ['a', 'b'], false],
    ['GRANT SELECT, UPDATE ON TABLE a TO bob', ['grant'], ['a'], false],
    ['REVOKE ALL ON a FROM bob', ['revoke'], ['a'], false],
    [
      'CREATE TRIGGER t BEFORE INSERT OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f()',
      ['create trigger'],
      ['a'],
      false,
    ],
    ['COPY a TO STDOUT', ['copy'], ['a'], false],
    ["EXEC xp_cmdshell 'dir'", ['exec'], [], false],
    ['SELECT * FROM a FOR UPDATE', ['select'], ['a'], false],
    ['BEGIN', ['begin'], [], false],
    ['PREPARE p AS DELETE FROM a WHERE b = $1', ['prepare', 'delete'], ['a'], true],
  ])('of %j', (text, kinds, tables, hasWhere) => {
    const statements = all(text);
    expect([...new Set(statements.flatMap((one) => one.kinds))]).toEqual(kinds);
    expect([...new Set(statements.flatMap((one) => one.tables))].sort()).toEqual([...tables].sort());
    expect(statements.at(-1)?.hasWhere).toBe(hasWhere);
    expect(statements[0]?.kind).toBe(kinds[0]);
  });
});

describe('several statements in one text', () => {
  it.each([
    ["SELECT 1; DROP TABLE a -- '", ['SELECT 1', 'DROP TABLE a']],
    ["SELECT ';'; SELECT $$;$$", ["SELECT ';'", 'SELECT $$;$$']],
    ['SELECT * FROM a DROP TABLE a', ['SELECT * FROM a', 'DROP TABLE a']],
    ["SELECT 1 WAITFOR DELAY '0:0:9'", ['SELECT 1', "WAITFOR DELAY '0:0:9'"]],
    ['SELECT 1\nGO\nSELECT 2', ['SELECT 1', 'SELECT 2']],
    ['SET NOCOUNT ON DELETE FROM a', ['SET NOCOUNT ON', 'DELETE FROM a']],
    ['USE x DROP TABLE a', ['USE x', 'DROP TABLE a']],
    ["SELECT 'x' INSERT a VALUES (1)", ["SELECT 'x'", 'INSERT a VALUES (1)']],
    ['SELECT a.* DELETE b', ['SELECT a.*', 'DELETE b']],
    ['IF EXISTS (SELECT 1) DELETE FROM a', ['IF EXISTS (SELECT 1)', 'DELETE FROM a']],
    [
      'CREATE PROCEDURE p AS BEGIN DELETE FROM a; SELECT 1 END',
      ['CREATE PROCEDURE p AS BEGIN', 'DELETE FROM a', 'SELECT 1 END'],
    ],
    ['SELECT 1 /*! ; DROP TABLE a */', ['SELECT 1', 'DROP TABLE a']],
    ['DELETE FROM a /*! WHERE id=1 */', ['DELETE FROM a WHERE id = 1', 'DELETE FROM a']],
    ["EXECUTE IMMEDIATE 'DROP TABLE a'", ["EXECUTE IMMEDIATE 'DROP TABLE a'", 'DROP TABLE a']],
    ["EXEC ('DROP TABLE a')", ["EXEC ('DROP TABLE a')", 'DROP TABLE a']],
    [
      "EXEC sp_executesql @stmt = N'DELETE FROM a'",
      ["EXEC sp_executesql @stmt = N'DELETE FROM a'", 'DELETE FROM a'],
    ],
    ["PREPARE s FROM 'DELETE FROM a'", ["PREPARE s FROM 'DELETE FROM a'", 'DELETE FROM a']],
    [
      'DO $$ BEGIN IF x THEN DROP TABLE a; END IF; END $$',
      ['DO $$ BEGIN IF x THEN DROP TABLE a; END IF; END $$', 'DROP TABLE a'],
    ],
    ["SELECT 1 #>> '{a}' FROM t", ["SELECT 1 #>> '{a}' FROM t", 'SELECT 1']],
  ])('%j holds %j', (text, statements) => {
    expect(texts(text)).toEqual(statements);
  });
});
