import type { Found, Search } from '../database.ts';
import { ask, type ResultRow, type Steps } from '../steps.ts';
import type { Cells, Column, StoredRow, Table } from '../table.ts';

/** A name in quotes. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Schema and name of a table, in quotes. */
export function nameOf({ path }: Table): string {
  return path.map(quote).join('.');
}

/**
 * The expression that reads a value as the text that its type writes. A cast to text may write less: `char(3)` loses its
 * blanks.
 */
export function readingOf(expression: string): string {
  return `CASE WHEN pg_catalog.num_nulls(${expression}) = 0 THEN pg_catalog.format('%s', ${expression}) END`;
}

/** A list of tuples that is bound as JSON, the first value, as the rows `k` with the columns `k0`, `k1`, … */
export function keysFrom(columns: readonly Column[]): string {
  const list = columns.map(({ type }, i) => `(e->>${i})::${type} AS k${i}`).join(', ');
  return `(SELECT DISTINCT ${list} FROM json_array_elements(($1::text)::json) AS e) AS k`;
}

/** What follows FROM, with its values. */
export interface Source {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Rows of a table under an alias: measured now, read when that is wanted. */
export function* findRows(
  table: Table,
  alias: string,
  source: Source,
  { limit, lock }: Search,
): Steps<Found> {
  const size = `SELECT octet_length((${alias}.*)::text) AS size FROM ${source.text} LIMIT ${limit + 1}`;
  const [measured] = yield* ask(
    `SELECT count(*)::text AS n, sum(size)::text AS bytes FROM (${size}) AS sized`,
    source.values,
  );
  const list = table.columns
    .map(({ name }, i) => `${readingOf(`${alias}.${quote(name)}`)} AS c${i}`)
    .join(', ');
  return {
    count: Number(measured?.n),
    bytes: Number(measured?.bytes ?? 0),
    *rows(): Steps<StoredRow[]> {
      const text = `SELECT ${list} FROM ${source.text}${lock ? ` FOR UPDATE OF ${alias}` : ''}`;
      const answer = yield* ask(text, source.values);
      return rowsOfAnswer(table.columns.length, answer).map((cells) => ({ table, cells }));
    },
  };
}

/** The cells of an answer whose columns are `c0`, `c1`, … */
export function rowsOfAnswer(count: number, answer: readonly ResultRow[]): Cells[] {
  return answer.map((row) =>
    Array.from({ length: count }, (_, i) => {
      const value = row[`c${i}`];
      if (value === null || value === undefined) return null;
      if (typeof value !== 'string') throw new Error('the driver does not hand out text as text');
      return value;
    }),
  );
}
