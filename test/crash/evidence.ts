import { hash } from 'node:crypto';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import type { SealedRecord } from '../../src/core/chain.ts';
import type { EntryState } from '../../src/core/entry.ts';
import type { RecordKind } from '../../src/core/record.ts';
import { type JournalCheck, verifyJournal } from '../../src/journal/verify.ts';
import { SqliteStore } from '../../src/stores/sqlite.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';

/** What the journal tells of one call. */
export interface Told {
  readonly mark: string;
  readonly state: EntryState;
  /** It has a record of its end. */
  readonly ended: boolean;
  readonly refused: boolean;
}

/** Every call of a journal, as the entries and, apart from them, the records tell of it. */
export function actionsOf(path: string): Told[] {
  const writer = { id: 'reader', host: hostname(), pid: process.pid };
  const clock = new FakeClock();
  const store = new SqliteStore({ path, writer, clock, durability: 'process', retentionDays: null });
  const ended = new Set<string>();
  for (const { kind, actionId } of store.records()) {
    if (kind === 'done' || kind === 'failed') ended.add(actionId);
  }
  const told = store.entries({ limit: 10_000_000 }).map(({ actionId, parameters, state }) => ({
    mark: String(parameters.mark),
    state,
    ended: ended.has(actionId),
    refused: state === 'refused',
  }));
  store.close();
  return told;
}

/** Checks the journal as it stands in the file. */
export function checkOf(path: string): JournalCheck {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database
    .prepare(
      'SELECT journal.*, host, pid FROM journal JOIN writers ON writers.id = writer_id ORDER BY position',
    )
    .all();
  const records = rows.map(
    (row): SealedRecord => ({
      v: 1,
      position: Number(row.position),
      seq: Number(row.seq),
      writer: { id: String(row.writer_id), host: String(row.host), pid: Number(row.pid) },
      kind: String(row.kind) as RecordKind,
      actionId: String(row.action_id),
      at: String(row.at),
      policyRevision: String(row.policy_revision),
      namespace: String(row.namespace),
      body: String(row.body),
      prevHash: String(row.prev_hash),
      hash: String(row.hash),
    }),
  );
  database.close();
  return verifyJournal(records, { sha256: (text) => hash('sha256', text) });
}
