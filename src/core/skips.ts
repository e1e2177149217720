/** Narrower windows allow no skips that would be worth the look. */
const NARROWEST = 4;
const FEWEST_ENTRIES = 64;
const MOST_ENTRIES = 4096;

/**
 * Finds the places of a text where one of many literals may begin, mostly without looking at every character: a
 * window as wide as the shortest literal slides over the text, and the two characters at its end tell how far it can
 * go on (Wu and Manber, 1994).
 */
export class Skips {
  /** Width of the window. */
  readonly #width: number;
  /** For two characters: how far their nearest place in the window of any literal is from its end. */
  readonly #distances: Uint8Array;

  private constructor(literals: readonly string[], width: number) {
    this.#width = Math.min(width, 0xff);
    let entries = FEWEST_ENTRIES;
    while (entries < MOST_ENTRIES && entries < 8 * literals.length * this.#width) entries *= 2;
    this.#distances = new Uint8Array(entries).fill(this.#width - 1);
    for (const literal of literals) {
      for (let at = 1; at < this.#width; at++) {
        const entry = this.#entry(literal.charCodeAt(at - 1), literal.charCodeAt(at));
        this.#distances[entry] = Math.min(this.#distances[entry] ?? 0, this.#width - 1 - at);
      }
    }
  }

  /** `null` where one of the literals is too short to skip anything. */
  static of(literals: readonly string[]): Skips | null {
    const width = literals.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY);
    return width >= NARROWEST && width < Number.POSITIVE_INFINITY ? new Skips(literals, width) : null;
  }

  /** The first offset, not below `from`, at which a literal may begin; -1 when none can any more. */
  next(text: string, from: number): number {
    const { length } = text;
    const distances = this.#distances;
    let end = from + this.#width - 1;
    while (end < length) {
      const distance = distances[this.#entry(text.charCodeAt(end - 1), text.charCodeAt(end))] ?? 0;
      if (distance === 0) return end - this.#width + 1;
      end += distance;
    }
    return -1;
  }

  #entry(first: number, second: number): number {
    return ((first << 5) ^ second) & (this.#distances.length - 1);
  }
}
