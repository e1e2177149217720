import type { AndOr, Command, CommandNode, ParsedScript, Statement, Word } from 'unbash';
import type { Field } from './field.ts';

/** Values a shell variable has throughout: `$HOME` and its like name a folder, whatever it is. */
const FOLDERS: ReadonlySet<string> = new Set(['HOME', 'PWD']);

/** Commands that give variables, named by their words, another value. */
const NAMING: ReadonlySet<string> = new Set(
  'declare export getopts let local mapfile printf read readarray readonly typeset unset'.split(' '),
);

/** A longer value is not followed: values of values could grow without end. */
const LONGEST_VALUE = 1024;

/** `export A=1` sets a variable as `A=1` does. */
const SETTERS: ReadonlySet<string> = new Set(['export', 'readonly']);

/**
 * The variables of one script that have a known value. A value counts only when nothing in the text can give the name
 * another one: each place that mentions the name, `$name` aside, is an assignment that is always carried out.
 */
export class Scope {
  readonly #source: string;
  readonly #script: ParsedScript | null;
  readonly #values = new Map<string, string | null>();
  #sure: ReadonlyMap<string, number> | null = null;
  #mentions: ReadonlyMap<string, number> | null = null;
  /** Whether `$HOME` and its like were not changed by what runs this script. */
  trustsFolders = true;
  /** How many more words brace lists may become. */
  expansions = 512;
  /** Whether a value was used: code that is read later must not change it. */
  used = false;

  constructor(source: string, script: ParsedScript | null) {
    this.#source = source;
    this.#script = script;
  }

  /** The value of a variable, `null` when it is not known. */
  value(name: string): string | null {
    const value = this.#values.get(name);
    if (value === undefined || value === null) return null;
    if (this.#count(name) !== this.#countSure().get(name)) return null;
    this.used = true;
    return value;
  }

  /** Whether the variable names a folder that this script does not choose. */
  isFolder(name: string): boolean {
    return this.trustsFolders && FOLDERS.has(name) && !this.#values.has(name) && this.#count(name) === 0;
  }

  /** Whether this script, or what runs it, gives a folder such as `HOME` another value. */
  changes(name: string): boolean {
    return !this.trustsFolders || this.#values.has(name);
  }

  /** Whether white space is what separates words. */
  get splitsAtSpace(): boolean {
    return !this.#values.has('IFS') && this.#count('IFS') === 0;
  }

  /** Records an assignment; `null` when the value is not known. */
  assign(name: string, value: string | null): void {
    if (FOLDERS.has(name)) this.trustsFolders = false;
    this.#values.set(name, value !== null && value.length > LONGEST_VALUE ? null : value);
  }

  /** Takes note of a loop that gives a variable other values. */
  changedBy(name: string): void {
    if (FOLDERS.has(name)) this.trustsFolders = false;
  }

  /** Takes note of a command that may change values. True when one was used before that may not have held then. */
  afterCommand(name: string, args: readonly Field[]): boolean {
    if (name === 'eval' || name === 'source' || name === '.') {
      this.#values.clear();
      return this.used;
    }
    if (!NAMING.has(name) || (name === 'printf' && args[0]?.text.startsWith('-v') !== true)) return false;
    let changed = false;
    for (const { text, literal } of args) {
      const [variable = '', value] = text.split('=', 2);
      if (FOLDERS.has(variable) && (value !== undefined || name !== 'export')) this.trustsFolders = false;
      const known = literal ? (this.#values.get(/^\w*/.exec(variable)?.[0] ?? '') ?? null) : null;
      if (known !== null && known !== value) this.#values.set(variable, null);
      if (!literal && value === undefined) this.#values.clear();
      changed ||= (known !== null && known !== value) || (!literal && value === undefined);
    }
    return changed && this.used;
  }

  #count(name: string): number {
    this.#mentions ??= countMentions(this.#source);
    return this.#mentions.get(name) ?? 0;
  }

  #countSure(): ReadonlyMap<string, number> {
    if (this.#sure !== null) return this.#sure;
    const counts = new Map<string, number>();
    for (const statement of this.#script?.commands ?? []) {
      for (const command of sureCommands(statement)) {
        for (const name of assignedNames(command)) counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
    this.#sure = counts;
    return counts;
  }
}

/** The commands of a statement that run one after the other in this shell for as long as all succeed. */
function sureCommands(statement: Statement): readonly Command[] {
  if (statement.background === true) return [];
  const { command } = statement;
  const chain: readonly (AndOr['commands'][number] | CommandNode)[] =
    command.type === 'AndOr' ? command.commands.slice(0, leadingAnds(command)) : [command];
  return chain.filter((node): node is Command => node.type === 'Command');
}

function leadingAnds(chain: AndOr): number {
  const other = chain.operators.indexOf('||');
  return other < 0 ? chain.commands.length : other + 1;
}

function assignedNames(command: Command): readonly string[] {
  if (command.name === undefined) return namesIn(command.prefix);
  return setsVariables(command.name) ? namesIn(command.suffix) : [];
}

/** Whether what a command assigns holds for all that follows it in its statement. */
export function holdsAfter(statement: Statement | null, node: Command): boolean {
  if (statement === null || (node.name !== undefined && !setsVariables(node.name))) return false;
  return sureCommands(statement).includes(node);
}

/** Whether the assignments among the words of a command hold for what follows it. */
export function setsVariables(name: Word): boolean {
  return SETTERS.has(name.text);
}

function namesIn(nodes: readonly { readonly type: string; readonly name?: unknown }[]): readonly string[] {
  return nodes.flatMap(({ type, name }) => (type === 'Assignment' && typeof name === 'string' ? [name] : []));
}

/** How often each name stands in a text other than as `$name` or `${name`. */
function countMentions(source: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const match of source.matchAll(/\w+/g)) {
    const [name] = match;
    const before = source[match.index - 1];
    const end = match.index + name.length;
    const sets = source[end] === '=' || (source[end] === ':' && source[end + 1] === '=');
    const isUse = before === '$' || (before === '{' && source[match.index - 2] === '$' && !sets);
    if (!isUse) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
