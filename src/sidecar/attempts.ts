/** Most callers that are remembered; the one that failed first goes first. */
const MAX_CALLERS = 10_000;

/** Counts failed credentials by caller, so that nobody can go on trying. */
export class Attempts {
  readonly #now: () => number;
  readonly #most: number;
  readonly #windowMs: number;
  readonly #failed = new Map<string, { count: number; readonly since: number }>();

  /** `now`: milliseconds by a monotonic clock. At most `most` failures of one caller in a window. */
  constructor(now: () => number, { most, windowMs }: { readonly most: number; readonly windowMs: number }) {
    this.#now = now;
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Seconds until this caller may try again; 0 where it may now. */
  waitSeconds(caller: string): number {
    const known = this.#failed.get(caller);
    if (known === undefined) return 0;
    const left = known.since + this.#windowMs - this.#now();
    if (left > 0) return known.count < this.#most ? 0 : Math.ceil(left / 1000);
    this.#failed.delete(caller);
    return 0;
  }

  /** Notes a failure. */
  failed(caller: string): void {
    const known = this.#failed.get(caller);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.#failed.set(caller, { count: 1, since: this.#now() });
    const [oldest] = this.#failed.keys();
    if (this.#failed.size > MAX_CALLERS && oldest !== undefined) this.#failed.delete(oldest);
  }
}
