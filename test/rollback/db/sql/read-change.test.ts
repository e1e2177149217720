import fc from 'fast-check';
import { loadModule, parseSync } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GivenValues } from '../../../../src/rollback/db/sql/binding.ts';
import type { Change } from '../../../../src/rollback/db/sql/change.ts';
import { textOf } from '../../../../src/rollback/db/sql/fragment.ts';
import { readChange } from '../../../../src/rollback/db/sql/read-change.ts';

beforeAll(() => loadModule());

/** Conditions that are easily cut in the wrong place. */
const CONDITIONS = [
  'id = $1',
  "a = 'WHERE' AND b <> $2",
  'x IS DISTINCT FROM $1',
  'extract(year FROM d) > $1',
  'id IN (SELECT id FROM u WHERE u.a = $2 ORDER BY 1 LIMIT 1)',
  'a = $q$; DELETE FROM t WHERE $q$',
  "a = E'it\\'s -- no comment'",
  '"returning" = $1',
  'CASE WHEN a THEN b ELSE c END',
  "j ? 'k' AND j @> $1",
  'a[1:2] = $2',
  'NOT EXISTS (SELECT 1 FROM u, LATERAL (SELECT 1) AS s WHERE true)',
  "x::text ~ '^a' OR y BETWEEN $1 AND $2",
  "u&'\\0061' = a",
  'trim(both FROM a) = $1',
  'a -- ) WHERE\n = $1',
  'a /* ; /* nested */ WHERE */ = $2',
  'count(*) FILTER (WHERE a) > 1',
  "a = 'one'\n  'two'",
  'a OPERATOR(pg_catalog.=) $1',
  'ROW(a, b) = ROW($1, $2)',
  '(a).b.c = 1',
  "at < now() - interval '1 day'",
];
const HEADS = [
  'UPDATE t SET a = 5',
  'UPDATE ONLY "s"."T x" AS q SET (a, b) = (1, DEFAULT), c[2] = 3',
  'DELETE FROM t',
  'DELETE FROM s.t * q',
  'UPDATE t SET a = b IS DISTINCT FROM c, d = (SELECT 1 FROM u WHERE true)',
  "update t q set a = $3 || 'SET x WHERE y'",
];
const TAILS = ['', ';', ' RETURNING *', ' RETURNING id, a || b AS c', ' -- the end', ' /* end */ ;'];

function partsOf(sql: string): {
  readonly where: unknown;
  readonly relation: unknown;
  readonly sets: unknown;
} {
  const [first] = (
    parseSync(sql) as unknown as { stmts: { stmt: Record<string, Record<string, unknown>> }[] }
  ).stmts;
  const [statement] = Object.values(first?.stmt ?? {});
  const relation = (statement?.relation ?? (statement?.fromClause as unknown[])?.[0]) as Record<
    string,
    unknown
  >;
  const targets = (statement?.targetList as { ResTarget: { name: string } }[] | undefined) ?? [];
  return {
    where: withoutPlaces(statement?.whereClause),
    relation: [
      relation?.schemaname,
      relation?.relname,
      (relation?.alias as { aliasname?: string })?.aliasname,
    ],
    sets: targets.map(({ ResTarget }) => ResTarget.name),
  };
}

/** A tree without the places in the text, with parameters by the values that they stand for. */
function withoutPlaces(tree: unknown, values: readonly unknown[] = [undefined, 1, 2, 3]): unknown {
  return JSON.parse(
    JSON.stringify(tree ?? null, (key, value: unknown) => {
      if (key === 'location' || key === 'rexpr_list_start' || key.startsWith('list_')) return undefined;
      if (key === 'ParamRef') return { value: values[(value as { number: number }).number] };
      return value;
    }),
  );
}

