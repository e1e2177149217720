import { copyFileSync, renameSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { Follower } from '../../src/cli/follower.ts';
import type { AuditEntry } from '../../src/core/entry.ts';
import { JournalReader } from '../../src/stores/sqlite/reader.ts';
import { SqliteStore } from '../../src/stores/sqlite.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { decided, done, draftOf, START } from '../../src/testing/store/records.ts';
import { testFolder } from '../stores/sqlite/stored-journal.ts';

const DAY_MS = 86_400_000;

/** A store that keeps records for a day, and somebody who follows it. */
function followed(filter = {}) {
  const clock = new FakeClock(START);
  const path = join(testFolder(), 'log.db');
  const writer = { id: 'first', host: hostname(), pid: process.pid };
  const store = new SqliteStore({ path, writer, clock, durability: 'process', retentionDays: 0.5 });
  const reader = new JournalReader({ path, clock });
  onTestFinished(() => {
    reader.close();
    store.close();
  });
  const append = (...drafts: Parameters<SqliteStore['append']>[0]) =>
    store.append(drafts.map((draft) => ({ ...draft, writer, at: new Date(clock.now()) })));
  return { clock, path, append, reader, follow: () => new Follower(reader, filter) };
}

const told = (entries: readonly AuditEntry[]): string[] =>
  entries.map(({ actionId, state }) => `${actionId} ${state}`);

test('an action is told when it ends, and what was there before is not told again', () => {
  const { append, follow } = followed();
  append(decided('a'), done('a', null), decided('b'));
  const follower = follow();
  expect(told(follower.before(10))).toEqual(['a done']);
  expect(follower.news()).toEqual([]);
  append(done('b', null), decided('c'));
  expect(told(follower.news())).toEqual(['b done']);
  append(done('c', null), decided('d'), done('d', null));
  expect(told(follower.news())).toEqual(['c done', 'd done']);
  expect(follower.news()).toEqual([]);
});

test('what was written between the first look and the first news is told once', () => {
  const { append, follow } = followed();
  const follower = follow();
  append(decided('a'), done('a', null));
  expect(told(follower.before(10))).toEqual(['a done']);
  expect(follower.news()).toEqual([]);
});

test('records that are about no action, and filters, are no news', () => {
  const { append, follow } = followed({ agentId: 'other' });
  const follower = follow();
  append(draftOf('policy', 'policy:1', { event: 'loaded' }), decided('a'), done('a', null));
  append(decided('b', { agentId: 'other' }), done('b', null));
  expect(told(follower.news())).toEqual(['b done']);
});

test('pruning of old records does not disturb it', () => {
  const { clock, append, follow, reader } = followed();
  for (let i = 0; i < 20; i++) append(decided(`old${i}`), done(`old${i}`, null));
  const follower = follow();
  append(decided('missed'), done('missed', null));
  clock.advance(DAY_MS);
  append(decided('a'), done('a', null));
  const [first] = reader.recordsAfter(0);
  expect(first?.position).toBeGreaterThan(40);
  expect(told(follower.news())).toEqual(['a done']);
  append(decided('b'), done('b', null));
  expect(told(follower.news())).toEqual(['b done']);
});

test('an action is told when its writer is found to be gone, and not those of which that was known', () => {
  const { append, path, follow, clock } = followed();
  const gone = new DatabaseSync(path);
  onTestFinished(() => gone.close());
  const dies = (): void => gone.exec('UPDATE writers SET pid = 4194305, incarnation = NULL');
  append(decided('known'));
  dies();
  clock.advance(2_000);
  const follower = follow();
  expect(follower.interrupted()).toEqual([]);
  gone.exec(`UPDATE writers SET pid = ${process.pid}`);
  append(decided('a'));
  clock.advance(2_000);
  expect(follower.news()).toEqual([]);
  expect(follower.interrupted()).toEqual([]);
  dies();
  clock.advance(2_000);
  expect(told(follower.interrupted()).sort()).toEqual(['a interrupted', 'known interrupted']);
  clock.advance(2_000);
  expect(follower.interrupted()).toEqual([]);
});

test('what could not be read while the database was locked is told by the next look', () => {
  const { append, path, follow } = followed();
  const follower = follow();
  append(decided('a'), done('a', null));
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect(() => follower.news()).toThrow('locked');
  other.close();
  expect(told(follower.news())).toEqual(['a done']);
});

test('a file that was replaced is no silence: every look throws', () => {
  const { append, path, follow, clock } = followed();
  append(decided('a'), done('a', null));
  const follower = follow();
  copyFileSync(path, `${path}.new`);
  renameSync(`${path}.new`, path);
  for (let look = 0; look < 5; look++) {
    clock.advance(150);
    expect(() => follower.news()).toThrow('replaced');
  }
});
