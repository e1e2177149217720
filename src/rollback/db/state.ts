import type { ItemStates } from '../../core/snapshot.ts';
import type { CapturedRows } from './data.ts';
import type { Database } from './database.ts';
import { itemOf, textOfRow } from './rows.ts';
import type { Steps } from './steps.ts';
import { cellsIn, columnsOf, type StoredRow, type Table } from './table.ts';

/** What was there before the act. */
export function statesBefore(db: Database, { before }: CapturedRows): ItemStates {
  return statesOfRows(db, before);
}

/** What is there now of all that a snapshot is about. */
export function* statesOf(db: Database, rows: CapturedRows, limit: number): Steps<ItemStates> {
  return statesOfRows(db, yield* rowsNow(db, [...rows.before, ...rows.added], { limit, lock: false }));
}

/** The rows that have the keys of the given ones now. */
export function* rowsNow(
  db: Database,
  rows: readonly StoredRow[],
  search: { readonly limit: number; readonly lock: boolean },
): Steps<readonly StoredRow[]> {
  const now: StoredRow[] = [];
  for (const [table, own] of byTable(rows)) {
    const tuples = { columns: columnsOf(table, table.key), cells: own.map((row) => cellsIn(row, table.key)) };
    const found = yield* db.withValues(table, tuples, { ...search, limit: own.length });
    if (found.count > 0) now.push(...(yield* found.rows()));
  }
  return now;
}

/** Rows by their table, in the order in which the tables come. */
export function byTable(rows: readonly StoredRow[]): Map<Table, StoredRow[]> {
  const tables = new Map<Table, StoredRow[]>();
  for (const row of rows) {
    const own = tables.get(row.table);
    if (own === undefined) tables.set(row.table, [row]);
    else own.push(row);
  }
  return tables;
}

function statesOfRows(db: Database, rows: readonly StoredRow[]): ItemStates {
  return Object.fromEntries(rows.map((row) => [itemOf(db, row), textOfRow(db, row)]));
}
