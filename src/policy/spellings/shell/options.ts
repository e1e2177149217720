import { lazyConstant } from '../../../core/lazy-constant.ts';
import type { Field } from './field.ts';
import { FLAGS, SUBCOMMANDS } from './flags.ts';

const NONE: readonly string[] = Object.freeze([]);

interface Option {
  readonly shown: string;
  readonly order: number;
  readonly value: 'none' | 'needed' | 'attached';
}

interface OptionTable {
  readonly options: ReadonlyMap<string, Option>;
  readonly longNames: readonly string[];
  /** Whether options end at the first operand. */
  readonly stops: boolean;
}

/** The words of a command with its options normalised. */
export interface Options {
  /** Each option by itself, a value joined by `=`. */
  readonly flags: readonly string[];
  /** The words after the name as the canonical form shows them. */
  readonly words: readonly string[];
  /** The words that are neither options nor their values, without a subcommand. */
  readonly operands: readonly string[];
  /** The same as {@link words} without options that stand before a subcommand; `null` when there are none. */
  readonly withoutGlobals: readonly string[] | null;
}

const tables = lazyConstant<ReadonlyMap<string, OptionTable>>(
  () => new Map([...FLAGS].map(([name, line]) => [name, readTable(line)])),
);
const globals = lazyConstant<ReadonlyMap<string, ReadonlySet<string>>>(
  () => new Map([...SUBCOMMANDS].map(([name, line]) => [name, new Set(line.split(' '))])),
);

function readTable(line: string): OptionTable {
  const options = new Map<string, Option>();
  const stops = line.startsWith('+');
  for (const [order, item] of line
    .slice(stops ? 1 : 0)
    .split(' ')
    .filter(Boolean)
    .entries()) {
    const mark = item.at(-1);
    const value = mark === '=' ? 'needed' : mark === '?' ? 'attached' : 'none';
    const names = (value === 'none' ? item : item.slice(0, -1)).split('|');
    for (const name of names) options.set(name, { shown: names[0] ?? name, order, value });
  }
  return { options, longNames: [...options.keys()].filter((name) => name.startsWith('--')), stops };
}

/** Whether the options of a command are in the published table. */
export function hasOptions(name: string): boolean {
  return tables().has(name);
}

/** Where the subcommand of a command with subcommands stands among its arguments; -1 when there is none. */
export function subcommandAt(name: string, args: readonly Field[]): number {
  const values = globals().get(name);
  if (values === undefined) return -1;
  for (let i = 0; i < args.length; i++) {
    const text = args[i]?.text ?? '';
    if (values.has(text)) i++;
    else if (!text.startsWith('-')) return i;
  }
  return -1;
}

/** The options of the command `name`, normalised by the published table. */
export function readOptions(name: string, args: readonly Field[]): Options {
  const at = subcommandAt(name, args);
  const table = tables().get(at < 0 ? name : `${name} ${args[at]?.text ?? ''}`);
  const before = args.slice(0, at + 1).map(({ text }) => text);
  const rest = at < 0 ? args : args.slice(at + 1);
  const read =
    table === undefined ? asGiven(rest) : new OptionReader(table, name, before[at] ?? '').read(rest);
  const subcommand = before.slice(at);
  return {
    flags: read.flags,
    operands: read.operands,
    words: before.length === 0 ? read.words : [...before, ...read.words],
    withoutGlobals: at > 0 ? [...subcommand, ...read.words] : null,
  };
}

type Read = Pick<Options, 'flags' | 'words' | 'operands'>;

function asGiven(args: readonly Field[]): Read {
  const words = args.map(({ text }) => text);
  const end = words.indexOf('--');
  const flags = (end < 0 ? words : words.slice(0, end)).filter(
    (word) => word.length > 1 && word.startsWith('-'),
  );
  const operands = words.filter(
    (word, index) => word !== '--' && ((end >= 0 && index > end) || !/^-./.test(word)),
  );
  return { flags, words, operands };
}

class OptionReader {
  readonly #table: OptionTable;
  readonly #name: string;
  readonly #subcommand: string;
  readonly #plain = new Map<string, number>();
  readonly #valued: string[] = [];
  readonly #valuedFlags: string[] = [];
  readonly #unknown: string[] = [];
  readonly #operands: string[] = [];
  /** How many operands stand before `--`. */
  #before = 0;
  /** The last word, where it is an option without the value that it needs. */
  readonly #dangling: string[] = [];

  constructor(table: OptionTable, name: string, subcommand: string) {
    this.#table = table;
    this.#name = name;
    this.#subcommand = subcommand;
  }

