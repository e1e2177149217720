import { readFileSync } from 'node:fs';
import { systemClock } from '../../call/system-clock.ts';
import { ConfigFileNotFoundError } from '../../core/errors.ts';
import { printable } from '../../explain/printable.ts';
import { type Checkpoint, readCheckpoint } from '../../journal/checkpoint.ts';
import type { JournalProblem } from '../../journal/problems.ts';
import { REBUILD } from '../../stores/sqlite/projection-check.ts';
import { JournalReader } from '../../stores/sqlite/reader.ts';
import { EXIT } from '../exit-codes.ts';
import { type JournalPlace, journalFile } from '../journal-file.ts';
import { localTime } from '../log-line.ts';
import { count, paintPassed, print, printJson } from '../output.ts';
import { type Survey, surveyJournal } from '../survey.ts';

/** What is verified, and how the answer is printed. */
export interface VerifyOptions extends JournalPlace {
  /** A file with a checkpoint that was made before. */
  readonly checkpoint?: string | undefined;
  readonly json?: boolean | undefined;
}

/** How many interrupted actions are named. */
const MOST_NAMED = 100;

/** Checks every record of a journal and prints what was found. Returns 1 if anything is wrong. */
export function auditVerify(options: VerifyOptions): number {
  const { path } = journalFile(options);
  const checkpoint = options.checkpoint === undefined ? undefined : readCheckpointFile(options.checkpoint);
  const reader = new JournalReader({ path, clock: systemClock });
  try {
    const survey = surveyJournal(reader, checkpoint);
    if (options.json === true) printJson(surveyJson(survey, checkpoint));
    else printSurvey(survey, checkpoint);
    return survey.check.ok ? EXIT.ok : EXIT.failure;
  } finally {
    reader.close();
  }
}

/** Throws ConfigFileNotFoundError for a file that cannot be read, ConfigValidationError for one that is no checkpoint. */
function readCheckpointFile(file: string): Checkpoint {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigFileNotFoundError(`The checkpoint ${file} cannot be read: ${why}.`, { file });
  }
  return readCheckpoint(text);
}

/** What is wrong with a journal, a line each. */
export function problemLines({ problems, more }: Survey['check']): string[] {
  const rest = more > 0 ? [`… and ${count(more, 'more problem')}`] : [];
  return [
    ...problems.map((problem) => `${printable(placeOf(problem))} ${printable(problem.problem)}`),
    ...rest,
  ];
}

/** How many things are wrong with a journal. */
export function problemCount({ problems, more }: Survey['check']): string {
  return count(problems.length + more, 'problem');
}

function placeOf({ position, writer, seq, actionId }: JournalProblem): string {
  const parts = [
    ...(writer === null ? [] : [`writer ${writer}`]),
    ...(seq === null ? [] : [`seq ${seq}`]),
    ...(actionId === null || actionId === '' ? [] : [`action ${actionId}`]),
  ];
  if (position === null) return parts.join(', ');
  return parts.length === 0 ? `position ${position}` : `position ${position} (${parts.join(', ')})`;
}

function printSurvey(survey: Survey, checkpoint: Checkpoint | undefined): void {
  const { check, writers, interrupted, pruned } = survey;
  for (const { id, host, pid, records, state } of writers) {
    print(`writer ${printable(id)}  ${printable(host)}  pid ${pid}  ${count(records, 'record')}  ${state}`);
  }
  for (const line of problemLines(check)) print(`${paintPassed(false, 'problem')}: ${line}`);
  if (!check.ok && survey.recordsAreWhole) {
    print(
      `The records are whole. To make what the log and the export read anew of them: sqlite3 <file> '${REBUILD}'`,
    );
  }
  printInterrupted(interrupted);
  const range = pruned.at(-1);
  if (range !== undefined) {
    const { fromPosition, throughPosition, at } = range;
    const passes = count(pruned.length, 'record');
    print(
      `pruned: positions ${fromPosition} to ${throughPosition}, by ${passes}, the last of ${printable(at)}`,
    );
  }
  if (checkpoint !== undefined) {
    print(`checkpoint: of ${checkpoint.at.toISOString()}, position ${checkpoint.position}`);
  }
  const held = writers.filter(({ records }) => records > 0).length;
  const verified = `verified: ${count(check.records, 'record')} of ${count(held, 'writer')}, no problem`;
  print(paintPassed(check.ok, check.ok ? verified : `FAILED: ${problemCount(check)}`));
}

function printInterrupted(interrupted: Survey['interrupted']): void {
  if (interrupted.length === 0) return;
  print(
    `interrupted: ${count(interrupted.length, 'action')} cleared to run by a writer that is gone, without an end`,
  );
  for (const { actionId, toolName, at } of interrupted.slice(0, MOST_NAMED)) {
    print(`  ${printable(actionId)}  ${localTime(new Date(at))}  ${printable(toolName)}`);
  }
  if (interrupted.length > MOST_NAMED) print(`  … and ${interrupted.length - MOST_NAMED} more`);
}

function surveyJson(survey: Survey, checkpoint: Checkpoint | undefined): object {
  const { check, writers, interrupted, pruned } = survey;
  return {
    ok: check.ok,
    records: check.records,
    writers,
    problems: check.problems.map(({ actionId, ...rest }) => ({ ...rest, action_id: actionId })),
    more_problems: check.more,
    interrupted: interrupted.map(({ actionId, toolName, ...rest }) => ({
      action_id: actionId,
      tool_name: toolName,
      ...rest,
    })),
    pruned: pruned.map(({ fromPosition, throughPosition, ...rest }) => ({
      ...rest,
      from_position: fromPosition,
      through_position: throughPosition,
    })),
    checkpoint: checkpoint === undefined ? null : { at: checkpoint.at, position: checkpoint.position },
  };
}
