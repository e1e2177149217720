import type { CharSet } from './char-set.ts';

/**
 * A stretch of text that has to occur: any of `texts`, at most `MAX_TEXTS` of them. `fold`: the texts are case-folded
 * and are looked up in the case-folded text.
 */
export interface Segment {
  readonly texts: readonly string[];
  readonly fold: boolean;
  /** Whether a word boundary (`\b`, as Python counts letters) has to be right before or right after it. */
  readonly boundary?: { readonly before: boolean; readonly after: boolean };
}

/** What may stand between two segments: `min` to `max` characters, all of `set`. `key` names the set. */
export interface Gap {
  readonly set: CharSet;
  readonly key: string;
  readonly min: number;
  readonly max: number;
}

/**
 * A pattern that is nothing but segments with gaps, such as `^/data/.*\.csv$` or `curl[^|]*\| *sh`. Whether it
 * occurs is decided without any automaton, in time proportional to the text.
 */
export interface Chain {
  /** Whether the match begins at the beginning of the text. */
  readonly anchored: boolean;
  /** From left to right; none in a pattern such as `^\d+$`. */
  readonly segments: readonly Segment[];
  /** `gaps[i]` comes before segment i, the one after the last segment comes at the end; null: nothing between. */
  readonly gaps: readonly (Gap | null)[];
  /** Where the match ends: anywhere, at the end of the text, or there or before a final newline. */
  readonly end: 'anywhere' | 'end' | 'end-or-newline';
  /** `names[i]` names the chain up to segment i: chains that begin alike share that name and its work. */
  readonly names: readonly string[];
}

/** Most alternative texts of one segment. */
export const MAX_TEXTS = 16;
