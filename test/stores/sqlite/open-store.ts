import { hash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RecordDraft } from '../../../src/core/chain.ts';
import type { JournalRecord, WriterId } from '../../../src/core/record.ts';
import { SqliteStore, type SqliteStoreOptions } from '../../../src/stores/sqlite.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { draftOf, START } from '../../../src/testing/store/records.ts';
import { testFolder } from './stored-journal.ts';

export const sha256 = (text: string): string => hash('sha256', text);

/** The path of a database that is not there yet, in a folder that is gone when the test is over. */
export const newPath = (): string => join(testFolder(), 'journal.db');

/** A writer of this process. */
export const writerOf = (id: string): WriterId => ({ id, host: hostname(), pid: process.pid });

/** The writer of the contract suite's records. */
const FIRST: WriterId = draftOf('policy', '', {}).writer;

/** A store with a clock that stands still, closed when the test is over. By default it writes as `first`. */
export function openStore(options: Partial<SqliteStoreOptions> = {}): SqliteStore {
  const store = new SqliteStore({
    path: options.path ?? newPath(),
    writer: FIRST,
    clock: new FakeClock(START),
    durability: 'process',
    retentionDays: null,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

/** A draft as one of another writer of this process. */
export const by = (id: string, draft: RecordDraft): RecordDraft => ({ ...draft, writer: writerOf(id) });

/** The records of each writer, by its id. */
export function byWriter(records: Iterable<JournalRecord>): Map<string, JournalRecord[]> {
  return Map.groupBy(records, ({ writer }) => writer.id);
}

/** The kinds of the records that are there. */
export const kindsOf = (store: SqliteStore): string[] => [...store.records()].map(({ kind }) => kind);
