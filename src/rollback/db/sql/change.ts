import type { Fragment } from './fragment.ts';

/** The table that a statement changes. */
export interface Target {
  /** One or more names, the table's last, without quotes and as the database knows them. */
  readonly name: readonly string[];
  /** The name that the statement gives it; `null` where it has none. */
  readonly alias: string | null;
}

/** A statement that changes or removes rows. */
export interface RowChange {
  readonly kind: 'update' | 'delete';
  readonly target: Target;
  /** `null`: all rows. */
  readonly where: Fragment | null;
  /** What an UPDATE sets; empty for a DELETE. */
  readonly columns: readonly string[];
}

/** One value of a VALUES list. */
export interface InsertValue {
  readonly fragment: Fragment;
  /** A literal or a placeholder stands for itself; anything else has to be computed. */
  readonly kind: 'plain' | 'null' | 'default' | 'computed';
}

/** What becomes of a row whose key is there already. */
export type OnConflict =
  | { readonly kind: 'fail' }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'update'; readonly target: readonly string[]; readonly sets: readonly string[] };

/** A statement that adds rows. */
export interface InsertChange {
  readonly kind: 'insert';
  readonly target: Target;
  /** `null`: all columns, in their order. */
  readonly columns: readonly string[] | null;
  /** `null` where the rows come from a query. Empty lists: DEFAULT VALUES. */
  readonly rows: readonly (readonly InsertValue[])[] | null;
  readonly conflict: OnConflict;
  /** Columns that it returns by their own names, `*` for all; `null` where it returns none or more than columns. */
  readonly returning: readonly string[] | null;
}

/** What a statement does to rows. */
export type Change =
  | RowChange
  | InsertChange
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly why: string };

/** A statement that cannot be undone, and why. */
export function refused(why: string): { readonly kind: 'refused'; readonly why: string } {
  return { kind: 'refused', why };
}
