import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../core/clock.ts';
import { isBusy } from './failure.ts';

/** How long SQLite waits for a lock, in milliseconds. Nothing else happens in the process meanwhile. */
export const BUSY_TIMEOUT_MS = 2_000;
/** The same where one has waited in vain just now, or may try again later. */
const SHORT_TIMEOUT_MS = 10;
/** How long one is impatient after having waited in vain, in milliseconds. */
const IMPATIENT_MS = 1_000;

/**
 * How long the statements of a connection wait for locks: two seconds, unless one of them has waited in vain within the
 * last second and nothing was written since. A process that is refused call after call then still does other things.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #timeouts = new WeakMap<DatabaseSync, number>();
  #impatientUntil: number | undefined;
  #isShort = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sets what holds now on a connection that was opened with {@link BUSY_TIMEOUT_MS}. Never throws. */
  applyTo(handle: DatabaseSync): void {
    const timeout = this.#isShort || this.#isImpatient() ? SHORT_TIMEOUT_MS : BUSY_TIMEOUT_MS;
    if ((this.#timeouts.get(handle) ?? BUSY_TIMEOUT_MS) === timeout) return;
    try {
      handle.exec(`PRAGMA busy_timeout = ${timeout}`);
      this.#timeouts.set(handle, timeout);
    } catch {
      // The statement that is about to run tells what is wrong with the connection.
    }
  }

  /** Takes note of an error of SQLite's. */
  failed(error: unknown): void {
    if (isBusy(error) && !this.#isShort && !this.#isImpatient()) {
      this.#impatientUntil = this.#clock.monotonic() + IMPATIENT_MS;
    }
  }

  /** Takes note that something was written. */
  wrote(): void {
    this.#impatientUntil = undefined;
  }

  /** What `fn` does waits shortly: whoever calls tries again later. */
  shortly<T>(fn: () => T): T {
    this.#isShort = true;
    try {
      return fn();
    } finally {
      this.#isShort = false;
    }
  }

  #isImpatient(): boolean {
    return this.#impatientUntil !== undefined && this.#clock.monotonic() < this.#impatientUntil;
  }
}
