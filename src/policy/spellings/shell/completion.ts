import { buildCommand, type CommandParts, commandName, type ShellCommand } from './command.ts';
import type { Definitions } from './definitions.ts';
import { NOTHING } from './feed.ts';
import type { Field } from './field.ts';
import type { Guesses } from './guesses.ts';
import { excerpt } from './line-text.ts';
import { printsOnly } from './operands.ts';
import { subcommandAt } from './options.ts';
import { innerOf } from './wrapped.ts';
import { SHELLS } from './wrappers.ts';

/** A command as it was read, for a second look once the whole line is known. */
export interface Seen {
  readonly parts: CommandParts;
  /** Other words that the command may have, readings of which may only forbid. */
  readonly alternatives: readonly (readonly Field[])[];
}

/** What the words of a command are when they are read by themselves. */
export interface Aside {
  readonly commands: readonly ShellCommand[];
  readonly unreadable: string | null;
}

/** Programs of which one unknown word may decide how much they destroy, some with a subcommand. */
const DESTRUCTIVE: ReadonlySet<string> = new Set(
  'rm mv dd chmod chown truncate shred kill git_push git_reset git_clean'.split(' '),
);

/** How many readings with variables filled in are tried for one line. */
const MOST_READINGS = 400;

/** Fills in what is known by the end of a line only. Each method returns why the line cannot be read, else `null`. */
export class Completion {
  readonly #guesses: Guesses;
  readonly #definitions: Definitions;
  #readings = 0;
  readonly #read: (fields: readonly Field[]) => Aside;

  constructor(guesses: Guesses, definitions: Definitions, read: (fields: readonly Field[]) => Aside) {
    this.#guesses = guesses;
    this.#definitions = definitions;
    this.#read = read;
  }

  /** Adds to each command what it may be with its variables filled in. */
  fill(commands: ShellCommand[], seen: readonly Seen[]): string | null {
    let reason = this.#calls(seen);
    for (const [i, { parts, alternatives }] of seen.entries()) {
      const command = commands[i];
      const isOpen = parts.fields.some(({ holes }) => holes !== undefined && holes.length > 0);
      if (command === undefined || (!isOpen && alternatives.length === 0)) continue;
      if (alternatives.length === 0 && printsOnly(command.name ?? '')) continue;
      const readings = isOpen ? [...alternatives, ...this.#guesses.filled(parts.fields)] : alternatives;
      if (readings.length > 0) {
        const other = new Set(command.other);
        const operands = new Set(command.operands);
        for (const fields of readings) {
          if (++this.#readings > MOST_READINGS)
            return `it has more than ${MOST_READINGS} readings of its variables`;
          const aside = this.#aside(parts, fields);
          for (const one of aside.commands) {
            for (const form of [one.form, ...one.other]) other.add(form);
            for (const operand of one.operands) operands.add(operand);
          }
          const isSure =
            fields[0]?.literal === true && (alternatives.includes(fields) || SHELLS.has(command.name ?? ''));
          if (isSure && aside.commands[0]?.name !== null) reason ??= aside.unreadable;
        }
        other.delete(command.form);
        commands[i] = { ...command, other: [...other], operands: [...operands] };
      }
      if (isOpen) reason ??= this.#unknownWord(command.name ?? '', parts.fields.slice(1));
    }
    return reason;
  }

  /** A command that runs no other one needs no reader of its own. */
  #aside({ folder, assignments }: CommandParts, fields: readonly Field[]): Aside {
    const [first, ...args] = fields;
    const name = commandName(first);
    if (name !== null && innerOf(name, args, NOTHING).length > 0) return this.#read(fields);
    const command = buildCommand({ assignments, fields, written: null, folder });
    return { commands: [command], unreadable: null };
  }

  /** The words that functions of the line are called with. */
  #calls(seen: readonly Seen[]): string | null {
    const { functions } = this.#definitions;
    if (functions.size === 0) return null;
    for (const { parts } of seen) {
      const [name, ...args] = parts.fields;
      if (args.length > 0 && functions.has(name?.text ?? '')) this.#guesses.addParameters(args);
    }
    const catchesAll = functions.has('command_not_found_handle');
    return catchesAll ? 'it says what runs for commands that are not found' : null;
  }

  /** A word that may be options, before the operands of a command that destroys. */
  #unknownWord(name: string, args: readonly Field[]): string | null {
    const at = subcommandAt(name, args);
    if (!DESTRUCTIVE.has(at < 0 ? name : `${name}_${args[at]?.text ?? ''}`)) return null;
    for (const arg of args.slice(at + 1)) {
      if (arg.literal && (arg.text === '--' || !arg.text.startsWith('-'))) return null;
      if (this.#guesses.isUnknown(arg))
        return `an argument of \`${name}\` is not known: ${excerpt(arg.text)}`;
    }
    return this.#guesses.exhausted ? 'it has more than 4000 readings of its variables' : null;
  }
}
