/** The first pause, and by how much each further one is longer. */
const FIRST_PAUSE_MS = 1_000;
const FACTOR = 4;
/** The longest that a receiver can ask for. */
const MAX_PAUSE_MS = 300_000;

/** Whether the same message may be taken later: time-out, too many requests, a fault of the receiver. */
export function isWorthAnother(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status <= 599);
}

/** What a pause is worked out from. */
export interface PauseOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The receiver's `Retry-After`: seconds, or a date. */
  readonly retryAfter: string | null;
  /** 0 to 1. */
  readonly random: number;
  /** The longest pause that nobody asked for, in milliseconds. Default: none is too long. */
  readonly longestMs?: number | undefined;
}

/**
 * Milliseconds to wait behind attempt `attempt` (from 1): 1, 4, 16, 64 s, of which up to a half is left away by chance, so
 * that many who failed at once do not come back at once. A `Retry-After` is the least, up to five minutes.
 */
export function pauseMs(attempt: number, { now, retryAfter, random, longestMs }: PauseOptions): number {
  const longest = Math.min(FIRST_PAUSE_MS * FACTOR ** (attempt - 1), longestMs ?? MAX_PAUSE_MS);
  const pause = longest * (1 - random / 2);
  return Math.min(MAX_PAUSE_MS, Math.max(pause, askedFor(retryAfter, now)));
}

function askedFor(retryAfter: string | null, now: number): number {
  const written = retryAfter?.trim() ?? '';
  if (/^\d{1,9}$/.test(written)) return Number(written) * 1000;
  const time = Date.parse(written);
  return Number.isNaN(time) ? 0 : time - now;
}
