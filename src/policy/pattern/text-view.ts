import type { Gap, Segment } from './chain.ts';
import { contains } from './char-set.ts';
import { ASCII_WORD, foldCodePoint, wordSet } from './code-points.ts';
import { DenseView } from './dense-view.ts';
import { indexesOf } from './indexes-of.ts';
import { TextLetters } from './text-letters.ts';

/** Below this length, in UTF-16 units, looking work up costs more than doing it. */
const WORTH_SHARING = 256;

/**
 * One text with what was found out about it, so that many patterns share the work: the case-folded text, where
 * each literal occurs, how far back runs of a set reach. Lives as long as one look-up.
 */
export class TextView {
  readonly text: string;
  #folded: string | null = null;
  #occurrences: Map<string, readonly number[]> | null = null;
  #foldedOccurrences: Map<string, readonly number[]> | null = null;
  #runs: Map<string, Int32Array> | null = null;
  #shared: Map<string, readonly number[]> | null = null;
  #newline: boolean | null = null;
  #indexes: Int32Array | null | undefined;
  #letters: TextLetters | null = null;
  #dense: DenseView | null = null;

  constructor(text: string) {
    this.text = text;
  }

  /** The case-folded text: of the same length, character for character. */
  get folded(): string {
    this.#folded ??= foldText(this.text);
    return this.#folded;
  }

  /** Whether there is a line feed. */
  get hasNewline(): boolean {
    this.#newline ??= this.text.includes('\n');
    return this.#newline;
  }

  /** The text that a segment is looked up in. */
  textFor(segment: Segment): string {
    return segment.fold ? this.folded : this.text;
  }

  /** Where `wanted` occurs, ascending, overlaps included. */
  occurrences(wanted: string, fold: boolean): readonly number[] {
    if (this.isShort) return indexesOf(fold ? this.folded : this.text, wanted);
    if (fold) this.#foldedOccurrences ??= new Map();
    else this.#occurrences ??= new Map();
    const known = fold ? this.#foldedOccurrences : this.#occurrences;
    let at = known?.get(wanted);
    if (at === undefined) {
      at = indexesOf(fold ? this.folded : this.text, wanted);
      known?.set(wanted, at);
    }
    return at;
  }

  /** Whether the text is so short that tables are not worth their making. */
  get isShort(): boolean {
    return this.text.length < WORTH_SHARING;
  }

  /** The same as entry `offset` of `runStarts`, found by looking back from there. */
  runStart({ set }: Gap, offset: number): number {
    let start = offset;
    while (start > 0) {
      const before = previousOffset(this.text, start);
      if (!contains(set, this.text.codePointAt(before) ?? 0)) break;
      start = before;
    }
    return start;
  }

  /** What `compute` answers, kept under `name` for the next pattern that asks, unless the text is short or the name ''. */
  shared(name: string, compute: () => readonly number[]): readonly number[] {
    if (name === '' || this.isShort) return compute();
    this.#shared ??= new Map();
    let known = this.#shared.get(name);
    if (known === undefined) {
      known = compute();
      this.#shared.set(name, known);
    }
    return known;
  }

  /** Whether Python's `\b` holds at an offset. */
  isWordBoundary(offset: number): boolean {
    return isWordBefore(this.text, offset) !== isWordAt(this.text, offset);
  }

  /** Every offset, the end of the text included. */
  offsets(): readonly number[] {
    return Array.from({ length: this.text.length + 1 }, (_, at) => at);
  }

  /** Entry p: the beginning of the longest run of characters of the gap's set that ends at offset p. */
  runStarts(gap: Gap): Int32Array {
    this.#runs ??= new Map();
    let starts = this.#runs.get(gap.key);
    if (starts === undefined) {
      starts = runStartsOf(this.text, this.letters, gap);
      this.#runs.set(gap.key, starts);
    }
    return starts;
  }

  /** How many code points there are. */
  get codePoints(): number {
    return this.codePointIndexes?.[this.text.length] ?? this.text.length;
  }

  /** The text's code points. */
  get letters(): TextLetters {
    this.#letters ??= new TextLetters(this.text, this.codePoints);
    return this.#letters;
  }

  /** The text as sets of positions. */
  get dense(): DenseView {
    this.#dense ??= new DenseView(this);
    return this.#dense;
  }

  /** Entry p: how many code points begin before offset p; null if every character is one UTF-16 unit. */
  get codePointIndexes(): Int32Array | null {
    if (this.#indexes === undefined) {
      this.#indexes = /[\ud800-\udfff]/.test(this.text) ? codePointIndexesOf(this.text) : null;
    }
    return this.#indexes;
  }
}

function isWordAt(text: string, offset: number): boolean {
  const codePoint = text.codePointAt(offset);
  return codePoint !== undefined && contains(codePoint < 0x80 ? ASCII_WORD : wordSet(), codePoint);
}

function isWordBefore(text: string, offset: number): boolean {
  return offset > 0 && isWordAt(text, previousOffset(text, offset));
}

function previousOffset(text: string, offset: number): number {
  const wide = offset > 1 && (text.codePointAt(offset - 2) ?? 0) > 0xffff;
  return offset - (wide ? 2 : 1);
}

function foldText(text: string): string {
  if (!hasNonAscii(text)) return text.toLowerCase();
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) out += String.fromCharCode(foldCodePoint(unit));
    else out += unit >= 0x41 && unit <= 0x5a ? String.fromCharCode(unit + 0x20) : text.charAt(i);
  }
  return out;
}

/** Whether a text has a character beyond ASCII. */
export function hasNonAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return true;
  return false;
}

function runStartsOf(text: string, letters: TextLetters, { set }: Gap): Int32Array {
  const members = letters.members(set);
  const starts = new Int32Array(text.length + 1);
  let start = 0;
  for (let at = 0, i = 0; at < text.length; i++) {
    const end = at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
    if (members[letters.at[i] ?? 0] !== 1) start = end;
    for (at++; at <= end; at++) starts[at] = Math.min(start, at);
    at = end;
  }
  return starts;
}

function codePointIndexesOf(text: string): Int32Array {
  const indexes = new Int32Array(text.length + 1);
  let index = 0;
  for (let at = 0; at < text.length; ) {
    const wide = (text.codePointAt(at) ?? 0) > 0xffff;
    indexes[at] = index++;
    if (wide) indexes[at + 1] = index;
    at += wide ? 2 : 1;
  }
  indexes[text.length] = index;
  return indexes;
}
