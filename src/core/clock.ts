/** Time as the guard sees it; tests hand in their own. */
export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /** Milliseconds that never run backwards, with fractions. */
  monotonic(): number;
  /** Calls `fn` once after `ms`; the answer cancels it. With `isBackground` the process does not stay alive for it. */
  setTimer(ms: number, fn: () => void, isBackground?: boolean): () => void;
}
