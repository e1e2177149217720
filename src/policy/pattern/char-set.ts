/**
 * A set of code points: sorted, disjoint, non-adjacent inclusive ranges, flattened as `lo, hi, lo, hi, …`.
 * Sets are never changed once made, so they may be shared.
 */
export type CharSet = readonly number[];

/** The highest code point. */
export const MAX_CODE_POINT = 0x10ffff;

/** The set of no character. */
export const NONE: CharSet = Object.freeze([]);

/** The set of every code point. */
export const ANY: CharSet = Object.freeze([0, MAX_CODE_POINT]);

/** Builds a set from inclusive ranges in any order, overlapping or not, flattened as `lo, hi, …`. */
export function charSet(ranges: readonly number[]): CharSet {
  const pairs: [number, number][] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) pairs.push([ranges[i] ?? 0, ranges[i + 1] ?? 0]);
  pairs.sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [lo, hi] of pairs) {
    const last = out.length - 1;
    const end = out[last];
    if (end !== undefined && lo <= end + 1) out[last] = Math.max(end, hi);
    else out.push(lo, hi);
  }
  return out;
}

/** Every code point that is not in `set`. */
export function complement(set: CharSet): CharSet {
  const out: number[] = [];
  let next = 0;
  for (let i = 0; i + 1 < set.length; i += 2) {
    const lo = set[i] ?? 0;
    if (lo > next) out.push(next, lo - 1);
    next = (set[i + 1] ?? 0) + 1;
  }
  if (next <= MAX_CODE_POINT) out.push(next, MAX_CODE_POINT);
  return out;
}

/** Whether `codePoint` is in `set`, by binary search. */
export function contains(set: CharSet, codePoint: number): boolean {
  let low = 0;
  let high = set.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (codePoint > (set[middle * 2 + 1] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low * 2 < set.length && codePoint >= (set[low * 2] ?? 0);
}

/** Whether two sets hold the same code points. */
export function sameSet(a: CharSet, b: CharSet): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}

/** How many code points are in `set`. */
export function sizeOf(set: CharSet): number {
  let size = 0;
  for (let i = 0; i + 1 < set.length; i += 2) size += (set[i + 1] ?? 0) - (set[i] ?? 0) + 1;
  return size;
}
