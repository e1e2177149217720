import { openRecord, type SealedRecord } from '../../core/chain.ts';
import type { JournalRecord } from '../../core/record.ts';
import type { SqlDatabase } from '../database.ts';
import { recordOfRow, SELECT_RECORDS } from './journal-row.ts';

/** Records that are read at once. Between two reads nothing is held that would keep the file from being tidied up. */
const PAGE = 256;

/** The database can hold positions that Node cannot read. Only a person can have written such a record: it is met too. */
const BEFORE_ALL = -(2n ** 63n);
const LAST = Number.MAX_SAFE_INTEGER;

const NEWEST = `SELECT max(${Number.MIN_SAFE_INTEGER}, min(${LAST}, max(position))) AS position FROM journal`;
const PAGE_OF = `${SELECT_RECORDS} WHERE j.position > ? AND j.position <= ? ORDER BY j.position LIMIT ${PAGE}`;

/** Position of the newest record; 0 in an empty journal. */
export function newestPosition(database: SqlDatabase): number {
  return Number(database.prepare(NEWEST).get()?.position ?? 0);
}

/**
 * Every record behind a position that is there now, oldest first, as it is stored: whatever was made of it. They are
 * read while one iterates, anew each time.
 */
export function sealedRecords(
  database: SqlDatabase,
  after: number | bigint = BEFORE_ALL,
): Iterable<SealedRecord> {
  const end = newestPosition(database);
  const page = database.prepare(PAGE_OF);
  return {
    *[Symbol.iterator]() {
      let from = after;
      while (from < end) {
        const rows = page.all(from, end === LAST ? 2n ** 63n - 1n : end);
        for (const row of rows) yield recordOfRow(row);
        from = Number(rows.at(-1)?.position ?? end);
      }
    },
  };
}

/** The same, read. Iterating throws where a body is no JSON object. */
export function journalRecords(database: SqlDatabase): Iterable<JournalRecord> {
  const records = sealedRecords(database);
  return {
    *[Symbol.iterator]() {
      for (const record of records) yield openRecord(record);
    },
  };
}
