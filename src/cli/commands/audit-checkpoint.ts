import { systemClock } from '../../call/system-clock.ts';
import { printable } from '../../explain/printable.ts';
import { type Checkpoint, makeCheckpoint } from '../../journal/checkpoint.ts';
import { JournalReader } from '../../stores/sqlite/reader.ts';
import { EXIT } from '../exit-codes.ts';
import { type JournalFile, type JournalPlace, journalFile } from '../journal-file.ts';
import { openStore } from '../open-store.ts';
import { jsonLine, printJson, say } from '../output.ts';
import { openSink } from '../sink.ts';
import { type Survey, surveyJournal } from '../survey.ts';
import { problemCount, problemLines } from './audit-verify.ts';

/** Where a checkpoint goes. */
export interface CheckpointOptions extends JournalPlace {
  readonly output?: string | undefined;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Verifies a journal, appends a record of the kind `checkpoint` and prints the checkpoint. Returns 1, and makes none,
 * where the journal is not whole: what it names would vouch for it.
 */
export async function auditCheckpoint(options: CheckpointOptions): Promise<number> {
  const { output, force, json } = options;
  const file = journalFile(options);
  const { check, lastRecords } = survey(file);
  if (!check.ok) {
    say(
      ...problemLines(check),
      `No checkpoint was made: ${problemCount(check)}. See plyra-guard audit verify.`,
    );
    if (json === true) printJson({ ok: false, problems: check.problems.length + check.more });
    return EXIT.failure;
  }
  // Before anything is recorded: the file may not be there to be written.
  const sink = output === undefined ? undefined : openSink(output, { force: force === true });
  try {
    const checkpoint = makeCheckpoint(lastRecords, new Date(systemClock.now()));
    record(file, checkpoint);
    if (sink === undefined || json === true) printJson(checkpoint);
    await sink?.write(jsonLine(checkpoint));
    await sink?.end();
  } catch (error) {
    sink?.abandon();
    throw error;
  }
  if (output !== undefined) say(`Wrote the checkpoint to ${printable(output)}.`);
  say(KEEP_IT);
  return EXIT.ok;
}

const KEEP_IT =
  'Keep it where your agents cannot write. Later, `plyra-guard audit verify --checkpoint <file>` shows whether anything up to here was cut off or replaced.';

function survey({ path }: JournalFile): Survey {
  const reader = new JournalReader({ path, clock: systemClock });
  try {
    return surveyJournal(reader, undefined);
  } finally {
    reader.close();
  }
}

function record(file: JournalFile, checkpoint: Checkpoint): void {
  const { store, draft } = openStore(file);
  try {
    store.append([draft('checkpoint', { ...checkpoint })]);
  } finally {
    store.close();
  }
}
