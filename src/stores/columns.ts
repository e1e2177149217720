import type { SqlValue } from './database.ts';

/** A row of a table: its columns by their names. */
export type Row = Readonly<Record<string, SqlValue>>;

/** The latest time that a Date can have, in epoch milliseconds. */
const LAST_TIME = 8.64e15;

/**
 * A name for a column. Throws for one that a database would not give back as it was: it would be another one's name
 * then.
 */
export function nameColumn(what: string, text: string): string {
  if (typeof text === 'string' && text.isWellFormed() && !text.includes('\0')) return text;
  throw new Error(`The ${what} ${JSON.stringify(text)} is no text that can be kept as it is.`);
}

/** The same where there may be none. */
export function optionalNameColumn(what: string, text: string | null): string | null {
  return text === null ? null : nameColumn(what, text);
}

/** Reads a column that holds a text. Throws where it does not, as all of these do. */
export function textIn(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : unreadable(column);
}

export function optionalTextIn(row: Row, column: string): string | null {
  return row[column] === null ? null : textIn(row, column);
}

/** Reads a text that is one of a few. */
export function wordIn<T extends string>(row: Row, column: string, words: readonly T[]): T {
  return words.find((word) => word === row[column]) ?? unreadable(column);
}

/** Reads a finite number. */
export function numberIn(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' && Number.isFinite(value) ? value : unreadable(column);
}

/** Reads epoch milliseconds. */
export function timeIn(row: Row, column: string): Date {
  const time = numberIn(row, column);
  return Math.abs(time) <= LAST_TIME ? new Date(time) : unreadable(column);
}

export function optionalTimeIn(row: Row, column: string): Date | null {
  return row[column] === null ? null : timeIn(row, column);
}

/** Reads a list from its JSON; `read` throws for a member that is none. */
export function listIn<T>(row: Row, column: string, read: (item: unknown) => T): readonly T[] {
  const list = jsonIn(row, column);
  return Array.isArray(list) ? list.map(read) : unreadable(column);
}

/** Reads a list of texts from its JSON. */
export function textsIn(row: Row, column: string): readonly string[] {
  return listIn(row, column, (item) => (typeof item === 'string' ? item : unreadable(column)));
}

/** Reads JSON of any shape. */
export function jsonIn(row: Row, column: string): unknown {
  try {
    return JSON.parse(textIn(row, column));
  } catch {
    return unreadable(column);
  }
}

/** The error for a column that holds something else than was written. */
export function unreadable(column: string): never {
  throw new Error(`its ${column} cannot be read`);
}

/** A row that can be read again. Throws, naming what it is of, for one that cannot. */
export function readableRow<R extends Row>(what: string, row: R, read: (row: Row) => unknown): R {
  try {
    read(row);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The ${what} cannot be kept: ${why}.`, { cause: error });
  }
  return row;
}
