import type { Clock } from '../../src/core/clock.ts';

/** A clock on which every wait is over at once: what has an answer ready gives it first, everything else is late. */
export const instantClock: Clock = {
  now: () => 1_800_000_000_000,
  monotonic: () => 0,
  setTimer(_ms, fn) {
    const timer = setImmediate(fn);
    return () => clearImmediate(timer);
  },
};

/** A clock that stands still until it is told to move, and fires the timers that it passes. Milliseconds. */
export class ManualClock implements Clock {
  #now = 1_800_000_000_000;
  #timers: readonly { readonly at: number; readonly fn: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  setTimer(ms: number, fn: () => void): () => void {
    const timer = { at: this.#now + ms, fn };
    this.#timers = [...this.#timers, timer];
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Timers that are set. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Lets promises settle that can, then moves on and fires what is due. */
  async advance(ms: number): Promise<void> {
    await settled();
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { fn } of due) fn();
    await settled();
  }
}

/** Resolves once everything that is ready to run has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
