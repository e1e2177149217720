import { openRecord, type SealedRecord } from '../../core/chain.ts';
import { type AuditEntry, foldEntry } from '../../core/entry.ts';
import type { SqlDatabase } from '../database.ts';
import { recordOfRow, SELECT_RECORDS } from './journal-row.ts';

const MAX_BYTES = 4 * 1024 * 1024;
/** Most records of others that are looked through for what they say of an action kept here. */
const MAX_UNSEEN = 2_000;

interface Kept {
  readonly records: SealedRecord[];
  bytes: number;
}

/**
 * The records of the actions that this store wrote last, so that whoever asks for one right after it ended is answered
 * without the projection. What other processes wrote of them since is looked up, so the answer is never older than the
 * projection's.
 */
export class RecentActions {
  readonly #database: SqlDatabase;
  readonly #maxActions: number;
  /** Least recently written first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;
  /** Up to here every record of a kept action is kept. */
  #seen = 0;

  /** Keeps at most so many actions, and 4 MB of them. */
  constructor(database: SqlDatabase, maxActions: number) {
    this.#database = database;
    this.#maxActions = maxActions;
  }

  /** Takes note of records that were committed just now, without a gap between them. */
  note(records: readonly SealedRecord[]): void {
    const first = records[0]?.position;
    const last = records.at(-1)?.position;
    if (first === undefined || last === undefined) return;
    if (this.#kept.size === 0 || first === this.#seen + 1) this.#seen = last;
    for (const record of records) {
      const begins = record.kind === 'decided' || record.kind === 'waiting';
      if (begins || this.#kept.has(record.actionId)) this.#keep(record);
    }
    for (const [actionId, { bytes }] of this.#kept) {
      if (this.#kept.size <= this.#maxActions && this.#bytes <= MAX_BYTES) break;
      this.#kept.delete(actionId);
      this.#bytes -= bytes;
    }
  }

  /** The entry of an action that is kept, else `undefined`. Throws what the database says. */
  entry(actionId: string): AuditEntry | undefined {
    if (!this.#kept.has(actionId)) return undefined;
    this.#lookForOthers();
    const kept = this.#kept.get(actionId);
    return kept && foldEntry(kept.records.map(openRecord));
  }

  #lookForOthers(): void {
    const rows = this.#database
      .prepare('SELECT position, action_id FROM journal WHERE position > ? ORDER BY position LIMIT ?')
      .all(this.#seen, MAX_UNSEEN);
    for (const { position, action_id } of rows) {
      const kept = this.#kept.get(String(action_id));
      if (kept === undefined || kept.records.some((record) => record.position === position)) continue;
      const row = this.#database.prepare(`${SELECT_RECORDS} WHERE j.position = ?`).get(Number(position));
      if (row !== undefined) this.#keep(recordOfRow(row));
    }
    this.#seen = Number(rows.at(-1)?.position ?? this.#seen);
    if (rows.length === MAX_UNSEEN) {
      this.#kept.clear();
      this.#bytes = 0;
    }
  }

  #keep(record: SealedRecord): void {
    const { actionId, position, body } = record;
    this.#bytes += body.length;
    const kept = this.#kept.get(actionId);
    if (kept === undefined) {
      this.#kept.set(actionId, { records: [record], bytes: body.length });
      return;
    }
    const last = kept.records.at(-1);
    kept.records.push(record);
    if (last !== undefined && last.position > position) kept.records.sort((a, b) => a.position - b.position);
    kept.bytes += body.length;
    this.#kept.delete(actionId);
    this.#kept.set(actionId, kept);
  }
}
