/** A `${NAME}` or `${NAME:-default}` in a text. */
export interface Reference {
  /** Offset of its `$`; of an escaped one, of the first of the two. */
  readonly start: number;
  /** Offset behind its `}`. */
  readonly end: number;
  /** True for `$${NAME}`, which stands for the text `${NAME}`. */
  readonly escaped: boolean;
  readonly name: string;
  /** What follows `:-`; `undefined` without it. */
  readonly fallback: string | undefined;
}

/**
 * Finds the references of a text, in order. The time is linear in the length of the text, also where a great many
 * are opened and never closed.
 */
export function referencesIn(text: string): Reference[] {
  const found: Reference[] = [];
  const head = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)(\}|:-)/g;
  for (let match = head.exec(text); match !== null; match = head.exec(text)) {
    const [, dollar = '', name = '', tail] = match;
    const [start, after] = [match.index, head.lastIndex];
    const close = tail === '}' ? after - 1 : text.indexOf('}', after);
    // There is no brace any more, so nothing further on is closed either.
    if (close < 0) break;
    const fallback = tail === '}' ? undefined : text.slice(after, close);
    found.push({ start, end: close + 1, escaped: dollar !== '', name, fallback });
    head.lastIndex = close + 1;
  }
  return found;
}
