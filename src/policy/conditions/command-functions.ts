import { writtenFiles } from '../spellings/shell/written-files.ts';
import { readArgv, readShell, type ShellReading } from '../spellings/shell.ts';
import { readSql } from '../spellings/sql.ts';
import { failAt } from './errors.ts';
import type { Run } from './run.ts';
import { describe, MISSING } from './values.ts';

/** Reads a shell line, or the words of one command; `null` when there is nothing to read. */
function readCommands(value: unknown, name: string, run: Run, at: string): ShellReading | null {
  if (value === MISSING) return null;
  if (typeof value === 'string') {
    payForReading(value.length, run, at);
    return readShell(value);
  }
  if (!Array.isArray(value) || !value.every((word): word is string => typeof word === 'string')) {
    return failAt(at, `${name}() takes a shell line or a list of its words, not ${describe(value)}`);
  }
  payForReading(
    value.reduce((sum, word) => sum + word.length + 1, 0),
    run,
    at,
  );
  return readArgv(value);
}

function payForReading(length: number, run: Run, at: string): void {
  run.spend(8 + (length >>> 1), at);
}

function refuseUnreadable(name: string, reason: string | null, at: string): void {
  if (reason !== null) failAt(at, `${name}() cannot read the text: ${reason}`);
}

/** `commands(line)`: each simple command as `{name, args, flags}`, however deep it stands. */
export function commandsIn(value: unknown, run: Run, at: string): readonly object[] {
  const reading = readCommands(value, 'commands', run, at);
  if (reading === null) return [];
  refuseUnreadable('commands', reading.unreadable, at);
  return reading.commands.map(({ name, args, flags }) => ({ name, args, flags }));
}

/** `runs(line, 'rm')`: whether any command has that name. It may be known to even when the rest cannot be read. */
export function runsCommand(value: unknown, name: unknown, run: Run, at: string): boolean {
  if (name === MISSING) return false;
  if (typeof name !== 'string')
    return failAt(at, `runs() takes the name of a command as text, not ${describe(name)}`);
  const reading = readCommands(value, 'runs', run, at);
  if (reading === null) return false;
  if (reading.commands.some((command) => command.name === name)) return true;
  refuseUnreadable('runs', reading.unreadable, at);
  return false;
}

/** A folder that is known to be one, whichever it is. */
const FOLDER = /^\$(?:HOME|PWD|\{HOME\}|\{PWD\})(?=\/|$)/;

/** `writes_to(line)`: the targets of redirects, then the files that commands write to by their own words. */
export function writesTo(value: unknown, run: Run, at: string): readonly string[] {
  const reading = readCommands(value, 'writes_to', run, at);
  if (reading === null) return [];
  refuseUnreadable('writes_to', reading.unreadable, at);
  const files = [...new Set([...reading.writes, ...reading.commands.flatMap(writtenFiles)])];
  const unknown = files.find((file) => /[$`]|^[<>]\(/.test(file.replace(FOLDER, '')));
  if (unknown !== undefined) refuseUnreadable('writes_to', `a target is not literal: ${unknown}`, at);
  return files;
}

/**
 * `statements(sql)`: each statement as `{kind, tables, has_where, text}`. Always by the tokenizer: a condition means the
 * same in a guard with an SQL parser, in one without, and where a policy is evaluated by itself.
 */
export function statementsIn(value: unknown, run: Run, at: string): readonly object[] {
  if (value === MISSING) return [];
  if (typeof value !== 'string') return failAt(at, `statements() takes SQL as text, not ${describe(value)}`);
  payForReading(value.length, run, at);
  const { statements, unreadable } = readSql(value);
  refuseUnreadable('statements', unreadable, at);
  return statements.map(({ kind, tables, hasWhere, text }) => ({ kind, tables, has_where: hasWhere, text }));
}
