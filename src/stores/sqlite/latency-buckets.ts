const STEPS = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8];
const DECADES = [0.001, 0.01, 0.1, 1, 10, 100, 1_000, 10_000];

/** Upper bounds of the buckets that times are counted in, in milliseconds: ten a decade, so that none is off by a third. */
export const LATENCY_BOUNDS: readonly number[] = Object.freeze(
  DECADES.flatMap((decade) => STEPS.map((step) => Number((step * decade).toPrecision(4)))),
);

/** Times in milliseconds, counted by bucket. */
export interface LatencyCount {
  /** Upper bound of the bucket, inclusive; Infinity for the last one. */
  readonly upTo: number;
  readonly count: number;
}

/** The name of the bucket that a time in milliseconds falls into: its upper bound, or `Infinity`. */
export function bucketOf(millis: number): string {
  let low = 0;
  let high = LATENCY_BOUNDS.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (millis <= (LATENCY_BOUNDS[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
    else low = middle + 1;
  }
  return String(LATENCY_BOUNDS[low] ?? Number.POSITIVE_INFINITY);
}

/** Rows of a bucket's name and a count, by bound. */
export function latencyCounts(rows: readonly Readonly<Record<string, unknown>>[]): LatencyCount[] {
  return rows
    .map(({ name, count }) => ({ upTo: Number(name), count: Number(count) }))
    .filter(({ upTo, count }) => !Number.isNaN(upTo) && count > 0)
    .sort((a, b) => a.upTo - b.upTo);
}
