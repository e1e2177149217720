import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What a guard is asked: a call with a type, or a plain string. */
export type Question =
  | string
  | {
      readonly actionType: string;
      readonly toolName: string;
      readonly parameters: Readonly<Record<string, unknown>>;
    };

/** One line of a corpus. */
export interface Line {
  /** Kind, group and a digest of the text: the same wherever the line stands in its file. */
  readonly id: string;
  readonly group: string;
  /** The line as it is written, for messages. */
  readonly text: string;
  /** Why it means what its group is called; empty for harmless lines. */
  readonly why: string;
  readonly question: Question;
}

/** A guard, of the sources or of the package. */
export interface Judge {
  evaluate(question: Question): { readonly verdict: string };
}

/** How many lines a corpus has, and those that the guard judged otherwise than they should be. */
export interface Tally {
  readonly total: number;
  readonly wrong: readonly string[];
}

type Kind = keyof typeof QUESTIONS;

interface TypedCall {
  readonly why?: string;
  readonly actionType: string;
  readonly toolName: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A group as its file has it: texts one to a line, texts with escapes, texts of several lines, or whole calls. */
interface Group {
  readonly kind: Kind | 'call';
  readonly group: string;
  readonly lines?: string;
  readonly escaped?: readonly (readonly [text: string, why: string])[];
  readonly scripts?: readonly string[];
  readonly calls?: readonly TypedCall[];
}

/** How a text of each kind is asked about. */
export const QUESTIONS = Object.freeze({
  shell: (command: string): Question => ({
    actionType: 'shell.run',
    toolName: 'run_command',
    parameters: { command },
  }),
  read: (path: string): Question => ({
    actionType: 'file.read',
    toolName: 'read_file',
    parameters: { path },
  }),
  write: (path: string): Question => ({
    actionType: 'file.write',
    toolName: 'write_file',
    parameters: { path, content: 'x' },
  }),
  delete: (path: string): Question => ({
    actionType: 'file.delete',
    toolName: 'delete_file',
    parameters: { path },
  }),
  url: (url: string): Question => ({ actionType: 'http.get', toolName: 'fetch', parameters: { url } }),
  sql: (sql: string): Question => ({ actionType: 'db.query', toolName: 'query', parameters: { sql } }),
  text: (text: string): Question => text,
});

/** All lines of a corpus, file after file. `links` takes the place of `{links}` in their texts. */
export function readCorpus(corpus: 'evasions' | 'harmless', links: string): readonly Line[] {
  const folder = new URL(`${corpus}/`, import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => parse(readFileSync(new URL(file, folder), 'utf8')) as Group[])
    .flatMap((group) => linesOf(group, links));
}

/** The lines that are not stopped, of those that should be. */
export function tallyEvasions(judge: Judge, lines: readonly Line[]): Tally {
  return tally(lines, ({ question }) => isAllowed(judge, question));
}

/** The lines that are stopped, of those that should not be. */
export function tallyHarmless(judge: Judge, lines: readonly Line[]): Tally {
  return tally(lines, ({ question }) => !isAllowed(judge, question));
}

/** Whether a call would run without anybody being asked. */
export function isAllowed(judge: Judge, question: Question): boolean {
  const { verdict } = judge.evaluate(question);
  return verdict === 'ALLOW' || verdict === 'WARN';
}

function tally(lines: readonly Line[], isWrong: (line: Line) => boolean): Tally {
  const wrong = lines
    .filter(isWrong)
    .map(({ id, text, why }) => `${id}: ${text}${why === '' ? '' : ` (${why})`}`);
  return { total: lines.length, wrong };
}

function linesOf(
  { kind, group, lines = '', escaped = [], scripts = [], calls = [] }: Group,
  links: string,
): Line[] {
  const line = (text: string, why: string, question: Question): Line => {
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
    return { id: `${kind}/${group}/${digest}`, group, text: visible(text), why, question };
  };
  if (kind === 'call') {
    return calls.map(({ why = '', ...call }) => line(JSON.stringify(call), why, call));
  }
  const oneLiners = lines
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => text.split(' ## '));
  return [...oneLiners, ...escaped, ...scripts.map((script) => [script])].map(([text = '', why = '']) =>
    line(text, why, QUESTIONS[kind](text.replaceAll('{links}', links))),
  );
}

/** A text with its line ends, and letters that cannot be seen, as escapes. */
function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\u00a0]/gu,
    (letter) => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
