/** A value of a row as an exact text in its database's own form; `null` is NULL. */
export type Cell = string | null;
export type Cells = readonly Cell[];

/** A column that holds something of its own. */
export interface Column {
  readonly name: string;
  /** How the database writes its type; empty where it does not matter. */
  readonly type: string;
  /** The sequence that its values come from (PostgreSQL), quoted. */
  readonly sequence: string | null;
  /** False where a text of it means something else in another session: times and dates in PostgreSQL. */
  readonly isPlain: boolean;
  /** True for a row id, which is no column of its own. */
  readonly isHidden: boolean;
}

/** What a foreign key does to rows that refer to a row which goes or changes. */
export type KeyAction = 'none' | 'cascade' | 'set null' | 'set default';

/** A foreign key of another table, or of the table itself. */
export interface ForeignKey {
  /** The table that refers. */
  readonly from: readonly string[];
  /** Its columns, and those that they refer to, in the same order. */
  readonly columns: readonly string[];
  readonly references: readonly string[];
  readonly onDelete: KeyAction;
  readonly onUpdate: KeyAction;
}

/** What changes rows. */
export type Act = 'insert' | 'update' | 'delete';

export interface Trigger {
  readonly name: string;
  readonly acts: readonly Act[];
}

/** A table as its database describes it. */
export interface Table {
  /** Schema and name. */
  readonly path: readonly [schema: string, name: string];
  /** True where the schema is the usual one and need not be said. */
  readonly isPlainSchema: boolean;
  readonly columns: readonly Column[];
  /** Columns that are computed from the others. */
  readonly computed: readonly string[];
  /** What tells its rows apart; a row id of SQLite is among the columns too. */
  readonly key: readonly string[];
  /** The name by which the row id of an SQLite table can be reached; `null` where there is none. */
  readonly rowId: string | null;
  readonly referredBy: readonly ForeignKey[];
  readonly triggers: readonly Trigger[];
  /** How many rows it has, roughly; `null` where nobody knows. */
  readonly estimate: number | null;
}

/** A row, and the table it is in. */
export interface StoredRow {
  readonly table: Table;
  readonly cells: Cells;
}

/** The place of a column; -1 where there is none of that name. */
export function placeOf(table: Table, name: string): number {
  return table.columns.findIndex((column) => column.name === name);
}

/** What a row has in some columns. */
export function cellsIn({ table, cells }: StoredRow, names: readonly string[]): Cells {
  return names.map((name) => cells[placeOf(table, name)] ?? null);
}

/** The columns of some names. Throws where one is missing: names come from the description itself. */
export function columnsOf(table: Table, names: readonly string[]): readonly Column[] {
  return names.map((name) => {
    const column = table.columns[placeOf(table, name)];
    if (column === undefined) throw new Error(`the table ${table.path.join('.')} has no column ${name}`);
    return column;
  });
}
