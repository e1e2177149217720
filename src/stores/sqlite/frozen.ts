import type { Clock } from '../../core/clock.ts';
import type { Freeze } from '../../core/freeze.ts';
import type { SqlDatabase } from '../database.ts';

/** How old news of a freeze may be, in milliseconds. */
const NEWS_MS = 100;

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
    const row = this.#database.prepare('SELECT reason, at, frozen_by FROM freezes').get();
    this.#freeze =
      row === undefined
        ? null
        : Object.freeze({
            reason: String(row.reason),
            at: new Date(Number(row.at)),
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
