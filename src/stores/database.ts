/** A value that a column holds. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** A prepared statement; its values stand for the `?` of its text, in order. */
export interface SqlStatement {
  run(...values: SqlValue[]): { readonly changes: number | bigint };
  /** The first row, or `undefined`. */
  get(...values: SqlValue[]): Record<string, SqlValue> | undefined;
  all(...values: SqlValue[]): Record<string, SqlValue>[];
  iterate(...values: SqlValue[]): IterableIterator<Record<string, SqlValue>>;
}

/** An open SQL database (SQLite's dialect) that answers at once. Every method throws what the database says. */
export interface SqlDatabase {
  /** Cached by its text. */
  prepare(sql: string): SqlStatement;
  /**
   * Runs `fn` in one write transaction (BEGIN IMMEDIATE … COMMIT); everything is undone when it throws. Inside a
   * transaction it joins that one.
   */
  transaction<T>(fn: () => T): T;
}
