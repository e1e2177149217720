/** A place in the text of a word that a variable or a substitution fills. */
export interface Hole {
  readonly start: number;
  readonly end: number;
  /** Whether it stands in double quotes, so that it stays one word. */
  readonly quoted: boolean;
}

/** One word that a command receives, after quoting, variables and braces. */
export interface Field {
  /** The decoded text; what is not known stands as it is written. */
  readonly text: string;
  /** Whether the text is all known. */
  readonly literal: boolean;
  /** Whether it has characters that stand for other file names. */
  readonly glob: boolean;
  /** Where what is not known stands, in order; not given where the word was joined from others. */
  readonly holes?: readonly Hole[];
}

/** A word that is known as it is. */
export function literalField(text: string): Field {
  return { text, literal: true, glob: false };
}

/** Words as one, with a space between them. */
export function joinedFields(fields: readonly Field[]): Field {
  const [only] = fields;
  if (fields.length === 1 && only !== undefined) return only;
  const holes: Hole[] = [];
  let text = '';
  for (const field of fields) {
    if (text !== '') text += ' ';
    for (const { start, end, quoted } of field.holes ?? [])
      holes.push({ start: start + text.length, end: end + text.length, quoted });
    text += field.text;
  }
  return {
    text,
    literal: fields.every(({ literal }) => literal),
    glob: fields.some(({ glob }) => glob),
    holes,
  };
}
