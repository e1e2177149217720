import type { Argument } from './argument.ts';
import { type ArgumentKind, snakeCase } from './argument-kind.ts';

/** One string of a call as it was found. */
export interface Piece {
  readonly text: string;
  readonly name: string;
  readonly kind: ArgumentKind | undefined;
  /** The list that it is directly in, or `null`. */
  readonly list: readonly unknown[] | null;
  /** The record that it is a member of. */
  readonly owner: object;
  readonly at: number;
}

/** Lists of these are lists of whole lines, each a command of its own. */
const LISTS_OF_LINES: ReadonlySet<string> = new Set(['commands', 'cmds', 'scripts', 'lines']);
/** The words that follow a command in a parameter of their own: `{command: 'rm', args: ['-rf', '/']}`. */
const WORDS_OF_COMMAND: ReadonlySet<string> = new Set(['args', 'argv', 'arguments', 'arg1']);
const PROGRAM: ReadonlySet<string> = new Set(['command', 'cmd', 'program', 'executable', 'binary']);

/** True for a parameter that holds what follows the name of a program. */
export function isNameOfWords(name: string): boolean {
  return WORDS_OF_COMMAND.has(name) || (/[A-Z-]/.test(name) && WORDS_OF_COMMAND.has(snakeCase(name)));
}

/**
 * The arguments that pieces are. The strings of a list under a shell kind are the words of one command; a program and
 * its words in a parameter beside it are one command as well, which stands nowhere in the intent string. Where several
 * could be the program, each is read with the words.
 */
export function groupedArguments(
  pieces: readonly Piece[],
  isSure: (name: string) => boolean,
): readonly Argument[] {
  const joined = new Map<Piece, Argument[]>();
  const used = new Set<Piece>();
  for (const words of groupsOfWords(pieces)) {
    const programs = pieces.filter((piece) => isProgramOf(piece, words));
    for (const program of programs) {
      joined.set(program, [...(joined.get(program) ?? []), commandOf(program, words)]);
      for (const word of words) used.add(word);
    }
  }
  const out: Argument[] = [...joined.values()].flat();
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Piece;
    const { text, name, kind, list, at } = piece;
    const argument = { text, name, kind, isSure: isSure(name), argv: null, at };
    if (used.has(piece) || (joined.has(piece) && isWord(text))) out.push({ ...argument, kind: undefined });
    else if (kind === 'shell' && list !== null && !LISTS_OF_LINES.has(snakeCase(name))) {
      let end = i;
      while (pieces[end + 1]?.list === list) end++;
      const whole = pieces.slice(i, end + 1).map((one) => one.text);
      out.push({ ...argument, text: whole.join(' '), argv: wordsOf(list) });
      i = end;
    } else out.push(argument);
  }
  return out;
}

/** The strings of each list of words, and each string of words by itself. */
function groupsOfWords(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const lists = new Map<unknown, Piece[]>();
  for (const piece of pieces) {
    if (!isNameOfWords(piece.name)) continue;
    const key = piece.list ?? piece;
    lists.set(key, [...(lists.get(key) ?? []), piece]);
  }
  return [...lists.values()];
}

function isProgramOf(piece: Piece, words: readonly Piece[]): boolean {
  const [first] = words;
  if (first === undefined || piece.list !== null || piece.owner !== first.owner || words.includes(piece))
    return false;
  if (isNameOfWords(piece.name)) return false;
  // A second position is only the words of the first where that is a program.
  if (snakeCase(first.name) === 'arg1' && first.list === null) return false;
  return piece.kind === 'shell' || PROGRAM.has(snakeCase(piece.name));
}

function commandOf({ text, name }: Piece, words: readonly Piece[]): Argument {
  const [first] = words;
  const list = first?.list ?? null;
  const line = [text, ...words.map((one) => one.text)].join(' ');
  // What is more than the name of a program is a line, which the words are appended to; so are words in one string.
  const argv = list !== null && isWord(text) ? [text, ...wordsOf(list)] : null;
  return { text: line, name, kind: 'shell', isSure: true, argv, at: -1 };
}

function isWord(text: string): boolean {
  return /^[\w./+-]+$/.test(text);
}

/** The words of a list; whatever is no text in it stands as it would be passed on. */
function wordsOf(list: readonly unknown[]): readonly string[] {
  return list.filter((item) => item !== null && typeof item !== 'object').map(String);
}
