import { openRecord, type SealedRecord } from '../../core/chain.ts';
import { type AuditEntry, foldEntry } from '../../core/entry.ts';
import type { JournalRecord } from '../../core/record.ts';
import type { SqlDatabase } from '../database.ts';
import { recordOfRow, SELECT_RECORDS } from './journal-row.ts';

/** Records that are read by one statement. */
const PAGE = 500;

const SELECT_AT = `${SELECT_RECORDS} WHERE j.position IN (SELECT value FROM json_each(?))`;

/** The records at these positions, by position. What is not there, or cannot be read, is left out. */
export function recordsAt(database: SqlDatabase, positions: readonly number[]): Map<number, JournalRecord> {
  const found = new Map<number, JournalRecord>();
  for (let i = 0; i < positions.length; i += PAGE) {
    const page = JSON.stringify(positions.slice(i, i + PAGE));
    for (const row of database.prepare(SELECT_AT).all(page)) {
      const record = openable(recordOfRow(row));
      if (record !== undefined) found.set(record.position, record);
    }
  }
  return found;
}

/** The records at these positions as they are stored, oldest first. What is not there is left out. */
export function sealedAt(database: SqlDatabase, positions: readonly number[]): SealedRecord[] {
  return database.prepare(`${SELECT_AT} ORDER BY j.position`).all(JSON.stringify(positions)).map(recordOfRow);
}

/** The entries of actions, each given by the positions of its records, ascending. One without a decision is left out. */
export function foldAt(database: SqlDatabase, actions: readonly (readonly number[])[]): AuditEntry[] {
  const records = recordsAt(database, actions.flat());
  return actions.flatMap((positions) => foldEntry(positions.flatMap((at) => records.get(at) ?? [])) ?? []);
}

/** A record as it is read; `undefined` for one whose body is no JSON object: somebody edited it. */
export function openable(sealed: SealedRecord): JournalRecord | undefined {
  try {
    return openRecord(sealed);
  } catch {
    return undefined;
  }
}
