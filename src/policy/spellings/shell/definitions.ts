import { type Feed, outputOf } from './feed.ts';
import { type Field, literalField } from './field.ts';
import type { Guesses } from './guesses.ts';

/** Commands that name the variables they set; a value may stand behind `=`. */
const READERS: ReadonlySet<string> = new Set(['read', 'mapfile', 'readarray']);
const DECLARERS: ReadonlySet<string> = new Set(['declare', 'typeset', 'local', 'export', 'readonly', 'let']);
const TAKES_NAMES: ReadonlySet<string> = new Set([
  ...READERS,
  ...DECLARERS,
  'printf',
  'test',
  '[',
  'unset',
  '((',
]);
const NOTED: ReadonlySet<string> = new Set([...TAKES_NAMES, 'alias', 'hash', 'set']);
/** How many variables of one `read`, and how many words for each, are followed. */
const MOST_WORDS = 64;
/** Variables that hold settings and options by which a program runs others. */
const POWERS = /^(?:GIT_CONFIG_(?:COUNT|PARAMETERS|(?:KEY|VALUE)_\d+)|GIT_EXEC_PATH|TAR_OPTIONS)$/;
/** A command among the letters of a subscript runs where bash wants a number, even out of quotes. */
const CODE_IN_SUBSCRIPT = /\w\[[^\]]{0,99}(?:\$\(|`)/;

/** What a line says that its words mean: its functions and aliases, and what its commands give to variables. */
export class Definitions {
  /** The functions of the line with their bodies as written. */
  readonly functions = new Map<string, string>();
  readonly aliases = new Map<string, Field>();
  readonly #guesses: Guesses;

  constructor(guesses: Guesses) {
    this.#guesses = guesses;
  }

  /** Whether the line gives a name of a program another meaning. */
  replaces(name: string): boolean {
    return this.functions.has(name) || this.aliases.has(name);
  }

  /** Takes note of what a command gives to variables. Why it cannot be followed, `null` when it can. */
  note(name: string, args: readonly Field[], feed: Feed): string | null {
    if (!NOTED.has(name)) return null;
    if (TAKES_NAMES.has(name) && args.some(({ text }) => CODE_IN_SUBSCRIPT.test(text)))
      return codeForNumber();
    if (name === 'hash' && args.some(({ text }) => /^-\w*p/.test(text)))
      return '`hash` says what a name runs';
    if (name === 'alias') this.#alias(args);
    else if (name === 'set') this.#set(args);
    else if (name === 'printf' && args[0]?.text.startsWith('-v') === true) this.#print(args);
    else if (READERS.has(name) && feed.kind === 'text') this.#read(args, feed.field);
    else if (DECLARERS.has(name)) this.#declare(args);
    return null;
  }

  #alias(args: readonly Field[]): void {
    for (const arg of args) {
      const at = arg.text.indexOf('=');
      if (at > 0)
        this.aliases.set(arg.text.slice(0, at), {
          ...literalField(arg.text.slice(at + 1)),
          literal: arg.literal,
        });
    }
  }

  #set(args: readonly Field[]): void {
    const at = args.findIndex(({ text }) => text === '--' || !/^[-+]/.test(text));
    if (at >= 0) this.#guesses.addParameters(args.slice(args[at]?.text === '--' ? at + 1 : at));
  }

  #print(args: readonly Field[]): void {
    const [first, second, ...rest] = args;
    const attached = first?.text.slice(2) ?? '';
    const variable = attached === '' ? (second?.text ?? '') : attached;
    const printed = outputOf('printf', attached === '' ? rest : args.slice(1), { kind: 'none' });
    if (printed.kind === 'text') this.#guesses.add(variable, printed.field);
  }

  #read(args: readonly Field[], value: Field): void {
    const names = args.filter(({ text }) => /^[A-Za-z_]\w*$/.test(text)).map(({ text }) => text);
    const words =
      value.holes === undefined ? value.text.split(/\s+/).filter(Boolean).slice(0, MOST_WORDS) : [];
    for (const name of names.length === 0 ? ['REPLY', 'MAPFILE'] : names.slice(0, MOST_WORDS)) {
      this.#guesses.add(name, value);
      for (const word of words) this.#guesses.add(name, literalField(word));
    }
  }

  #declare(args: readonly Field[]): void {
    for (const arg of args) {
      const at = arg.text.indexOf('=');
      if (at <= 0) continue;
      const name = arg.text.slice(0, at);
      const holes = (arg.holes ?? []).map(({ start, end, quoted }) => ({
        start: start - at - 1,
        end: end - at - 1,
        quoted,
      }));
      if (holes.every(({ start }) => start >= 0))
        this.#guesses.add(name, { ...arg, text: arg.text.slice(at + 1), holes });
    }
  }
}

/** Why a setting of a variable cannot be followed, `null` when it can. */
export function whyUnsettable(name: string, { text, literal }: Field): string | null {
  if (name === 'BASH_ALIASES' || name === 'BASH_CMDS') return `\`${name}\` says what a name runs`;
  if (POWERS.test(name)) return `\`${name}\` says what a program runs`;
  if (name === 'CDPATH' && text !== '') return '`CDPATH` says where `cd` goes';
  if (/^PS\d$/.test(name) && /\$\(|`/.test(text)) return `\`${name}\` holds commands`;
  return literal && CODE_IN_SUBSCRIPT.test(text) ? codeForNumber() : null;
}

function codeForNumber(): string {
  return 'it has a command where a number may be read';
}
