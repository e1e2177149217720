import { setTimeout } from 'node:timers/promises';

/** How often a journal is looked at, in milliseconds. */
const LOOK_MS = 150;
/** Every so many looks there is a thorough one. */
const LOOKS_PER_ROUND = 7;
/** How often in a row it may fail: a database can be locked for a while. */
const MAX_FAILURES = 5;

/** What is shown at first, and what at every later look: `false` where nobody reads it any more. */
export interface Looks {
  readonly first: () => Promise<boolean>;
  /** `undefined` where nothing had to be read. */
  readonly next: (isThorough: boolean) => Promise<boolean | undefined>;
}

/** Looks again and again until it is interrupted or nobody reads it any more. Throws what failed too often in a row. */
export async function lookOn({ first, next }: Looks): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    let goesOn = await first();
    let failures = 0;
    for (let look = 1; goesOn && !stop.signal.aborted; look++) {
      await setTimeout(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) break;
      try {
        const shown = await next(look % LOOKS_PER_ROUND === 0);
        if (shown === undefined) continue;
        goesOn = shown;
        failures = 0;
      } catch (error) {
        failures++;
        if (failures >= MAX_FAILURES) throw error;
      }
    }
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}
