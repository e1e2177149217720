import { addBit, type BitSet, emptyBits, fillUp, flood, isEmpty, keep, moved, spread } from './bit-set.ts';
import type { Gap } from './chain.ts';
import { reachesBack } from './reaches-back.ts';
import type { TextLetters } from './text-letters.ts';

/** Most beginnings of chains whose end-sets are kept for other patterns, so that memory stays small. */
const MAX_SHARED = 2000;

/** What a text has to tell of itself. */
export interface SourceText {
  readonly codePoints: number;
  readonly codePointIndexes: Int32Array | null;
  readonly letters: TextLetters;
  readonly hasNewline: boolean;
  occurrences(wanted: string, fold: boolean): readonly number[];
  offsets(): readonly number[];
  isWordBoundary(offset: number): boolean;
}

/**
 * One text as sets of positions, for patterns whose parts occur in very many places. Position i is before the i-th
 * code point; the last one is the end of the text. Tables are shared by all patterns that look at the text.
 */
export class DenseView {
  readonly #view: SourceText;
  /** How many positions there are. */
  readonly size: number;
  readonly #starts = new Map<string, BitSet>();
  readonly #runs = new Map<string, BitSet[]>();
  readonly #shared = new Map<string, BitSet>();
  #boundaries: BitSet | null = null;

  constructor(view: SourceText) {
    this.#view = view;
    this.size = view.codePoints + 1;
  }

  /** The set of the given ascending UTF-16 offsets. */
  positions(offsets: readonly number[]): BitSet {
    const indexes = this.#view.codePointIndexes;
    const bits = emptyBits(this.size);
    for (const offset of offsets) addBit(bits, indexes === null ? offset : (indexes[offset] ?? 0));
    return bits;
  }

  /** Every position. */
  all(): BitSet {
    return emptyBits(this.size).fill(-1);
  }

  /** Where `wanted` begins. Not to be changed. */
  starts(wanted: string, fold: boolean): BitSet {
    const key = `${fold ? 1 : 0}${wanted}`;
    let bits = this.#starts.get(key);
    if (bits === undefined) {
      bits = this.positions(this.#view.occurrences(wanted, fold));
      this.#starts.set(key, bits);
    }
    return bits;
  }

  /** Where Python's `\b` holds. Not to be changed. */
  get boundaries(): BitSet {
    this.#boundaries ??= this.positions(this.#view.offsets().filter((at) => this.#view.isWordBoundary(at)));
    return this.#boundaries;
  }

  /** Whether the set holds no position of this text. */
  isEmpty(bits: BitSet): boolean {
    return isEmpty(bits, this.size);
  }

  /** What `compute` answers, kept under `name` for the next pattern that asks. Not to be changed. */
  shared(name: string, compute: () => BitSet): BitSet {
    let known = this.#shared.get(name);
    if (known === undefined) {
      known = compute();
      if (this.#shared.size < MAX_SHARED) this.#shared.set(name, known);
    }
    return known;
  }

  /** Where the gap can end if it begins at one of `from`. A new set. */
  reached(from: BitSet, gap: Gap): BitSet {
    const length = this.size - 1;
    const unbroken = reachesBack(gap, this.#view.hasNewline);
    const bits = this.#across(from, Math.min(gap.min, length + 32), gap, unbroken);
    const wide = gap.max - gap.min;
    if (wide >= length) {
      if (unbroken) fillUp(bits);
      else flood(bits, this.#run(gap, 0));
      return bits;
    }
    let covered = 0;
    for (let k = 0; covered + (1 << k) <= wide; k++) {
      spread(bits, 1 << k, unbroken ? null : this.#run(gap, k));
      covered += 1 << k;
    }
    const rest = wide - covered;
    if (rest > 0) spread(bits, rest, unbroken ? null : this.#runOf(gap, rest));
    return bits;
  }

  /** Exactly `count` characters of the gap further on. */
  #across(from: BitSet, count: number, gap: Gap, unbroken: boolean): BitSet {
    const bits = moved(from, count);
    if (!unbroken && count > 0) keep(bits, this.#runOf(gap, count));
    return bits;
  }

  /** The positions right after `count` (at least 1) characters that are all of the gap's set. */
  #runOf(gap: Gap, count: number): BitSet {
    const k = 31 - Math.clz32(count);
    const run = this.#run(gap, k);
    if (count === 1 << k) return run;
    const longer = moved(run, count - (1 << k));
    keep(longer, run);
    return longer;
  }

  /** The positions right after 2^k characters that are all of the gap's set. */
  #run({ key, set }: Gap, k: number): BitSet {
    let runs = this.#runs.get(key);
    if (runs === undefined) {
      const { letters } = this.#view;
      const members = letters.members(set);
      runs = [positionsAfter(letters.at, members, this.size)];
      this.#runs.set(key, runs);
    }
    while (runs.length <= k) {
      const half = runs.at(-1) ?? emptyBits(this.size);
      const double = moved(half, 1 << (runs.length - 1));
      keep(double, half);
      runs.push(double);
    }
    return runs[k] ?? emptyBits(this.size);
  }
}

/** The positions right after the letters that are members. */
function positionsAfter(letters: TextLetters['at'], members: Uint8Array, size: number): BitSet {
  const bits = emptyBits(size);
  let word = 0;
  for (let position = 1; position < size; position++) {
    if ((position & 31) === 0) {
      bits[(position >>> 5) - 1] = word;
      word = 0;
    }
    word |= (members[letters[position - 1] ?? 0] ?? 0) << (position & 31);
  }
  bits[(size - 1) >>> 5] = word;
  return bits;
}
