import { newActionId } from './call/action-id.ts';
import { type Awaitable, isThenable } from './core/awaitable.ts';
import type { Clock } from './core/clock.ts';
import type { Freeze } from './core/freeze.ts';
import type { Redactor } from './core/redact.ts';
import type { Journal } from './journal/journal.ts';
import type { Store } from './stores/store.ts';

/** What freezing stands on. */
export interface FreezerOptions {
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Who freezes: the guard's writer id. */
  readonly by: string;
  readonly redactor: () => Redactor;
}

/** Stops every guard on a store, and lets them go on. */
export class Freezer {
  readonly #options: FreezerOptions;
  /** A freeze that the store has not taken: it holds here all the same. */
  #here: Freeze | null = null;

  constructor(options: FreezerOptions) {
    this.#options = options;
  }

  /** The freeze in force, if any. Throws or rejects when the store cannot tell. */
  frozen(): Awaitable<Freeze | null> {
    return this.#here ?? this.#options.store.frozen();
  }

  /**
   * Refuses every call of every guard on the store from now on. Throws or rejects when that cannot be stored: then this
   * guard alone is frozen.
   */
  freeze(reason: string): Awaitable<void> {
    const { journal, clock, by, redactor } = this.#options;
    const said = redactor().forAction({}).text(reason);
    const freeze = { reason: said, at: new Date(clock.now()), by };
    const body = { event: 'frozen', reason: said, by };
    this.#here = freeze;
    const stored = journal.setFrozen(freeze, `policy:${newActionId()}`, () => body);
    return this.#onceStored(stored);
  }

  /** Lifts a freeze, whoever froze. Throws or rejects when that cannot be stored; the freeze then stays. */
  unfreeze(): Awaitable<void> {
    const { journal, by } = this.#options;
    const body = { event: 'unfrozen', by };
    return this.#onceStored(journal.setFrozen(null, `policy:${newActionId()}`, () => body));
  }

  /** The store tells from then on, so that another process can lift the freeze. */
  #onceStored(stored: Awaitable<void>): Awaitable<void> {
    const done = (): void => {
      this.#here = null;
    };
    return isThenable(stored) ? stored.then(done) : done();
  }
}
