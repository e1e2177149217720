import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { beforeAll } from 'vitest';
import { attempt, guardedTools } from './guarded-tools.ts';
import { workspace } from './run-cli.ts';

const PROGRAM = fileURLToPath(new URL('./guarded-process.ts', import.meta.url));

/** Characters in the journal that would act on a terminal. */
export const ACTING: readonly string[] = ['\x1b', '\u202e', '\x9b'];

/** One line of JSON. */
export type Line = Readonly<Record<string, unknown>> & { readonly action_id: string; readonly body: string };

/** Lines of JSON, read. */
export function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line)));
}

/**
 * A folder with the journal `log.db`: 12 records of 7 actions by two writers. One action is of a process that died in
 * it, one has what hurts terminals and spreadsheets.
 */
export function sampleJournal(files: Readonly<Record<string, string>> = {}) {
  const place = workspace(files);
  const at = (name: string): string => join(place.folder, name);
  /** Runs statements by hand, as somebody does who can write the file. */
  const edit = (name: string, ...statements: readonly string[]): void => {
    const database = new DatabaseSync(at(name));
    for (const statement of statements) database.exec(statement);
    database.close();
  };
  beforeAll(async () => {
    const { guard, run } = guardedTools(at('log.db'));
    for (const command of ['one', 'hm', 'rm -rf /', 'boom', 'two\x1b[2J\n\u202e\x9b'])
      attempt(() => run(command));
    guard.withContext({ agentId: '=HYPERLINK("http://evil")', taskId: 't1' }, () => run('+1'));
    await guard.close();
    spawnSync(process.execPath, [PROGRAM, at('log.db')], { input: 'die\n' });
    // What the dead process wrote lies beside the file until somebody takes it in.
    edit('log.db', 'PRAGMA wal_checkpoint(TRUNCATE)');
  });
  /** A copy of the journal, edited. */
  const copy = (name: string, ...statements: readonly string[]): string => {
    copyFileSync(at('log.db'), at(name));
    edit(name, ...statements);
    return name;
  };
  /** The records of a journal, as they are exported. */
  const exported = (name: string): Line[] =>
    linesOf(place.run(['audit', 'export', '--records', '--db', name]).stdout);
  return { ...place, at, edit, copy, exported };
}
