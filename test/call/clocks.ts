import type { Clock } from '../../src/core/clock.ts';
import type { FakeClock } from '../../src/testing/fake-clock.ts';

/** A clock on which every wait is over at once: what has an answer ready gives it first, everything else is late. */
export const instantClock: Clock = {
  now: () => 1_800_000_000_000,
  monotonic: () => elapsed,
  setTimer(ms, fn) {
    const due = elapsed + ms;
    const timer = setImmediate(() => {
      elapsed = Math.max(elapsed, due);
      fn();
    });
    return () => clearImmediate(timer);
  },
};

let elapsed = 0;

/** Resolves once everything that is ready to run has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets promises settle that can, moves the clock on, and lets settle what that set free. Milliseconds. */
export async function advance(clock: FakeClock, ms: number): Promise<void> {
  await settled();
  clock.advance(ms);
  await settled();
}
