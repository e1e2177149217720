import { IrreversibleError } from '../../../core/errors.ts';
import type { ChangeCount, Done, Frame, Generated, Search } from '../database.ts';
import { ask, type Steps } from '../steps.ts';
import { columnsOf, type StoredRow, type Table } from '../table.ts';
import { findRows, nameOf, quote } from './queries.ts';

/** What the transaction has changed so far, by table: rows added, updated and removed. */
export interface Mark {
  readonly tables: Readonly<
    Record<string, readonly [name: string, added: number, updated: number, removed: number]>
  >;
}

/** Larger tables are not looked through for new rows. */
const SMALL_TABLE = 100_000;
const ROW = 'plyra_row';

/** PostgreSQL counts within a transaction only: `null` outside of one. */
export function* markNow(frame: Frame): Steps<Mark | null> {
  if (frame === 'none') return null;
  const [setting] = yield* ask("SELECT pg_catalog.current_setting('track_counts') AS counts");
  if (setting?.counts !== 'on') return null;
  const rows = yield* ask(
    `SELECT relid::text AS oid, schemaname::text AS schema, relname::text AS name, n_tup_ins::text AS added,
        n_tup_upd::text AS updated, n_tup_del::text AS removed
      FROM pg_catalog.pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0`,
  );
  const tables = rows.map((row) => {
    const name = JSON.stringify([String(row.schema), String(row.name)]);
    return [String(row.oid), [name, Number(row.added), Number(row.updated), Number(row.removed)]] as const;
  });
  return { tables: Object.fromEntries(tables) };
}

/** What the transaction has changed since a mark. */
export function* countSince(mark: Mark | null, tables: readonly Table[]): Steps<ChangeCount> {
  if (mark === null) return { all: null, added: null, doubt: null };
  const now = yield* markNow('own');
  if (now === null)
    return { all: null, added: null, doubt: 'PostgreSQL does not count changes: track_counts is off' };
  const known = new Set(tables.map(({ path }) => JSON.stringify(path)));
  const target = JSON.stringify(tables[0]?.path);
  let all = 0;
  let added = 0;
  let elsewhere: string | null = null;
  for (const [oid, [name, ...counts]] of Object.entries(now.tables)) {
    const [, ...before] = mark.tables[oid] ?? [name, 0, 0, 0];
    const changed = counts.map((count, i) => count - (before[i] ?? 0));
    const sum = changed.reduce((total, count) => total + count, 0);
    if (sum !== 0 && !known.has(name)) elsewhere = name;
    if (name === target) added = changed[0] ?? 0;
    all += sum;
  }
  const doubt =
    elsewhere === null
      ? null
      : `The act changed rows of ${elsewhere} too, which were not captured: a trigger or a function did`;
  return { all, added, doubt };
}

/** How the rows of an INSERT will be found whose keys PostgreSQL gives out. */
export function* wayToFind(
  table: Table,
  returning: readonly string[] | null,
  frame: Frame,
): Steps<Generated> {
  const isReturned =
    returning !== null && (returning.includes('*') || table.key.every((name) => returning.includes(name)));
  const isKeyPlain = columnsOf(table, table.key).every(({ isPlain }) => isPlain);
  if (frame !== 'own') {
    if (isReturned && isKeyPlain) {
      const [row] = yield* ask(
        'SELECT (txid_snapshot_xmin(txid_current_snapshot()) & 4294967295)::text AS horizon',
      );
      return { how: 'returned', horizon: String(row?.horizon) };
    }
    throw new IrreversibleError(
      `The keys of the new rows of ${table.path[1]} are given out by the database: add RETURNING ${table.key.join(', ')} and have the tool return the rows, or use the option \`transaction: true\` of the handler`,
    );
  }
  const [only] = columnsOf(table, table.key);
  const sequence = table.key.length === 1 ? (only?.sequence ?? null) : null;
  if (sequence !== null) {
    const [row] = yield* ask(
      `SELECT pg_catalog.pg_sequence_last_value(s.seqrelid)::text AS last FROM pg_catalog.pg_sequence AS s
        WHERE s.seqrelid = pg_catalog.to_regclass($1::text) AND s.seqincrement > 0 AND s.seqcache = 1 AND NOT s.seqcycle`,
      [sequence],
    );
    if (row !== undefined)
      return { how: 'transaction', sequence, above: row.last === null ? null : String(row.last) };
  }
  if (table.estimate !== null && table.estimate <= SMALL_TABLE)
    return { how: 'transaction', sequence: null, above: null };
  throw new IrreversibleError(
    `The keys of the new rows of ${table.path[1]} come from no sequence, and it has too many rows to look through for them`,
  );
}

/** Rows that the running transaction added: they carry its number, and the count of them must be right. */
export function* addedInTransaction(
  table: Table,
  { above }: Extract<Generated, { readonly how: 'transaction' }>,
  { counted }: Done,
  search: Search,
): Steps<readonly StoredRow[]> {
  if (counted === null) throw new IrreversibleError('The added rows were not counted');
  const [key] = columnsOf(table, table.key);
  const own = `${ROW}.xmin::text = (txid_current() & 4294967295)::text`;
  const beyond = above === null ? '' : ` AND ${ROW}.${quote(key?.name ?? '')} > ($1::text)::${key?.type}`;
  const text = `${nameOf(table)} AS ${ROW} WHERE ${own}${beyond}`;
  const found = yield* findRows(table, ROW, { text, values: above === null ? [] : [above] }, search);
  if (found.count !== counted) {
    throw new IrreversibleError(
      `The act added ${counted} rows to ${table.path[1]}, and ${found.count} can be told from others`,
    );
  }
  return found.count === 0 ? [] : yield* found.rows();
}
