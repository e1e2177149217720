import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAllowed, type Judge, QUESTIONS, type Question } from '../corpus.ts';
import { harmfulCommand } from './harmful-command.ts';
import { harmfulStatement } from './harmful-statement.ts';
import { reachesPosixFolder, reachesWindowsFolder } from './system-folder.ts';

/** Public payload lists, beside the checkout; absent on a clean clone. */
const LISTS = new URL('../../../../shared/data/', import.meta.url);

/** Where a program keeps the files that a traversal wants to leave. */
const BASE = '/var/www/html';

/** What takes the place of `{FILE}`, and when a path to it is one into a folder of the system. */
const TARGETS = Object.freeze([
  { file: 'etc/passwd', reaches: reachesPosixFolder },
  { file: 'windows/win.ini', reaches: reachesWindowsFolder },
]);

/** What became of one list. */
export interface PayloadTally {
  readonly list: string;
  readonly lines: number;
  /** Lines that truly reach something protected. */
  readonly reaching: number;
  /** What the guard was asked for those of them that it lets through. */
  readonly misses: readonly string[];
}

/**
 * What a line asks of a guard, for each way in which it reaches something protected; none where it reaches nothing.
 * Markup reaches nothing that a guard of actions protects: the page that shows it must.
 */
const REACHING: Readonly<Record<string, (line: string) => readonly Question[]>> = Object.freeze({
  traversal: (line: string) => traversals(line),
  'command-injection': (line: string) => (harmfulCommand(line) ? [QUESTIONS.shell(line)] : []),
  sql: (line: string) => (harmfulStatement(line) ? [QUESTIONS.sql(line)] : []),
  xss: () => [],
});

/** Every payload list, judged; `null` where the lists are not there. */
export function tallyPayloads(judge: Judge): readonly PayloadTally[] | null {
  if (!existsSync(LISTS)) return null;
  return Object.entries(REACHING).flatMap(([folder, questionsOf]) =>
    readdirSync(new URL(`${folder}/`, LISTS))
      .sort()
      .map((file) => tallyList(judge, `${folder}/${file}`, questionsOf)),
  );
}

function tallyList(
  judge: Judge,
  list: string,
  questionsOf: (line: string) => readonly Question[],
): PayloadTally {
  const lines = readFileSync(new URL(list, LISTS), 'utf8')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '');
  let reaching = 0;
  const misses: string[] = [];
  for (const line of lines) {
    const questions = questionsOf(line);
    if (questions.length > 0) reaching++;
    const missed = questions.find((question) => isAllowed(judge, question));
    if (missed !== undefined)
      misses.push(typeof missed === 'string' ? missed : Object.values(missed.parameters).join(' '));
  }
  return { list, lines: lines.length, reaching, misses };
}

/** The line as the path of a call, and behind the folder of a program, as programs join them. */
function traversals(line: string): readonly Question[] {
  const paths = TARGETS.flatMap(({ file, reaches }) => {
    const path = line.replaceAll('{FILE}', file);
    return [
      ...(reaches(path, process.cwd()) ? [path] : []),
      ...(reaches(`${BASE}/${path}`, BASE) ? [`${BASE}/${path}`] : []),
    ];
  });
  return [...new Set(paths)].map(QUESTIONS.read);
}
