import type { CharSet } from './char-set.ts';

/**
 * The code points of a text and which of them are the same, so that it is cheap to ask of thousands of character
 * sets where their members stand: a set is compared with the different code points only, once.
 */
export class TextLetters {
  /** Entry i: which of the different code points the i-th code point of the text is. */
  readonly at: Uint16Array | Uint32Array;
  /** The different code points, ascending. */
  readonly #different: Int32Array;

  constructor(text: string, codePoints: number) {
    const all = new Uint32Array(codePoints);
    const known = new Map<number, number>();
    for (let at = 0, i = 0; at < text.length; i++) {
      const codePoint = text.codePointAt(at) ?? 0;
      at += codePoint > 0xffff ? 2 : 1;
      all[i] = codePoint;
      known.set(codePoint, 0);
    }
    this.#different = Int32Array.from(known.keys()).sort();
    for (const [i, codePoint] of this.#different.entries()) known.set(codePoint, i);
    this.at = known.size > 0xffff ? all : new Uint16Array(codePoints);
    for (let i = 0; i < codePoints; i++) this.at[i] = known.get(all[i] ?? 0) ?? 0;
  }

  /** For each of the different code points: 1 if the set holds it. */
  members(set: CharSet): Uint8Array {
    const different = this.#different;
    const members = new Uint8Array(different.length);
    let range = 0;
    let lo = set[0] ?? Number.POSITIVE_INFINITY;
    let hi = set[1] ?? Number.POSITIVE_INFINITY;
    for (let i = 0; i < members.length; i++) {
      const codePoint = different[i] ?? 0;
      if (codePoint > hi) {
        range = nextRange(set, range, codePoint);
        lo = set[range] ?? Number.POSITIVE_INFINITY;
        hi = set[range + 1] ?? Number.POSITIVE_INFINITY;
      }
      if (codePoint >= lo) members[i] = 1;
    }
    return members;
  }
}

/** The first range, after `range`, that does not end below `codePoint`: in steps that double, then by bisection. */
function nextRange(set: CharSet, range: number, codePoint: number): number {
  let low = range >> 1;
  let step = 1;
  while ((low + step) * 2 < set.length && (set[(low + step) * 2 + 1] ?? 0) < codePoint) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, set.length >> 1);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((set[middle * 2 + 1] ?? 0) < codePoint) low = middle;
    else high = middle;
  }
  return high * 2;
}

/** How many code points a text has. */
export function codePointCount(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) if ((text.codePointAt(i) ?? 0) > 0xffff) count--;
  return count;
}
