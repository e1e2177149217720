import fc from 'fast-check';
import { loadModule, parseSync } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SqlParser } from '../../../src/core/sql-parser.ts';
import { readSql, type SqlReading } from '../../../src/policy/spellings/sql.ts';

beforeAll(loadModule);

const texts = ({ statements }: SqlReading): string[] => statements.map(({ text }) => text);

const treeOf =
  (...stmts: unknown[]): SqlParser =>
  () => ({ version: 180004, stmts });
const column = (name: string): object => ({ ColumnRef: { fields: [{ String: { sval: name } }] } });

/** A value that leads back to itself. */
function endless(key: string): object {
  const node: Record<string, unknown> = {};
  node[key] = { args: [node, node], boolop: 'OR_EXPR' };
  return node;
}

/** A value that throws whatever is asked of it. */
const HOSTILE: object = new Proxy(
  {},
  {
    get: () => {
      throw new Error('get');
    },
    ownKeys: () => {
      throw new Error('ownKeys');
    },
  },
);

describe('a parser that does not answer as it should', () => {
  const text = 'DELETE FROM a WHERE b = 1; DROP TABLE é';
  const select = { SelectStmt: { op: 'SETOP_NONE' } };

  it.each<[string, SqlParser]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    [
      'throws nothing',
      () => {
        throw undefined;
      },
    ],
    ['gives nothing', () => undefined],
    ['gives a promise', () => Promise.resolve({ stmts: [{ stmt: select }] })],
    ['gives a promise that rejects', () => Promise.reject(new Error('later'))],
    ['gives a text', () => '{"stmts":[]}'],
    ['gives no statements', treeOf()],
    ['gives a list of statements that is none', () => ({ stmts: { length: 1, 0: { stmt: select } } })],
    ['gives a sparse list', () => ({ stmts: new Array(4_000_000_000) })],
    ['gives a statement that is none', treeOf(5, null)],
    ['gives a statement without a node', treeOf({ stmt: {} })],
    ['gives places that are none', treeOf({ stmt: select, stmt_location: 'x' })],
    ['gives places before the text', treeOf({ stmt: select, stmt_location: -1, stmt_len: 3 })],
    ['gives places that are no numbers', treeOf({ stmt: select, stmt_location: Number.NaN, stmt_len: 3 })],
    ['gives places behind the text', treeOf({ stmt: select, stmt_len: 400 })],
    ['gives places within a letter', treeOf({ stmt: select, stmt_len: 39 })],
    ['gives places that overlap', treeOf({ stmt: select, stmt_len: 9 }, { stmt: select, stmt_location: 4 })],
  ])('is not heard: it %s', (_what, parse) => {
    expect(readSql(text, parse)).toEqual(readSql(text));
  });

  it.each<[string, SqlParser]>([
    ['hostile', () => HOSTILE],
    ['hostile within', treeOf({ stmt: { SelectStmt: { op: 'SETOP_NONE', targetList: HOSTILE } } })],
    ['endless', treeOf({ stmt: endless('SelectStmt') })],
    ['endless in a condition', treeOf({ stmt: { DeleteStmt: { whereClause: endless('BoolExpr') } } })],
    ['endless in a constant', treeOf({ stmt: { DeleteStmt: { whereClause: endless('A_Const') } } })],
    ['endless in its main query', treeOf({ stmt: { ViewStmt: { query: { SelectStmt: endless('larg') } } } })],
    ['a list without end', treeOf({ stmt: { SelectStmt: { targetList: new Array(4_000_000_000) } } })],
  ])('leaves the text unreadable where its tree is %s', (what, parse) => {
    const { statements, unreadable } = readSql(text, parse);
    expect(what === 'hostile' ? unreadable : (unreadable ?? '')).toMatch(/parse tree/);
    expect(statements).toEqual(readSql(text).statements);
  });

  it('never throws, whatever it gives', () => {
    const node = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, 1, 'a', true, column('a')),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'SelectStmt',
            'DeleteStmt',
            'withClause',
            'ctes',
            'RangeVar',
            'relname',
            'whereClause',
            'larg',
            'List',
            'items',
            'DropStmt',
            'objects',
            'BoolExpr',
            'args',
            'query',
          ),
          tie('node'),
          { maxKeys: 3 },
        ),
      ),
    })).node;
    fc.assert(
      fc.property(node, (stmt) => {
        const found = texts(readSql(text, treeOf({ stmt })));
        expect(found).toEqual(expect.arrayContaining(texts(readSql(text))));
      }),
    );
  });

  it('is not asked about a text that it would read in another way, or for long', () => {
    const asked: string[] = [];
    const parse: SqlParser = (sql) => asked.push(sql);
    for (const one of ["SELECT '\ud800'", 'SELECT 1\0', `SELECT ${'1,'.repeat(4_096)}1`]) readSql(one, parse);
    expect(asked).toEqual([]);
  });

  it.each([
    `SELECT ${'1,'.repeat(4_090)}1`,
    `SELECT 1${'+1'.repeat(4_090)}`,
    `DELETE FROM a WHERE ${'(1=2 or '.repeat(900)}b=1${')'.repeat(900)}`,
    `WITH ${Array.from({ length: 350 }, (_, i) => `a${i} AS (TABLE a${i})`).join(',')} SELECT 1`,
    'TABLE a;'.repeat(1_000),
  ])('is not busy for long with %#', (hostile) => {
    readSql(hostile, parseSync);
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      readSql(hostile, parseSync);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(150);
  });
});
