import type { Clock } from '../../core/clock.ts';
import type { Freeze } from '../../core/freeze.ts';
import type { SqlDatabase } from '../database.ts';
import { readable } from './journal-row.ts';

/** How old news of a freeze may be, in milliseconds. */
const NEWS_MS = 100;
/** The latest time that a Date can have, in epoch milliseconds. */
const LAST_TIME = 8.64e15;
const FREEZE = `SELECT reason, ${readable('at')} AS at, frozen_by FROM freezes`;

/** The freeze in force, as the store has it. */
export class FreezeState {
  readonly #database: SqlDatabase;
  readonly #clock: Clock;
  #freeze: Freeze | null = null;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(database: SqlDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Reads at most every 100 ms by the clock. Throws what the database says: who does not know must not go on. */
  get(): Freeze | null {
    const now = this.#clock.monotonic();
    if (now - this.#readAt < NEWS_MS && now >= this.#readAt) return this.#freeze;
    const row = this.#database.prepare(FREEZE).get();
    this.#freeze =
      row === undefined
        ? null
        : Object.freeze({
            reason: String(row.reason),
            at: timeOf(Number(row.at)),
            by: String(row.frozen_by),
          });
    this.#readAt = now;
    return this.#freeze;
  }

  /** Call it within the transaction, and {@link FreezeState.forget} after it, however it ended. */
  set(freeze: Freeze | null): void {
    if (freeze === null) {
      this.#database.prepare('DELETE FROM freezes').run();
      return;
    }
    this.#database
      .prepare('INSERT OR REPLACE INTO freezes (id, reason, at, frozen_by) VALUES (1, ?, ?, ?)')
      .run(freeze.reason, freeze.at.getTime(), freeze.by);
  }

  /** Reads again the next time. */
  forget(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
  }
}

/** A time that was edited by hand is the nearest that there is: what is frozen stays so, and can be told. */
function timeOf(milliseconds: number): Date {
  return new Date(Math.max(-LAST_TIME, Math.min(LAST_TIME, milliseconds)));
}
