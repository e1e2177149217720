import { referencesIn } from './references.ts';

/** Values by name, e.g. `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A piece of a text: as written, or put in for a variable. */
export interface Piece {
  readonly text: string;
  /** The variable that it stands for; `null` for what is written. */
  readonly variable: string | null;
}

/** A text with its `${VAR}` replaced. */
export interface Substituted {
  readonly text: string;
  /** True when a `${…}` was replaced, also by its default. */
  readonly changed: boolean;
  /** The pieces that make the text. */
  readonly pieces: readonly Piece[];
  /** Names that are not set and have no default, each with its offset in the text before. */
  readonly missing: readonly { readonly name: string; readonly offset: number }[];
}

/**
 * Replaces `${NAME}` and `${NAME:-default}`; the default also stands for a variable that is set but empty, as in a
 * shell. `$${NAME}` is a literal `${NAME}`, and whatever is no name (`a${2}`) stays as it is. What is put in is not
 * looked at again.
 */
export function substitute(text: string, environment: Environment): Substituted {
  const references = text.includes('${') ? referencesIn(text) : [];
  if (references.length === 0) return notSubstituted(text);
  const pieces: Piece[] = [];
  const missing: { name: string; offset: number }[] = [];
  let from = 0;
  for (const { start, end, escaped, name, fallback } of references) {
    // Of `$${NAME}` the first dollar goes.
    const written = escaped ? text.slice(from, start) + text.slice(start + 1, end) : text.slice(from, start);
    pieces.push({ text: written, variable: null });
    from = end;
    if (escaped) continue;
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined && fallback === undefined) missing.push({ name, offset: start });
    pieces.push({ text: value || (fallback ?? ''), variable: name });
  }
  pieces.push({ text: text.slice(from), variable: null });
  const changed = pieces.some(({ variable }) => variable !== null);
  return { text: pieces.map((piece) => piece.text).join(''), changed, pieces, missing };
}

/** A text that stays as it is. */
export function notSubstituted(text: string): Substituted {
  return { text, changed: false, pieces: [{ text, variable: null }], missing: [] };
}
