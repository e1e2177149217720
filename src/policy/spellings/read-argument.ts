import type { Argument } from '../../core/argument.ts';
import type { FileFacts } from '../../core/file-facts.ts';
import type { SqlParser } from '../../core/sql-parser.ts';
import type { Forms } from './forms.ts';
import { readPath } from './path.ts';
import { readArgv, readShell, type ShellCommand, type ShellReading } from './shell.ts';
import { readSql } from './sql.ts';
import type { SubjectKind, Unreadable } from './subject.ts';
import { textForms } from './text.ts';
import { filePathOf, readUrl } from './url.ts';

/** A part of an argument that rules are walked for by itself. */
export interface Unit {
  readonly kind: SubjectKind;
  readonly given: string;
  readonly forms: Forms;
  /** True where the part stands in the place of the whole argument, false for one beside it, such as a redirect. */
  readonly inPlace: boolean;
}

/** An argument, read as its kind. */
export interface ReadArgument {
  readonly units: readonly Unit[];
  /** Readings of the whole argument, which may only forbid. */
  readonly shared: readonly string[];
  /** The whole argument in its plainest form, for the intent strings of its neighbours. */
  readonly plain: string;
  /** The values for conditions, one for each meaning. */
  readonly values: readonly string[];
  readonly unreadable: Unreadable | null;
}

/** What arguments are read with. */
export interface ReadingFacts {
  readonly files: FileFacts;
  readonly parseSql: SqlParser | null;
}

/** How the readers say that there is more of something than they read. */
const TOO_MUCH = /^(?:it is longer than|it has (?:a command of )?more than|it is nested too|code stands too)/;

/** Longer texts are not read as anything but text. */
const MAX_LENGTH = 1 << 18;

/** Reads a typed argument. Never throws: what fails inside is unreadable. */
export function readArgument(argument: Argument, { files, parseSql }: ReadingFacts): ReadArgument {
  const { text, kind } = argument;
  if (text.length > MAX_LENGTH) return unread(argument, `it is longer than ${MAX_LENGTH} characters`, true);
  try {
    if (kind === 'path') return readAsPath(text, files);
    if (kind === 'url') return readAsUrl(text, files);
    return kind === 'shell' ? readAsShell(argument, files) : readAsSql(text, parseSql);
  } catch {
    return unread(argument, 'reading it failed');
  }
}

function unread({ text, kind }: Argument, why: string, isTooMuch = false): ReadArgument {
  const forms = { canonical: [text], other: [] };
  const name = kind === 'path' ? 'path' : kind === 'url' ? 'URL' : kind === 'shell' ? 'command' : 'statement';
  const unit: Unit = { kind: name, given: text, forms, inPlace: true };
  return { units: [unit], shared: [], plain: text, values: [text], unreadable: { why, isTooMuch } };
}

