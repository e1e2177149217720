/** Entries of the tables: for three characters of five bits each, and for two of eight. */
const TRIPLES = 1 << 15;
const PAIRS = 1 << 16;

/**
 * Tells cheaply which rows of a table a text cannot be in: each row needs one of its words, and a row whose words' first
 * characters are nowhere in the text is out. It never misses a row; that it names one means little. Letters of either
 * case are one.
 */
export class RowHints {
  readonly #triples = new Uint8Array(TRIPLES);
  readonly #pairs = new Uint8Array(PAIRS);
  /** Words of one character, and the rows that need them. */
  readonly #singles: { readonly word: string; rows: number }[] = [];

  /** Says that the row with this bit (1, 2, 4 … 128) needs `word`. */
  add(word: string, bit: number): void {
    const [a, b, c] = [code(word, 0), code(word, 1), code(word, 2)];
    if (word.length === 1) {
      const known = this.#singles.find((single) => single.word === word);
      if (known === undefined) this.#singles.push({ word, rows: bit });
      else known.rows |= bit;
    } else if (word.length === 2) this.#pairs[pairOf(a, b)] = (this.#pairs[pairOf(a, b)] ?? 0) | bit;
    else {
      const triple = tripleOf(tripleOf(tripleOf(0, a), b), c);
      this.#triples[triple] = (this.#triples[triple] ?? 0) | bit;
    }
  }

  /** The bits of all rows that have a word in `text` with `end`, one character, behind it, and perhaps of others. */
  rowsIn(text: string, end: string): number {
    const triples = this.#triples;
    const pairs = this.#pairs;
    let rows = 0;
    let triple = 0;
    let before = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = code(text, i);
      triple = tripleOf(triple, unit);
      rows |= (triples[triple] ?? 0) | (pairs[pairOf(before, unit)] ?? 0);
      before = unit;
    }
    const last = code(end, 0);
    rows |= (triples[tripleOf(triple, last)] ?? 0) | (pairs[pairOf(before, last)] ?? 0);
    for (const { word, rows: more } of this.#singles) if (text.includes(word)) rows |= more;
    return rows;
  }
}

/** A character in which letters of either case are one; so are some others, which are never told apart here. */
function code(text: string, at: number): number {
  return text.charCodeAt(at) | 0x20;
}

function pairOf(first: number, second: number): number {
  return ((first << 8) ^ (second & 0xff)) & (PAIRS - 1);
}

/** The last three characters; what was before them is shifted out. */
function tripleOf(before: number, unit: number): number {
  return ((before << 5) ^ (unit & 0x3ff)) & (TRIPLES - 1);
}
