import type { Argument } from './argument.ts';
import type { ArgumentKind } from './argument-kind.ts';

/** One string of a call as it was found. */
export interface Piece {
  readonly text: string;
  readonly name: string;
  readonly kind: ArgumentKind | undefined;
  /** The list that it is directly in, or `null`. */
  readonly list: readonly unknown[] | null;
  readonly at: number;
}

/** Lists of these are lists of whole lines, each a command of its own. */
const LISTS_OF_LINES: ReadonlySet<string> = new Set(['commands', 'cmds', 'scripts', 'lines']);
/** The words that follow a command in a parameter of their own: `{command: 'rm', args: ['-rf', '/']}`. */
const WORDS_OF_COMMAND: ReadonlySet<string> = new Set(['args', 'argv', 'arguments', 'arg1']);
const PROGRAM: ReadonlySet<string> = new Set(['command', 'cmd', 'program', 'executable', 'binary', 'arg0']);

/**
 * The arguments that pieces are. The strings of a list under a shell kind are the words of one command; a program and
 * its words in a parameter of their own are one command as well, which stands nowhere in the intent string.
 */
export function groupedArguments(pieces: readonly Piece[]): readonly Argument[] {
  const words = pieces.find(({ list, name }) => list !== null && WORDS_OF_COMMAND.has(name))?.list ?? null;
  const program = words === null ? undefined : pieces.find(isProgram);
  const out: Argument[] = [];
  if (program !== undefined && words !== null) out.push(joined(program, words));
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Piece;
    const { text, name, kind, list, at } = piece;
    if (program !== undefined && (list === words || (piece === program && isWord(program.text)))) {
      out.push({ text, name, kind: undefined, argv: null, at });
    } else if (kind === 'shell' && list !== null && !LISTS_OF_LINES.has(name)) {
      let end = i;
      while (pieces[end + 1]?.list === list) end++;
      const argv = wordsOf(list);
      out.push({
        text: pieces
          .slice(i, end + 1)
          .map((one) => one.text)
          .join(' '),
        name,
        kind,
        argv,
        at,
      });
      i = end;
    } else out.push({ text, name, kind, argv: null, at });
  }
  return out;
}

function isProgram({ name, kind, list }: Piece): boolean {
  return list === null && PROGRAM.has(name) && (kind === 'shell' || name !== 'arg0');
}

function joined({ text, name }: Piece, words: readonly unknown[]): Argument {
  const argv = [text, ...wordsOf(words)];
  // What is more than the name of a program is a line, which the words are appended to.
  return { text: argv.join(' '), name, kind: 'shell', argv: isWord(text) ? argv : null, at: -1 };
}

function isWord(text: string): boolean {
  return /^[\w./+-]+$/.test(text);
}

/** The words of a list; whatever is no text in it stands as it would be passed on. */
function wordsOf(list: readonly unknown[]): readonly string[] {
  return list.filter((item) => item !== null && typeof item !== 'object').map(String);
}
