import type { Argument } from './argument.ts';
import { type ArgumentKind, kindOfArgument } from './argument-kind.ts';
import { IntentArguments } from './intent-arguments.ts';

/** Where an intent string came from: what rules need to know of a call beside its text. */
export interface IntentSource {
  readonly arguments: IntentArguments;
  /** What a bare string is to be read as; `null` for a call, `text` for a string that nothing tells anything of. */
  readonly readAs: ArgumentKind | null;
  /** True for a bare string of which nobody said what it is: it may be a command or a statement as well. */
  readonly isGuess: boolean;
  /**
   * The intent string as its author makes it (`intentFn`), with other forms in the places of arguments; `null` where the
   * string is the arguments joined. May throw, as the author's function may.
   */
  readonly respell: ((form: (argument: Pick<Argument, 'name' | 'text'>) => string) => string) | null;
  /** True where the intent string is the arguments joined; false where an author or a caller wrote it. */
  readonly isJoined: boolean;
}

/** Nothing is known: the intent is its string. */
export const NO_SOURCE: IntentSource = Object.freeze({
  arguments: new IntentArguments(Object.freeze({})),
  readAs: null,
  isGuess: false,
  respell: null,
  isJoined: true,
});

/** A bare string: read as `as`, else by how it begins, else as text. */
export function bareSource(text: string, as?: ArgumentKind): IntentSource {
  const readAs = as ?? kindOfArgument('', text);
  if (readAs === undefined) return GUESSED_TEXT;
  if (readAs === 'text') return STATED_TEXT;
  const made = new IntentArguments({ intent: text }, { kinds: { intent: readAs } });
  return { arguments: made, readAs, isGuess: as === undefined, respell: null, isJoined: true };
}

const GUESSED_TEXT: IntentSource = Object.freeze({ ...NO_SOURCE, readAs: 'text', isGuess: true });
const STATED_TEXT: IntentSource = Object.freeze({ ...NO_SOURCE, readAs: 'text' });
