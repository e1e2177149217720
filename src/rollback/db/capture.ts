import { IrreversibleError } from '../../core/errors.ts';
import type { BlobKeeper } from '../handler.ts';
import { type CapturedData, dataOf } from './data.ts';
import type { Database, Frame } from './database.ts';
import { Gathering } from './gather.ts';
import type { Settings } from './options.ts';
import { planInsert } from './plan-insert.ts';
import type { Change } from './sql/change.ts';
import { readChange } from './sql/read-change.ts';
import type { Statement } from './statement-of-call.ts';
import type { Steps } from './steps.ts';

/** A statement that changes rows. */
export type Writing = Exclude<Change, { readonly kind: 'nothing' | 'refused' }>;

/** What a statement does to rows; `null` where it changes none. Throws IrreversibleError where that cannot be told. */
export function writingOf(db: Database, { sql, given }: Statement): Writing | null {
  const change = readChange(sql, given, db.name);
  if (change.kind === 'refused')
    throw new IrreversibleError(`This statement cannot be undone: ${change.why}`);
  return change.kind === 'nothing' ? null : change;
}

/**
 * Notes what it takes to undo a statement that is about to run. Throws IrreversibleError where it cannot be undone. It
 * changes nothing.
 */
export function* captureSteps(
  db: Database,
  change: Writing,
  settings: Settings,
  frame: Frame,
  { blobs, lock }: { readonly blobs: BlobKeeper; readonly lock: boolean },
): Steps<CapturedData> {
  const gathering = new Gathering(db, settings, lock);
  try {
    const mark = yield* db.mark(frame);
    if (change.kind !== 'insert') {
      const table = yield* gathering.change(change);
      return dataOf(db, gathering.rows, { awaited: null, mark, frame }, table, blobs);
    }
    const { table, awaited } = yield* planInsert(db, change, gathering, frame);
    return dataOf(db, gathering.rows, { awaited, mark, frame }, table, blobs);
  } catch (error) {
    // The statement itself is wrong: it will fail, or does what this handler does not understand.
    if (!db.isStatementFault(error)) throw error;
    const told = error instanceof Error ? error.message : String(error);
    throw new IrreversibleError(`What it changes could not be looked up: ${told}`, {}, { cause: error });
  }
}
