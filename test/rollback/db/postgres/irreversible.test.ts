import { beforeEach, describe, expect, it } from 'vitest';
import { connect, doing, isThere, pool, useOptions, why } from './open.ts';

describe.skipIf(!isThere)('PostgreSQL', () => {
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
      useOptions({ maxRows: 19 });
      expect(await why('DELETE FROM u')).toContain('more than 19 rows');
      expect(await why('DELETE FROM u WHERE id < 20')).toBeNull();
      useOptions({ maxBytes: 10 });
      expect(await why('DELETE FROM u')).toContain('more than 10 bytes');
    });

    it('rows that row-level security may hide', async () => {
      await pool.query(`ALTER TABLE u ENABLE ROW LEVEL SECURITY; ALTER TABLE u FORCE ROW LEVEL SECURITY;
        DROP ROLE IF EXISTS plyra_limited; CREATE ROLE plyra_limited; GRANT ALL ON u TO plyra_limited; GRANT ALL ON SCHEMA public TO plyra_limited`);
      const client = await connect();
      await client.query('SET ROLE plyra_limited');
      useOptions({ connection: client });
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
});
