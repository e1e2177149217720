import type { Clock } from '../../src/core/clock.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';

/** A clock that stands still, and that tells which timers are set on it. */
export class ToldClock implements Clock {
  readonly #clock = new FakeClock();
  readonly #timers: number[] = [];
  #changed: () => void = () => undefined;

  readonly now = this.#clock.now;
  readonly monotonic = this.#clock.monotonic;

  readonly setTimer = (ms: number, fn: () => void): (() => void) => {
    this.#timers.push(ms);
    this.#changed();
    return this.#clock.setTimer(ms, fn);
  };

  get pending(): number {
    return this.#clock.pending;
  }

  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  set(time: number): void {
    this.#clock.set(time);
  }

  /** The length of the next timer that was not told before, and is none of these. Milliseconds. */
  async nextTimer(except: readonly number[] = []): Promise<number> {
    for (;;) {
      const ms = this.#timers.shift();
      if (ms !== undefined && !except.includes(ms)) return ms;
      if (ms !== undefined) continue;
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}
