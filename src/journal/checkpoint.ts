import type { SealedRecord } from '../core/chain.ts';
import { ConfigValidationError } from '../core/errors.ts';
import { isCount, isNamedTip, type NamedTip } from '../core/pruned.ts';

/** The newest record of one writer when a checkpoint was made. */
export interface CheckpointTip extends NamedTip {
  readonly position: number;
}

/**
 * What the journal ended with at some time. Kept where who can write the journal cannot write, it shows a journal
 * whose end was cut off or whose history was replaced. As JSON it is one object with these very keys.
 */
export interface Checkpoint {
  readonly v: 1;
  readonly at: Date;
  /** Of the newest record; 0 for an empty journal. */
  readonly position: number;
  /** Of the newest record; '' for an empty journal. */
  readonly hash: string;
  /** Every writer that has records, by id. */
  readonly writers: readonly CheckpointTip[];
}

/** The checkpoint of a journal, as of `at` (default: now). `records`: oldest first; verify them before. */
export function makeCheckpoint(records: Iterable<SealedRecord>, at: Date = new Date()): Checkpoint {
  const tips = new Map<string, CheckpointTip>();
  let newest = { position: 0, hash: '' };
  for (const { writer, seq, hash, position } of records) {
    tips.set(writer.id, { id: writer.id, seq, hash, position });
    newest = { position, hash };
  }
  const writers = [...tips.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { v: 1, at, ...newest, writers };
}

/** Reads a checkpoint that was written as JSON. Throws {@link ConfigValidationError} that says what is wrong with it. */
export function readCheckpoint(text: string): Checkpoint {
  const read = jsonObject(text);
  if (read.v !== 1) refuse('`v` must be 1: it was made by another version, or is no checkpoint');
  const at = new Date(typeof read.at === 'string' ? read.at : Number.NaN);
  if (Number.isNaN(at.getTime())) refuse('`at` is no ISO 8601 time');
  const { writers, position, hash } = read;
  if (!Array.isArray(writers) || !writers.every(isCheckpointTip)) {
    refuse('`writers` must be a list of objects, each with `id`, `seq`, `hash` and `position`');
  }
  if (new Set(writers.map(({ id }) => id)).size < writers.length) refuse('a writer is named twice');
  const newest = writers.reduce<Partial<CheckpointTip>>(
    (best, tip) => (tip.position > (best.position ?? 0) ? tip : best),
    { position: 0, hash: '' },
  );
  if (newest.position !== position || newest.hash !== hash) {
    refuse('`position` and `hash` are not those of its newest writer');
  }
  return { v: 1, at, position: newest.position ?? 0, hash: newest.hash ?? '', writers };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    refuse('it is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse('it is no JSON object');
  return value as Record<string, unknown>;
}

function isCheckpointTip(value: unknown): value is CheckpointTip {
  return isNamedTip(value) && isCount((value as Partial<CheckpointTip>).position);
}

function refuse(why: string): never {
  throw new ConfigValidationError(
    `The checkpoint cannot be used: ${why}. Take the file that was written as it was made.`,
  );
}