function readAsPath(text: string, files: FileFacts): ReadArgument {
  const { meanings, values } = readPath(text, files);
  const units = meanings.map((forms): Unit => ({ kind: 'path', given: text, forms, inPlace: true }));
  // In letters that only look alike it is another path, but hardly meant as one.
  const alike = textForms(text).flatMap((form) => pathForms([form], files));
  // What begins with two slashes, or has a scheme, is a URL to those who fetch it.
  const isUrlToo = /^\s*(?:\/\/[\w[]|[a-z][a-z0-9+.-]*:)/i.test(text);
  const shared = distinct([...alike, ...(isUrlToo ? urlForms(text.trim()) : [])], []);
  return { units, shared, plain: meanings[0]?.canonical[0] ?? text, values, unreadable: null };
}

function urlForms(text: string): string[] {
  return readUrl(text).meanings.flatMap(({ canonical, other }) => [...canonical, ...other]);
}

function readAsUrl(text: string, files: FileFacts): ReadArgument {
  const { meanings, values } = readUrl(text);
  const path = filePathOf(text);
  const units = meanings.map((forms): Unit => ({ kind: 'URL', given: text, forms, inPlace: true }));
  if (path !== null) {
    for (const forms of readPath(path, files).meanings)
      units.push({ kind: 'path', given: path, forms, inPlace: false });
  }
  return {
    units,
    shared: textForms(text),
    plain: meanings[0]?.canonical[0] ?? text,
    values,
    unreadable: null,
  };
}

function readAsSql(text: string, parseSql: SqlParser | null): ReadArgument {
  const { statements, unreadable } = readSql(text, parseSql);
  const units = statements.map(
    (statement): Unit => ({
      kind: 'statement',
      given: statement.given,
      forms: { canonical: [statement.text], other: distinct([statement.given], [statement.text]) },
      inPlace: true,
    }),
  );
  const plain = statements.map((statement) => statement.text).join('; ');
  const folded = textForms(text).flatMap((form) => [
    form,
    ...readSql(form).statements.map((one) => one.text),
  ]);
  const shared = distinct([text, ...folded], []);
  if (units.length === 0) units.push(asGiven('statement', text));
  return {
    units,
    shared,
    plain: plain === '' ? text : plain,
    values: [plain === '' ? text : plain],
    unreadable: unreadableOf(unreadable),
  };
}

function readAsShell({ text, argv }: Argument, files: FileFacts): ReadArgument {
  const reading = argv === null ? readShell(text) : readArgv(argv);
  const units = reading.commands.map(
    (command): Unit => ({
      kind: 'command',
      given: text,
      forms: {
        canonical: [command.form],
        other: distinct([...command.other, ...touchedBy(command, files)], [command.form]),
      },
      inPlace: true,
    }),
  );
  for (const target of reading.writes) {
    for (const forms of readPath(target, files).meanings)
      units.push({ kind: 'path', given: target, forms, inPlace: false });
  }
  if (units.length === 0) units.push(asGiven('command', text));
  const plain = reading.line === '' ? text : reading.line;
  // A list whose items are lines is hardly one of words, whatever it is passed to.
  const lines = (argv ?? []).filter((item) => /\s/.test(item)).flatMap((item) => commandForms(item, files));
  const shared = distinct([text, ...forbiddingForms(text, reading, files), ...lines], []);
  return { units, shared, plain, values: [plain], unreadable: unreadableOf(reading.unreadable) };
}

/** A reader stops at its limits with a reason that says so. */
function unreadableOf(why: string | null): Unreadable | null {
  return why === null ? null : { why, isTooMuch: TOO_MUCH.test(why) };
}

/** The readings of a whole line that may only forbid. */
function forbiddingForms(text: string, reading: ShellReading, files: FileFacts): string[] {
  const forms = [reading.line, ...pathForms(reading.reads, files)];
  // A word that is written in another alphabet, or encoded, is read once more as what it stands for.
  for (const hidden of [...lineForms(text), ...reading.decoded])
    forms.push(hidden, ...commandForms(hidden, files));
  return forms;
}

/** The readings of a text whose line breaks mean something, without those that only have other white space. */
function lineForms(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => [line, ...textForms(line)]);
  const forms = [1, 2].map((at) => lines.map((known) => known[at] ?? known.at(-1) ?? '').join('\n'));
  const spaced = (form: string): string => form.replace(/[ \t\r\n]+/g, ' ').trim();
  return distinct(forms, [text]).filter((form) => spaced(form) !== spaced(text));
}

/** What the commands of a text would be, for readings that may only forbid. */
export function commandForms(text: string, files: FileFacts): string[] {
  const { commands, line, writes, reads } = readShell(text);
  const forms = commands.flatMap((command) => [command.form, ...command.other, ...touchedBy(command, files)]);
  return [line, ...forms, ...pathForms(writes, files), ...pathForms(reads, files)];
}

/** What the statements of a text would be, for readings that may only forbid. */
export function statementForms(text: string): string[] {
  return readSql(text).statements.map((statement) => statement.text);
}

/**
 * What a command touches, in every form. A folder that it changes to stands with a slash behind it too, as what follows is
 * touched below it.
 */
function touchedBy({ name, args, operands }: ShellCommand, files: FileFacts): string[] {
  if (name !== 'cd' && name !== 'pushd') return pathForms(operands, files);
  const folders = pathForms(
    args.filter((arg) => !arg.startsWith('-')),
    files,
  );
  return folders.flatMap((folder) => (folder.endsWith('/') ? [folder] : [folder, `${folder}/`]));
}

function pathForms(paths: readonly string[], files: FileFacts): string[] {
  return paths.flatMap((path) => {
    const isUrl = /^(?:[a-z][a-z0-9+.-]*:\/\/|file:)/i.test(path);
    const file = isUrl ? filePathOf(path) : null;
    const meanings = [
      ...(isUrl ? readUrl(path).meanings : []),
      ...(isUrl && file === null ? [] : readPath(file ?? path, files).meanings),
    ];
    return meanings.flatMap(({ canonical, other }) => [...canonical, ...other]);
  });
}

function asGiven(kind: SubjectKind, text: string): Unit {
  return { kind, given: text, forms: { canonical: [text], other: [] }, inPlace: true };
}

function distinct(texts: readonly string[], known: readonly string[]): readonly string[] {
  if (texts.length === 0) return texts;
  return [...new Set(texts)].filter((text) => text !== '' && !known.includes(text));
}
