/**
 * A set of positions 0 to `size - 1` of a text, 32 to a word. Made for sets that hold many positions: each operation
 * takes time proportional to the words, whatever they hold. `count` words are enough for `32 * count` positions; bits
 * beyond the last position may be set and mean nothing.
 */
export type BitSet = Int32Array;

/** A set that can hold positions 0 to `size - 1`. */
export function emptyBits(size: number): BitSet {
  return new Int32Array((size + 31) >>> 5);
}

/** Puts a position into the set. */
export function addBit(bits: BitSet, position: number): void {
  const word = position >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (position & 31));
}

/** Whether the set holds a position. */
export function hasBit(bits: BitSet, position: number): boolean {
  return (((bits[position >>> 5] ?? 0) >>> (position & 31)) & 1) === 1;
}

/** Whether the set holds nothing; bits beyond position `size - 1` do not count. */
export function isEmpty(bits: BitSet, size: number): boolean {
  const last = bits.length - 1;
  for (let i = 0; i < last; i++) if (bits[i] !== 0) return false;
  const used = size - last * 32;
  return last < 0 || ((bits[last] ?? 0) & (used >= 32 ? -1 : (1 << used) - 1)) === 0;
}

/** Takes out of `bits` what is not in `mask`. */
export function keep(bits: BitSet, mask: BitSet): void {
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0) & (mask[i] ?? 0);
}

/** The positions of `from`, each moved up by `distance`. */
export function moved(from: BitSet, distance: number): BitSet {
  const out = new Int32Array(from.length);
  const words = distance >>> 5;
  const low = distance & 31;
  if (low === 0) {
    if (words < out.length) out.set(from.subarray(0, out.length - words), words);
    return out;
  }
  let below = 0;
  for (let i = words; i < out.length; i++) {
    const word = from[i - words] ?? 0;
    out[i] = (word << low) | (below >>> (32 - low));
    below = word;
  }
  return out;
}

/** Adds to `into` the positions that are in `from` and in `mask`, each moved up by `distance`. */
export function addMoved(into: BitSet, from: BitSet, mask: BitSet, distance: number): void {
  const words = distance >>> 5;
  const low = distance & 31;
  let below = 0;
  for (let i = words; i < into.length; i++) {
    const word = (from[i - words] ?? 0) & (mask[i - words] ?? 0);
    const carried = low === 0 ? word : (word << low) | (below >>> (32 - low));
    into[i] = (into[i] ?? 0) | carried;
    below = word;
  }
}

/** Adds to `bits` its own positions moved up by `distance`, as far as the moved ones are in `mask` (null: all). */
export function spread(bits: BitSet, distance: number, mask: BitSet | null): void {
  const words = distance >>> 5;
  const low = distance & 31;
  // From the top down, so that nothing is moved twice.
  for (let i = bits.length - 1; i >= words; i--) {
    const word = bits[i - words] ?? 0;
    const below = i > words ? (bits[i - words - 1] ?? 0) : 0;
    const carried = low === 0 ? word : (word << low) | (below >>> (32 - low));
    bits[i] = (bits[i] ?? 0) | (mask === null ? carried : carried & (mask[i] ?? 0));
  }
}

/** Adds to `bits` every position of `mask` that follows one of its own without a break. */
export function flood(bits: BitSet, mask: BitSet): void {
  let carry = 0;
  for (let i = 0; i < bits.length; i++) {
    let open = mask[i] ?? 0;
    let word = (bits[i] ?? 0) | (carry & open);
    word |= open & (word << 1);
    open &= open << 1;
    word |= open & (word << 2);
    open &= open << 2;
    word |= open & (word << 4);
    open &= open << 4;
    word |= open & (word << 8);
    open &= open << 8;
    word |= open & (word << 16);
    bits[i] = word;
    carry = word >>> 31;
  }
}

/** Adds to `bits` every position above its lowest. */
export function fillUp(bits: BitSet): void {
  const first = bits.findIndex((word) => word !== 0);
  if (first < 0) return;
  const word = bits[first] ?? 0;
  bits[first] = word | -word;
  bits.fill(-1, first + 1);
}
