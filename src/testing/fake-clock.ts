import type { Clock } from '../core/clock.ts';

interface Timer {
  readonly due: number;
  readonly fn: () => void;
}

/** A clock that stands still until it is told to move. Its methods may be handed over by themselves. Milliseconds. */
export class FakeClock implements Clock {
  #now: number;
  #timers: Timer[] = [];

  /** Default start: 1,000,000. */
  constructor(start: number = 1_000_000) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  readonly monotonic = (): number => this.#now;

  readonly setTimer = (ms: number, fn: () => void): (() => void) => {
    const timer: Timer = { due: this.#now + ms, fn };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Timers that have not fired yet. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves forward, firing the timers that fall due in their order; or back with a negative number, firing none. */
  advance(milliseconds: number): void {
    this.set(this.#now + milliseconds);
  }

  /** Jumps to a time, wherever that lies; like {@link FakeClock.advance} it fires what falls due. */
  set(time: number): void {
    this.#now = time;
    const due = this.#timers.filter((timer) => timer.due <= time).sort((a, b) => a.due - b.due);
    this.#timers = this.#timers.filter((timer) => timer.due > time);
    for (const { fn } of due) fn();
  }
}
