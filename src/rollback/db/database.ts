import type { DatabaseName } from './sql/binding.ts';
import type { Target } from './sql/change.ts';
import type { Fragment } from './sql/fragment.ts';
import type { Steps } from './steps.ts';
import type { Cell, Cells, Column, ForeignKey, StoredRow, Table } from './table.ts';

/** Rows that were looked for: how many, up to one more than the limit, and of what size, before they are read. */
export interface Found {
  readonly count: number;
  readonly bytes: number;
  rows(): Steps<readonly StoredRow[]>;
}

/** How rows are looked for. */
export interface Search {
  /** One more than this are found at most. */
  readonly limit: number;
  /** Nobody else may change the rows until the transaction ends. */
  readonly lock: boolean;
}

/** Values of some columns, a list of cells for each row that is looked for. */
export interface Tuples {
  readonly columns: readonly Column[];
  readonly cells: readonly Cells[];
}

/** What was changed since a mark, as the database counts it. */
export interface ChangeCount {
  /** Rows that were changed, in all tables; `null` where it does not count. */
  readonly all: number | null;
  /** Rows that were added to the first of the tables in question; `null` where they are not counted apart. */
  readonly added: number | null;
  /** Why it cannot be told what the act did, or `null`. */
  readonly doubt: string | null;
}

/** In which transaction a capture stands. */
export type Frame =
  /** None: act and capture are two steps. */
  | 'none'
  /** One that the handler has begun. */
  | 'own'
  /** One that was open before. */
  | 'nested';

/** Where the rows of an INSERT will be found once it is done. */
export type Generated =
  /** Row ids that SQLite gives out, above the largest one that was there. */
  | { readonly how: 'rowid'; readonly above: string | null }
  /** Rows of the handler's own transaction, of which the sequence may tell more. */
  | { readonly how: 'transaction'; readonly sequence: string | null; readonly above: string | null }
  /** Rows that the statement returns, none of which is older than the horizon. */
  | { readonly how: 'returned'; readonly horizon: string };

/** What is known of an INSERT once it is done. */
export interface Done {
  /** Rows that it adds unless it passes some over; `null` where that is not known. */
  readonly expected: number | null;
  /** Rows that it added as the database counts them; `null` where it does not. */
  readonly counted: number | null;
  /** What the tool returned. */
  readonly result: unknown;
}

/** What one kind of database can do for a handler. Rows are read and written in cells, exactly. */
export interface Database {
  readonly name: DatabaseName;
  /** A name in quotes. */
  quote(name: string): string;
  /** A cell as a person reads it. */
  literal(cell: Cell): string;
  isSameName(one: string, other: string): boolean;
  /** Describes a table. Throws IrreversibleError for what is no plain table with a key. */
  table(path: readonly string[]): Steps<Table>;
  /** Throws IrreversibleError where an expression may have another value when it is computed again. */
  checkStable(fragment: Fragment): Steps<void>;
  /** Rows of a table that an UPDATE or DELETE will touch. `null`: all. Asked before {@link settle}. */
  match(table: Table, target: Target, where: Fragment | null, search: Search): Steps<Found>;
  /** Makes sure that values are read as the same texts in every session, until {@link unsettle}. */
  settle(): Steps<unknown>;
  unsettle(token: unknown): Steps<void>;
  /** Rows that have the given values in the columns. */
  withValues(table: Table, tuples: Tuples, search: Search): Steps<Found>;
  /** Rows of `child` that refer to the given rows, all of one table, by a foreign key. */
  referring(parents: readonly StoredRow[], key: ForeignKey, child: Table, search: Search): Steps<Found>;
  /** Throws IrreversibleError unless a unique index over just these columns compares them as `=` does. */
  checkUnique(table: Table, columns: readonly string[]): Steps<void>;
  /** The values of expressions as cells, each as a value of its column. */
  cellsOf(columns: readonly Column[], rows: readonly (readonly Fragment[])[]): Steps<readonly Cells[]>;
  /** A mark to count changes from: a JSON value. */
  mark(frame: Frame): Steps<unknown>;
  /** What was changed since. The act was about the first of the tables, and may have changed the others too. */
  changesSince(mark: unknown, tables: readonly Table[]): Steps<ChangeCount>;
  /** How rows will be found whose keys the database gives out. Throws IrreversibleError where they cannot be. */
  generated(table: Table, returning: readonly string[] | null, frame: Frame): Steps<Generated>;
  /** These rows. Throws IrreversibleError where they cannot be told from others. */
  generatedRows(table: Table, generated: Generated, done: Done, search: Search): Steps<readonly StoredRow[]>;
  /** Throws IrreversibleError where one of the rows was there before and the upsert has only changed it. */
  checkAdded(rows: readonly StoredRow[], frame: Frame): Steps<void>;
  /** Has constraints checked when the transaction ends, those that can wait. */
  deferConstraints(): Steps<void>;
  /** Adds rows, of all tables at once, so that they may refer to each other. */
  insert(rows: readonly StoredRow[]): Steps<void>;
  /** Sets columns of the row with the key of `row`. */
  update(row: StoredRow, columns: readonly Column[]): Steps<void>;
  remove(row: StoredRow): Steps<void>;
  /** Whether an error says that another row has a value which must be unique. */
  isNotUnique(error: unknown): boolean;
  /** Whether an error is the statement's own fault. */
  isStatementFault(error: unknown): boolean;
}
