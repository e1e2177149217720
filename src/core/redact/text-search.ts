import type { SensitiveKeys } from './sensitive-keys.ts';
import type { Span, Tell } from './spans.ts';
import { findSecrets } from './value-patterns.ts';

/** A pattern of the user's: finds what must not be stored inside a text. */
export interface TextPattern {
  /** The pattern as it is written. */
  readonly name: string;
  /** Every match, from left to right, none of them empty. */
  find(text: string): readonly Span[];
}

/** What is looked for in every text, whichever action it belongs to. */
export interface TextSearch {
  readonly keys: SensitiveKeys;
  readonly patterns: readonly TextPattern[];
}

/** Tells of every part of a text that looks like a secret, by the built-in rules and by the user's patterns. */
export function searchText(text: string, { keys, patterns }: TextSearch, tell: Tell): void {
  findSecrets(text, keys, tell);
  for (const pattern of patterns) {
    for (const { start, end } of pattern.find(text)) tell(start, end);
  }
}

/** Whether {@link searchText} tells of nothing. */
export function holdsNothing(text: string, search: TextSearch): boolean {
  let found = false;
  searchText(text, search, (start, end) => {
    if (end > start) found = true;
  });
  return !found;
}
