import type { Argument } from '../../core/argument.ts';
import { kindOfArgument } from '../../core/argument-kind.ts';
import { canonicalJson, isRevoked } from '../../core/canonical.ts';
import type { FileFacts } from '../../core/file-facts.ts';
import { isNameOfWords } from '../../core/grouped-arguments.ts';
import { isPlainObject } from '../../core/private-copy.ts';
import type { SqlParser } from '../../core/sql-parser.ts';
import { canonicalLine } from './canonical-line.ts';
import { canonicalPath, canonicalUrl } from './canonical-place.ts';
import type { ReadingFacts } from './read-argument.ts';
import { readArgv, readShell } from './shell.ts';
import { readSql } from './sql.ts';
import { textForms } from './text.ts';

/** So many typed arguments are read, as many as rules read; those behind are compared as texts. */
const MAX_TYPED = 256;
/** Longer texts are compared as they stand. */
const MAX_LENGTH = 1 << 18;

/**
 * One text for all spellings of what a call would do, so that two calls can be compared: every path, URL, command and
 * statement in one canonical form, every other string in NFKC, its white space collapsed and its look-alike letters
 * plain, and everything that is no string as it is. What cannot be read is compared as a text. It permits nothing: two
 * calls with one such text are not exactly the same call.
 */
export function canonicalIntent(
  parameters: Readonly<Record<string, unknown>>,
  args: readonly Argument[],
  facts: ReadingFacts,
): string {
  let typed = 0;
  const texts = withoutParts(args).map((argument) => {
    const isRead = isTyped(argument) && typed++ < MAX_TYPED;
    const text = isRead ? canonicalArgument(argument, facts) : plainText(argument.text);
    return [memberName(argument.name), text];
  });
  const shape: Leaf[] = [];
  addLeaves(parameters, '', shape);
  return canonicalJson([shape, texts]);
}

function isTyped({ kind, text }: Argument): boolean {
  return kind !== undefined && kind !== 'text' && text.length <= MAX_LENGTH;
}

/** The words of a program that stand beside it (`{command: 'rm', args: ['-rf', '/x']}`) are in the command that they make. */
function withoutParts(args: readonly Argument[]): readonly Argument[] {
  // Only such a command stands nowhere in the intent string.
  const made = args.filter(({ at }) => at < 0);
  if (made.length === 0) return args;
  const words = new Set(made.flatMap(({ argv }) => argv ?? []));
  const names = new Set(made.map(({ name }) => name));
  return args.filter(({ at, kind, name, text }) => {
    const isPart = kind === undefined && (names.has(name) || isNameOfWords(name)) && words.has(text);
    return at < 0 || !isPart;
  });
}

/** Never throws: what fails inside is compared as a text. */
function canonicalArgument(argument: Argument, { files, parseSql }: ReadingFacts): string {
  const { text, kind } = argument;
  try {
    if (kind === 'path') return canonicalPath(text, files);
    if (kind === 'url') return canonicalUrl(text);
    return kind === 'shell' ? canonicalCommand(argument, files) : canonicalSql(text, parseSql);
  } catch {
    return plainText(text);
  }
}

function canonicalCommand({ text, argv }: Argument, files: FileFacts): string {
  const { line, unreadable } = argv === null ? readShell(text) : readArgv(argv);
  const canonical = canonicalLine(line, files);
  // The line shows neither what it does not understand nor what a here-document holds.
  const isWhole = unreadable === null && line !== '' && !text.includes('<<');
  return isWhole ? canonical : `${canonical}\n${plainText(text)}`;
}

function canonicalSql(text: string, parseSql: SqlParser | null): string {
  const { statements, unreadable } = readSql(text, parseSql);
  const canonical = statements.map((statement) => withoutCase(statement.text)).join('; ');
  return unreadable === null && canonical !== '' ? canonical : `${canonical}\n${plainText(text)}`;
}

/** Names in one case, as most databases take them; strings as they are. */
function withoutCase(statement: string): string {
  return statement.replace(/'(?:[^']|'')*'|[^']+/g, (part) =>
    part.startsWith("'") ? part : part.toLowerCase(),
  );
}

function plainText(text: string): string {
  return (textForms(text).at(-1) ?? text).replace(/\s+/gu, ' ').trim();
}

/** Where something stands, and what it is; texts are compared elsewhere. */
type Leaf = readonly [path: string, value: string];

/** What no value is written as that is not a text. */
const TEXT = '""';

/** Everything in a value that is no text, and where texts are; how many texts a list has may be a matter of spelling. */
function addLeaves(value: unknown, path: string, out: Leaf[]): void {
  if (typeof value === 'string') {
    const last = out.at(-1);
    if (last?.[0] !== path || last[1] !== TEXT) out.push([path, TEXT]);
  } else if (typeof value !== 'object' || value === null || isRevoked(value)) {
    out.push([path, canonicalJson(value)]);
  } else if (Array.isArray(value)) {
    for (const item of value) addLeaves(item, path, out);
  } else if (isPlainObject(value)) {
    for (const key of Object.keys(value).sort()) addLeaves(value[key], `${path}.${memberName(key)}`, out);
  } else out.push([path, canonicalJson(value)]);
}

/** A key that names a place, as in `{'/etc/passwd': 'root'}`, is an argument itself, and compared as one. */
function memberName(key: string): string {
  return kindOfArgument('', key) === undefined ? key : '/';
}