  read(args: readonly Field[]): Read {
    let dashes = false;
    for (let i = 0; i < args.length; i++) {
      const text = args[i]?.text ?? '';
      if (i === 0 && this.#name === 'tar' && /^[A-Za-z]+$/.test(text)) this.#short(`-${text}`, undefined);
      else if (text === '--') {
        dashes = true;
        this.#before = this.#operands.length;
        for (const operand of args.slice(i + 1)) this.#operand(operand.text);
        break;
      } else if (text === '-' || !text.startsWith('-')) {
        const rest = this.#table.stops ? args.slice(i) : args.slice(i, i + 1);
        for (const operand of rest) this.#operand(operand.text);
        if (this.#table.stops) break;
      } else if (this.#option(text, args[i + 1]?.text)) i++;
    }
    return this.#result(dashes);
  }

  #operand(text: string): void {
    this.#operands.push(text);
    // A refspec says by its first character what an option says otherwise.
    if (this.#name !== 'git' || this.#subcommand !== 'push') return;
    if (/^\+./.test(text)) this.#note('--force');
    if (/^:./.test(text)) this.#note('--delete');
  }

  #note(name: string): void {
    this.#plain.set(name, this.#table.options.get(name)?.order ?? 0);
  }

  /** Takes one word; true when it took the next one as its value. */
  #option(text: string, next: string | undefined): boolean {
    const whole = this.#table.options.get(text);
    if (whole !== undefined) return this.#take(whole, undefined, next);
    return text.startsWith('--') ? this.#long(text, next) : this.#short(text, next);
  }

  #long(text: string, next: string | undefined): boolean {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const option = this.#table.options.get(name) ?? this.#abbreviated(name);
    if (option !== undefined)
      return this.#take(option, equals < 0 ? undefined : text.slice(equals + 1), next);
    this.#unknown.push(text);
    return false;
  }

  #abbreviated(name: string): Option | undefined {
    const { longNames, options } = this.#table;
    const shown = new Set<Option | undefined>();
    for (const long of longNames) if (long.startsWith(name)) shown.add(options.get(long));
    const [only] = shown;
    return new Set([...shown].map((option) => option?.shown)).size === 1 ? only : undefined;
  }

  #short(text: string, next: string | undefined): boolean {
    for (let i = 1; i < text.length; i++) {
      const option = this.#table.options.get(`-${text[i] ?? ''}`);
      if (option === undefined) {
        this.#unknown.push(`-${text.slice(i)}`);
        return false;
      }
      if (option.value !== 'none') {
        const attached = text.slice(i + 1);
        return this.#take(option, attached === '' ? undefined : attached, next);
      }
      this.#plain.set(option.shown, option.order);
    }
    return false;
  }

  #take(option: Option, attached: string | undefined, next: string | undefined): boolean {
    const { shown, order, value } = option;
    const given = attached ?? (value === 'needed' ? next : undefined);
    // `tar --file=x` is shown as `tar -f x`, where the archive is the first operand.
    if (value === 'none' && attached !== undefined) this.#operand(attached);
    if (value === 'needed' && given === undefined) {
      this.#dangling.push(shown);
      return false;
    }
    if (value === 'none' || given === undefined) {
      this.#plain.set(shown, order);
      return false;
    }
    // `kill -s KILL` is `kill -9`.
    const signal = shown === '--signal' || shown === '-s' ? this.#table.options.get(`-${given}`) : undefined;
    if (signal !== undefined && /kill/.test(this.#name)) {
      this.#plain.set(signal.shown, signal.order);
      return attached === undefined;
    }
    this.#valuedFlags.push(`${shown}=${given}`);
    const long = shown.startsWith('--');
    if (value === 'attached') this.#valued.push(long ? `${shown}=${given}` : shown + given);
    else if (long) this.#valued.push(`${shown}=${given}`);
    else this.#valued.push(shown, given);
    return attached === undefined;
  }

  #result(dashes: boolean): Read {
    const plain: string[] = [];
    if (this.#plain.size > 0) {
      for (const [name] of [...this.#plain].sort((a, b) => a[1] - b[1])) plain.push(name);
    }
    let letters = '';
    const long: string[] = [];
    for (const name of plain) {
      if (name.length === 2) letters += name.charAt(1);
      else long.push(name);
    }
    const cluster = letters === '' ? NONE : [`-${letters}`];
    const needed = dashes && (this.#name === 'git' || this.#operands.some((text) => text.startsWith('-')));
    const end = needed ? ['--'] : NONE;
    // What stands before it is another kind of operand to git.
    const before = needed && this.#name === 'git' ? this.#operands.slice(0, this.#before) : NONE;
    // The archive follows `-f` at once.
    const archive =
      this.#name === 'tar' && this.#plain.has('-f') && !dashes ? this.#operands.splice(0, 1) : NONE;
    return {
      flags: [...plain, ...this.#valuedFlags, ...this.#unknown, ...this.#dangling],
      words: [
        ...cluster,
        ...archive,
        ...long,
        ...this.#valued,
        ...this.#unknown,
        ...before,
        ...end,
        ...this.#operands.slice(before.length),
        ...this.#dangling,
      ],
      operands: [...archive, ...this.#operands],
    };
  }
}
