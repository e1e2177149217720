import { isPlainObject } from '../private-copy.ts';
import { mayHold, namedMember } from './members.ts';
import { holdsNothing, type TextSearch } from './text-search.ts';

/** How deep data may be to be looked at here. */
const MAX_DEPTH = 8;
/** Names of ordinary length that are remembered. */
const MEMORY = 2000;
const ORDINARY = 64;
/** Numbers from here on have enough digits to be a card's. */
export const LONG_NUMBER = 1e12;

/** What a name alone tells. */
type NameKind = 'quiet' | 'holding' | 'loud';

/**
 * Tells quickly of most parameters that there is nothing to hide in them. In doubt there is: whoever asks then has to
 * look at them closely.
 */
export class QuietData {
  readonly #search: TextSearch;
  readonly #names = new Map<string, NameKind>();

  constructor(search: TextSearch) {
    this.#search = search;
  }

  /**
   * True for a private copy that is plain JSON throughout, in which nothing is a secret, and which redaction therefore
   * leaves as it is.
   */
  holds(value: unknown): boolean {
    return this.#isQuiet(value, 0);
  }

  #isQuiet(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case 'string':
        // A text that may be JSON is looked at as the data that it holds.
        return !/^\s{0,16}[[{]/.test(value) && holdsNothing(value, this.#search);
      case 'number':
        return this.#isQuietNumber(value);
      case 'boolean':
        return true;
      case 'object':
        if (value === null) return true;
        if (depth >= MAX_DEPTH) return false;
        return Array.isArray(value) ? this.#isQuietList(value, depth) : this.#areQuietMembers(value, depth);
      default:
        return false;
    }
  }

  #isQuietNumber(value: number): boolean {
    // Patterns of the user's may find anything in a number. Negated, so that NaN is not quiet; -0 is written as 0.
    return Math.abs(value) < LONG_NUMBER && !Object.is(value, -0) && this.#search.patterns.length === 0;
  }

  /** A list of texts may be a command line, and one of lists the entries of a mapping. */
  #isQuietList(items: readonly unknown[], depth: number): boolean {
    return items.every(
      (item) => typeof item !== 'string' && !Array.isArray(item) && this.#isQuiet(item, depth + 1),
    );
  }

  #areQuietMembers(value: object, depth: number): boolean {
    if (!isPlainObject(value)) return false;
    let holding = false;
    for (const name of Object.keys(value)) {
      const kind = this.#kindOf(name);
      if (kind === 'loud' || !this.#isQuiet(value[name], depth + 1)) return false;
      if (kind === 'holding') holding = true;
    }
    return !holding || namedMember(value, this.#search.keys) === null;
  }

  #kindOf(name: string): NameKind {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const { keys } = this.#search;
    const isLoud = name.startsWith('$') || keys.kindOf(name) !== 'none' || !holdsNothing(name, this.#search);
    const kind = isLoud ? 'loud' : mayHold(name) ? 'holding' : 'quiet';
    if (name.length <= ORDINARY && this.#names.size < MEMORY) this.#names.set(name, kind);
    return kind;
  }
}
