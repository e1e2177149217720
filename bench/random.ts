/** A seeded stream of numbers in [0, 1) (mulberry32): the same workloads on every run and machine. */
export type Random = () => number;

/** Starts a stream at `seed`. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number in [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low));
}

/** One item of a list that is not empty. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[between(random, 0, items.length)] as T;
}

/** A lower-case word of `length` letters. */
export function word(random: Random, length: number): string {
  let out = '';
  while (out.length < length) out += String.fromCharCode(between(random, 97, 123));
  return out;
}
