import { describe, expect, it } from 'vitest';
import { readSql } from '../../../src/policy/spellings/sql.ts';

describe('what cannot be read', () => {
  it.each([
    ['', /no statement/],
    ['-- nothing', /no statement/],
    ['please tidy up the reports', /verb/],
    ["SELECT 'a", /string has no end/],
    ['SELECT "a', /name has no end/],
    ['SELECT 1 /* a', /comment has no end/],
    ['SELECT $$a', /dollar-quoted string has no end/],
    ['SELECT (1', /parentheses/],
    ['SELECT 1)', /parentheses/],
    ['SELECT \0', /NUL/],
    ['DELETE FROM', /middle/],
    ["SELECT '\\'; DROP TABLE a; --'", /different ways/],
    ["SELECT 1 -- \r '\n; DROP TABLE a; -- '", /different ways/],
    ['SELECT 1--1; DROP TABLE a', /different ways/],
    ["SELECT 1 # '\n; DROP TABLE a; -- '", /different ways/],
    ["SELECT [a'] ; DROP TABLE a --']", /different ways/],
    ['SELECT 1 /* /* */ ; DROP TABLE a -- */', /different ways/],
    ["SELECT E'\\'; DROP TABLE a; --'", /different ways/],
    ['\\! rm -rf /', /client/],
    ['.shell rm -rf /', /verb/],
    ["COPY a FROM PROGRAM 'id'", /program/],
    ['EXEC (@sql)', /put together/],
    ["EXEC ('DROP ' + @t)", /put together/],
    ["EXECUTE 'DROP ' || t", /put together/],
    ["EXECUTE format('DROP %I', t)", /put together/],
    ['EXEC sp_executesql @sql', /put together/],
    ['EXECUTE IMMEDIATE @sql', /put together/],
    ['PREPARE s FROM @sql', /put together/],
    ['DO $$ BEGIN EXECUTE cmd; END $$', /put together/],
    ["EXEC ('EXEC (''DROP TABLE a'')')", /string in a string|holds SQL in a string/],
    [`SELECT '${'a'.repeat(65_536)}'`, /64 KB/],
  ])('%j', (text, reason) => {
    expect(readSql(text).unreadable).toMatch(reason);
  });

  it('still gives the statements that could be read', () => {
    expect(readSql("DROP TABLE a; SELECT 'x").statements.map(({ text }) => text)).toEqual(['DROP TABLE a']);
  });

  it.each([
    "SELECT * FROM t WHERE name = 'O\\'Brien'",
    "UPDATE t SET path = 'C:\\dir' WHERE id = 1",
    "INSERT INTO t VALUES (ARRAY['a', 'b'])",
    'SELECT * FROM t --comment',
    'DELETE FROM t WHERE id = 1 --one',
    'SELECT id::int[] FROM t',
    'DROP TABLE #tmp',
    'SELECT 1 -- note\r\n, 2',
    'DELETE FROM t WHERE id = 1 # note',
    "SELECT * FROM t WHERE a LIKE '%\\_%' ESCAPE '\\'",
    'SELECT ARRAY[[1, 2], [3, 4]]',
    'CREATE FUNCTION f() RETURNS int AS $$ BEGIN v := 1; RETURN v; END $$ LANGUAGE plpgsql',
  ])('is not %j', (text) => {
    expect(readSql(text).unreadable).toBe(null);
  });
});
