import type { Found, Search } from '../database.ts';
import { ask, type Steps } from '../steps.ts';
import type { Cells, Column, StoredRow, Table } from '../table.ts';
import { boundCell, cellOf, type Encoding, readingOf } from './cells.ts';

/** The name that rows are looked for by. */
export const ROW = 'plyra_row';

/** What follows FROM or WHERE, with its values. */
export interface Condition {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A name in quotes. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Schema and name of a table, in quotes. */
export function nameOf({ path }: Table): string {
  return path.map(quote).join('.');
}

/** That columns have these values. */
export function equals(alias: string, columns: readonly Column[], cells: Cells): Condition {
  const bound = cells.map(boundCell);
  const text = columns.map(({ name }, i) => `${alias}.${quote(name)} = ${bound[i]?.expression}`);
  return { text: text.join(' AND '), values: bound.map(({ value }) => value) };
}

/** Rows of a table under an alias, by one query a condition: counted and measured now, read when that is wanted. */
export function* findRows(
  table: Table,
  alias: string,
  conditions: readonly Condition[],
  { limit }: Search,
): Steps<Found> {
  const columns = table.columns.map(({ name }) => `${alias}.${quote(name)}`);
  const size = columns.map((column) => `coalesce(octet_length(${column}), 0)`).join(' + ');
  let count = 0;
  let bytes = 0;
  for (const { text, values } of conditions) {
    const sizes = `SELECT ${size} AS size FROM ${text} LIMIT ${limit + 1}`;
    const [row] = yield* ask(`SELECT count(*) AS n, sum(size) AS bytes FROM (${sizes})`, values);
    count += Number(row?.n);
    bytes += Number(row?.bytes ?? 0);
    if (count > limit) break;
  }
  return { count, bytes, rows: () => readRows(table, columns, conditions) };
}

function* readRows(
  table: Table,
  columns: readonly string[],
  conditions: readonly Condition[],
): Steps<StoredRow[]> {
  const encoding = yield* textEncoding();
  const list = columns.map((column, i) => `${readingOf(column)} AS c${i}`).join(', ');
  const rows: StoredRow[] = [];
  for (const { text, values } of conditions) {
    for (const row of yield* ask(`SELECT ${list} FROM ${text}`, values)) {
      rows.push({ table, cells: columns.map((_, i) => cellOf(row[`c${i}`], encoding)) });
    }
  }
  return rows;
}

/** How the database keeps text. */
export function* textEncoding(): Steps<Encoding> {
  const [row] = yield* ask('PRAGMA encoding');
  return String(row?.encoding) as Encoding;
}
