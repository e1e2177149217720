const BUCKET_MS = 5_000;
/** Five minutes, and the bucket that is only partly past: never fewer calls than there were. */
const BUCKETS = 61;

/** Counts calls of the last five minutes in buckets of five seconds: a call counts for 300 to 305 seconds. */
export class RecentCalls {
  readonly #buckets = new Uint32Array(BUCKETS);
  #newest = 0;
  #total = 0;

  /** Calls in the last five minutes before `now` (milliseconds). */
  count(now: number): number {
    this.#advance(now);
    return this.#total;
  }

  add(now: number): void {
    this.#advance(now);
    const slot = this.#newest % BUCKETS;
    this.#buckets[slot] = (this.#buckets[slot] ?? 0) + 1;
    this.#total++;
  }

  /** Takes back one call counted at `time`, if it still counts. */
  remove(time: number): void {
    const bucket = bucketAt(time);
    const slot = bucket % BUCKETS;
    if (this.#newest - bucket >= BUCKETS || (this.#buckets[slot] ?? 0) === 0) return;
    this.#buckets[slot] = (this.#buckets[slot] ?? 1) - 1;
    this.#total--;
  }

  #advance(now: number): void {
    const bucket = bucketAt(now);
    if (bucket <= this.#newest) return;
    if (bucket - this.#newest >= BUCKETS) {
      this.#buckets.fill(0);
      this.#total = 0;
    } else {
      for (let passed = this.#newest + 1; passed <= bucket; passed++) {
        this.#total -= this.#buckets[passed % BUCKETS] ?? 0;
        this.#buckets[passed % BUCKETS] = 0;
      }
    }
    this.#newest = bucket;
  }
}

function bucketAt(time: number): number {
  return Math.max(0, Math.floor(time / BUCKET_MS));
}
