/** One word that a command receives, after quoting, variables and braces. */
export interface Field {
  /** The decoded text; what is not known stands as it is written. */
  readonly text: string;
  /** Whether the text is all known. */
  readonly literal: boolean;
  /** Whether it has characters that stand for other file names. */
  readonly glob: boolean;
}

/** A word that is known as it is. */
export function literalField(text: string): Field {
  return { text, literal: true, glob: false };
}
