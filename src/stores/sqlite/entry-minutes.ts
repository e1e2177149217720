import type { SqlDatabase } from '../database.ts';
import type { EntryRow } from './entry-row.ts';
import { minuteOf } from './minute.ts';

const WIDEN = `INSERT INTO entry_minutes (minute, first_position, last_position) VALUES (?, ?, ?)
  ON CONFLICT (minute) DO UPDATE SET first_position = min(first_position, excluded.first_position),
    last_position = max(last_position, excluded.last_position)`;
const BOUNDS = `SELECT min(first_position) AS first, max(last_position) AS last FROM entry_minutes
  WHERE minute BETWEEN ? AND ?`;

/** Positions between which all entries of some time lie, both inclusive. */
export interface Bounds {
  readonly first: number;
  readonly last: number;
}

/**
 * Where in the log the entries of a minute are. Entries are listed by position and asked for by time; the two nearly
 * agree, so that this is enough to find the ones in question without an index over times and a sort.
 */
export class EntryMinutes {
  readonly #minutes = new Map<number, Bounds>();

  /** Notes where an entry is. */
  note({ at, position }: EntryRow): void {
    const minute = minuteOf(at);
    const { first, last } = this.#minutes.get(minute) ?? { first: position, last: position };
    this.#minutes.set(minute, { first: Math.min(first, position), last: Math.max(last, position) });
  }

  /** Writes what was noted. Call it within the transaction that the entries are written in. */
  write(database: SqlDatabase): void {
    for (const [minute, { first, last }] of this.#minutes) database.prepare(WIDEN).run(minute, first, last);
    this.#minutes.clear();
  }
}

/** Where the entries lie that are between two times (epoch milliseconds); `undefined` where there are none. */
export function boundsOf(database: SqlDatabase, from: number, to: number): Bounds | undefined {
  const row = database.prepare(BOUNDS).get(minuteOf(from), minuteOf(to));
  if (row === undefined || row.first === null) return undefined;
  return { first: Number(row.first), last: Number(row.last) };
}

/** Forgets the minutes of which nothing is left behind a position. */
export function forgetMinutes(database: SqlDatabase, throughPosition: number): void {
  database.prepare('DELETE FROM entry_minutes WHERE last_position <= ?').run(throughPosition);
}
