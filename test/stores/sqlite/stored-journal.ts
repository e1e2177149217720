import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SealedRecord } from '../../../src/core/chain.ts';
import type { KnownWriter } from '../../../src/journal/verify.ts';
import { SqliteDatabase } from '../../../src/stores/sqlite/database.ts';
import { recordOfRow, SELECT_RECORDS } from '../../../src/stores/sqlite/journal-row.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';

/** A folder that is gone when the test is over. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A database of the current schema, in a new file unless one is named. It is closed when the test is over. */
export function openDatabase(path: string = join(testFolder(), 'test.db')): SqliteDatabase {
  const database = new SqliteDatabase({ path, clock: new FakeClock(), durability: 'process' });
  onTestFinished(() => database.close());
  return database;
}

/** Puts records into the table as they are: whether they are in order is the test's business. */
export function storeRecords(database: SqliteDatabase, records: readonly SealedRecord[]): void {
  const insert = database.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const enter = database.prepare(
    'INSERT OR IGNORE INTO writers (id, host, pid, started_at) VALUES (?, ?, ?, 0)',
  );
  database.transaction(() => {
    for (const record of records) {
      const { position, writer, seq, kind, actionId, at, policyRevision, namespace, body, prevHash, hash } =
        record;
      enter.run(writer.id, writer.host, writer.pid);
      insert.run(
        position,
        writer.id,
        seq,
        kind,
        actionId,
        at,
        policyRevision,
        namespace,
        body,
        prevHash,
        hash,
      );
    }
  });
}

/** Notes what each writer closed with. */
export function storeClosed(database: SqliteDatabase, writers: readonly KnownWriter[]): void {
  const close = database.prepare(
    'UPDATE writers SET closed_at = ?, last_seq = ?, last_hash = ?, last_position = ? WHERE id = ?',
  );
  for (const { id, closedAt, lastSeq, lastHash, lastPosition } of writers) {
    close.run(closedAt === null ? null : Number(closedAt), lastSeq, lastHash, lastPosition, id);
  }
}

/** Every record of the table, by position. */
export function storedRecords(database: SqliteDatabase): SealedRecord[] {
  return database.prepare(`${SELECT_RECORDS} ORDER BY j.position`).all().map(recordOfRow);
}

/** The writers as the table has them. */
export function storedWriters(database: SqliteDatabase): KnownWriter[] {
  return database
    .prepare('SELECT id, closed_at, last_seq, last_hash, last_position FROM writers')
    .all()
    .map((row) => ({
      id: String(row.id),
      closedAt: row.closed_at === null ? null : Number(row.closed_at),
      lastSeq: row.last_seq === null ? null : Number(row.last_seq),
      lastHash: row.last_hash === null ? null : String(row.last_hash),
      lastPosition: row.last_position === null ? null : Number(row.last_position),
    }));
}