describe("what is read of PostgreSQL's statements", () => {
  it("is what PostgreSQL's own parser reads: the table, its alias, the columns and the condition", () => {
    const statement = fc.record({
      head: fc.constantFrom(...HEADS),
      conditions: fc.array(fc.constantFrom(...CONDITIONS), { maxLength: 3 }),
      sign: fc.constantFrom(' AND ', '\nOR '),
      tail: fc.constantFrom(...TAILS),
    });
    fc.assert(
      fc.property(statement, ({ head, conditions, sign, tail }) => {
        const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(sign)}`;
        const sql = `${head}${where}${tail}`;
        const expected = partsOf(sql);
        const change = readChange(sql, [1, 2, 3], 'postgres');
        if (change.kind !== 'update' && change.kind !== 'delete')
          throw new Error(`${sql}: ${JSON.stringify(change)}`);
        const [name = '', schema] = change.target.name.toReversed();
        expect([schema, name, change.target.alias ?? undefined]).toEqual(expected.relation);
        if (change.kind === 'update') expect(change.columns).toEqual(expected.sets);
        if (change.where === null) {
          expect(expected.where).toBeNull();
          return;
        }
        const rebuilt = `SELECT 1 FROM t WHERE (${textOf(change.where, (i) => `$${i + 1}`)}\n)`;
        const [first] = (
          parseSync(rebuilt) as { stmts: { stmt: { SelectStmt: { whereClause: unknown } } }[] }
        ).stmts;
        expect(
          withoutPlaces(first?.stmt.SelectStmt.whereClause, [undefined, ...change.where.values]),
        ).toEqual(expected.where);
      }),
    );
  });

  it('refuses what its parser refuses, or more', () => {
    const token = fc.constantFrom(
      'UPDATE',
      'DELETE',
      'FROM',
      't',
      'SET',
      'a',
      '=',
      '1',
      'WHERE',
      '(',
      ')',
      ',',
      ';',
      "'",
      '"',
      '--',
      '/*',
      '*/',
      '$1',
      '$$',
      'RETURNING',
      'AS',
      'ONLY',
      'AND',
      '.',
      '\n',
      'SELECT',
      '*',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), (words) => {
        const sql = `UPDATE t SET a = 1 ${words.join(' ')}`;
        const change = readChange(sql, [1], 'postgres');
        if (change.kind !== 'update') return;
        let tree: { stmts: { stmt: object }[] };
        try {
          tree = parseSync(sql) as unknown as typeof tree;
        } catch {
          // It will not run either.
          return;
        }
        expect(tree.stmts).toHaveLength(1);
        expect(Object.keys(tree.stmts[0]?.stmt ?? {})).toEqual(['UpdateStmt']);
        expect(change.where === null).toBe(partsOf(sql).where === null);
        expect(change.columns).toEqual(partsOf(sql).sets);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the values of placeholders', () => {
  function valuesOf(sql: string, given: GivenValues): unknown {
    const change: Change = readChange(sql, given, 'sqlite');
    return change.kind === 'refused'
      ? change.why
      : change.kind === 'delete'
        ? change.where?.values
        : change.kind;
  }

  it.each<[string, GivenValues, unknown]>([
    ['DELETE FROM t WHERE a = ? AND b = ?', ['x', 'y'], ['x', 'y']],
    ['DELETE FROM t WHERE a = ?2 AND b = ?1 AND c = ?', ['x', 'y', 'z'], ['y', 'x', 'z']],
    ['DELETE FROM t WHERE a = ?3 AND b = ?', ['w', 'x', 'y', 'z'], ['y', 'z']],
    ['DELETE FROM t WHERE a = :a AND b = @b AND c = $c', { ':a': 1, b: 2, $c: 3 }, [1, 2, 3]],
    ['DELETE FROM t WHERE a = :a AND b = :a', { a: 1 }, [1, 1]],
    ['DELETE FROM t WHERE a = \':a\' AND b = "?" -- ?', null, []],
    ['DELETE FROM t WHERE a = ?', [], 'there is no value for ?'],
    ['DELETE FROM t WHERE a = :a', ['x'], ':a is bound by name, and the values have none'],
    ['DELETE FROM t WHERE a = ?', { a: 1 }, '? is bound by position, and the values have names'],
    ['DELETE FROM t WHERE a = :a', { a: 1, ':a': 2 }, 'there is more than one value for :a'],
    ['DELETE FROM t WHERE a = :toString', {}, 'there is no value for :toString'],
    ['DELETE FROM t WHERE a = $a::b(c)', { $a: 1 }, ':: cannot be read'],
    ['DELETE FROM t WHERE a = :ä', { ä: 1 }, ': cannot be read'],
    ['DELETE FROM t WHERE a = ?1x', ['x'], '?1 cannot be read'],
    ['DELETE FROM t WHERE a = 1\0', [], 'it holds control characters'],
    [
      'DELETE FROM t WHERE a = 1 AND b = returning',
      [],
      'RETURNING stands where a column does: write its name in quotes',
    ],
  ])('of %s', (sql, given, expected) => {
    expect(valuesOf(sql, given)).toEqual(expected);
  });
});
