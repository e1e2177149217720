/** A piece of the statement as it was written, with the values that its placeholders stand for. */
export interface Fragment {
  /** The text around the placeholders: one part more than there are values. */
  readonly parts: readonly string[];
  readonly values: readonly unknown[];
  /** Names that are called in it, as written or in lower case. */
  readonly calls: readonly string[];
}

/** The text of a fragment with placeholders of the reader's own; `place` is given the number of each, from 0. */
export function textOf({ parts }: Fragment, place: (index: number) => string): string {
  return parts.map((part, i) => (i === 0 ? part : `${place(i - 1)}${part}`)).join('');
}
