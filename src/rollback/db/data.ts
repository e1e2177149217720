import { RollbackFailedError } from '../../core/errors.ts';
import type { BlobKeeper, BlobReader } from '../handler.ts';
import type { Database } from './database.ts';
import type { Awaited } from './plan-insert.ts';
import type { DatabaseName } from './sql/binding.ts';
import type { Steps } from './steps.ts';
import { type Cells, cellsIn, columnsOf, placeOf, type StoredRow, type Table } from './table.ts';

/** A table as it was when its rows were captured. */
interface TableData {
  readonly path: readonly [string, string];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly key: readonly string[];
}

/** A row: the number of its table, and its cells, or those of its key. */
type RowData = readonly [table: number, cells: Cells];

/** What a snapshot holds: a JSON value. */
export interface CapturedData {
  readonly version: 1;
  readonly database: DatabaseName;
  readonly tables: readonly TableData[];
  /** Rows that were there before the act. Many bytes are kept as a content of their own. */
  readonly before: readonly RowData[] | { readonly blob: string };
  /** Keys of rows that the act added. */
  readonly added: readonly RowData[];
  /** Until the act is done: how to find what it added, and a mark to count its changes from. */
  readonly pending: {
    readonly awaited: Awaited | null;
    readonly mark: unknown;
    readonly frame: string;
  } | null;
}

/** The rows of a snapshot in tables as they are now. */
export interface CapturedRows {
  readonly before: readonly StoredRow[];
  /** Rows that the act added: all cells but those of the key are NULL. */
  readonly added: readonly StoredRow[];
}

/** Larger ones are kept as a content. */
const INLINE_CHARACTERS = 32_768;

/** Puts captured rows into a snapshot's data. `target`: the table that the statement is about. */
export function dataOf(
  db: Database,
  rows: readonly StoredRow[],
  pending: CapturedData['pending'],
  target: Table,
  blobs: BlobKeeper,
): CapturedData {
  const tables = [...new Set([target, ...rows.map(({ table }) => table)])];
  const before = rows.map(({ table, cells }): RowData => [tables.indexOf(table), cells]);
  const text = JSON.stringify(before);
  return {
    version: 1,
    database: db.name,
    tables: tables.map(({ path, columns, key }) => ({
      path,
      columns: columns.map(({ name, type }) => ({ name, type })),
      key,
    })),
    before:
      text.length <= INLINE_CHARACTERS ? before : { blob: blobs.keep(new TextEncoder().encode(text)).hash },
    added: [],
    pending,
  };
}

/** The data of a snapshot. Throws RollbackFailedError for data of another kind. */
export function capturedData(value: unknown, database: DatabaseName): CapturedData {
  const data = value as Partial<CapturedData> | null;
  const isKnown =
    typeof data === 'object' && data !== null && data.version === 1 && Array.isArray(data.tables);
  if (!isKnown || !Array.isArray(data.added) || data.before === undefined || data.database !== database) {
    throw new RollbackFailedError(
      `The snapshot was not captured by this handler for ${database}, or by another version of it.`,
    );
  }
  return data as CapturedData;
}

/** Describes the tables of a snapshot. Throws RollbackFailedError where one was altered or dropped since. */
export function* tablesOfData(db: Database, data: CapturedData): Steps<readonly Table[]> {
  const tables: Table[] = [];
  for (const captured of data.tables) {
    const table = yield* db.table(captured.path);
    const isSame =
      JSON.stringify(table.key) === JSON.stringify(captured.key) &&
      JSON.stringify(table.columns.map(({ name, type }) => [name, type])) ===
        JSON.stringify(captured.columns.map(({ name, type }) => [name, type]));
    if (!isSame) {
      throw new RollbackFailedError(
        `The table ${captured.path.join('.')} was altered since: its columns or its key are not what they were.`,
      );
    }
    tables.push(table);
  }
  return tables;
}

/** The rows of a snapshot. */
export function rowsOfData(data: CapturedData, tables: readonly Table[], blobs: BlobReader): CapturedRows {
  return {
    before: beforeOf(data, blobs).map(([number, cells]) => ({ table: tableAt(tables, number), cells })),
    added: data.added.map(([number, cells]) => rowOfKey(tableAt(tables, number), cells)),
  };
}

/** The data of an act that is done. `tables`: those of the data, in their order. */
export function withAdded(
  data: CapturedData,
  tables: readonly Table[],
  added: readonly StoredRow[],
): CapturedData {
  return {
    ...data,
    added: added.map((row): RowData => [tables.indexOf(row.table), cellsIn(row, row.table.key)]),
    pending: null,
  };
}

/** Tables as the snapshot itself tells of them, for asking nobody. */
export function tablesAsCaptured(data: CapturedData): readonly Table[] {
  const plain = { sequence: null, isPlain: true, isHidden: false };
  const usual = data.database === 'postgres' ? 'public' : 'main';
  return data.tables.map(({ path, columns, key }) => ({
    ...{ path, key, columns: columns.map((column) => ({ ...column, ...plain })) },
    ...{
      isPlainSchema: path[0] === usual,
      computed: [],
      rowId: null,
      referredBy: [],
      triggers: [],
      estimate: null,
    },
  }));
}

/** A row of which only the key is known. */
function rowOfKey(table: Table, key: Cells): StoredRow {
  columnsOf(table, table.key);
  const places = table.key.map((name) => placeOf(table, name));
  return { table, cells: table.columns.map((_, i) => key[places.indexOf(i)] ?? null) };
}

function beforeOf({ before }: CapturedData, blobs: BlobReader): readonly RowData[] {
  if (!('blob' in before)) return before;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for (const piece of blobs.read(before.blob)) text += decoder.decode(piece, { stream: true });
  return JSON.parse(text + decoder.decode()) as readonly RowData[];
}

function tableAt(tables: readonly Table[], number: number): Table {
  const table = tables[number];
  if (table === undefined)
    throw new RollbackFailedError('The snapshot refers to a table that it does not name.');
  return table;
}
