import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { JournalReader } from '../../../src/stores/sqlite/reader.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { decided, done, START } from '../../../src/testing/store/records.ts';
import { newPath, openStore, writerOf } from './open-store.ts';

/** A store that keeps records for a day, and a reader of its file. */
function readable() {
  const path = newPath();
  const clock = new FakeClock(START);
  const store = openStore({ path, clock, retentionDays: 0.5 });
  const reader = new JournalReader({ path, clock });
  onTestFinished(() => reader.close());
  return { path, clock, store, reader };
}

function edit(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

test('entries come oldest first, page by page, and each once', () => {
  const { store, reader } = readable();
  for (let i = 0; i < 7; i++) store.append([decided(`a${i}`, { agentId: i % 2 === 0 ? 'x' : 'y' })]);
  const ids = (filter: object, pageSize: number) =>
    [...reader.entriesOldestFirst(filter, pageSize)].map(({ actionId }) => actionId);
  expect(ids({}, 3)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
  expect(ids({}, 7)).toHaveLength(7);
  expect(ids({ agentId: 'x' }, 2)).toEqual(['a0', 'a2', 'a4', 'a6']);
  expect(ids({ search: 'read' }, 2)).toHaveLength(7);
  expect(ids({ agentId: 'nobody' }, 2)).toEqual([]);
  expect(reader.page({ limit: 2 }).entries.map(({ actionId }) => actionId)).toEqual(['a6', 'a5']);
});

test('an entry is found by its action only where it holds the filter', () => {
  const { store, reader } = readable();
  store.append([decided('a'), decided('b', { agentId: 'other' }), decided('c')]);
  expect(reader.matching('b', {})?.agentId).toBe('other');
  expect(reader.matching('b', { agentId: 'other', search: 'read' })?.actionId).toBe('b');
  expect(reader.matching('a', { agentId: 'other' })).toBe(undefined);
  expect(reader.matching('nothing', {})).toBe(undefined);
});

test('what is written after one began to read is left out', () => {
  const { store, reader } = readable();
  store.append([decided('a'), done('a', null)]);
  const { records, wasPrunedSince } = reader.whole();
  store.append([decided('b')]);
  expect([...records].map(({ position }) => position)).toEqual([1, 2]);
  expect(wasPrunedSince()).toBe(false);
});

test('it is known when records were pruned while one read', () => {
  const { store, reader, clock } = readable();
  store.append([decided('a'), done('a', null), decided('b')]);
  const { wasPrunedSince } = reader.whole();
  clock.advance(86_400_000);
  store.append([{ ...decided('c'), at: new Date(clock.now()) }]);
  expect(wasPrunedSince()).toBe(true);
});

test('records that were put where none can be are met too', () => {
  const { path, store, reader } = readable();
  store.append([decided('a')]);
  for (const position of ['-4611686018427387904', '-1', '0', '9223372036854775807']) {
    edit(
      path,
      `INSERT INTO journal SELECT ${position}, writer_id, seq, kind, action_id, at, policy_revision, namespace,
      body, prev_hash, hash FROM journal WHERE position = 1`,
    );
  }
  expect([...reader.whole().records].map(({ position }) => position)).toEqual([
    ...[Number.MIN_SAFE_INTEGER, -1, 0, 1, Number.MAX_SAFE_INTEGER],
  ]);
});

test('writers are live, closed or dead', () => {
  const { path, store, reader } = readable();
  const closed = openStore({ path, writer: writerOf('closed') });
  closed.append([{ ...decided('a'), writer: writerOf('closed') }]);
  closed.close();
  store.append([{ ...decided('b'), writer: writerOf('live') }]);
  store.append([{ ...decided('c'), writer: { id: 'dead', host: hostname(), pid: 4194305 } }]);
  store.append([{ ...decided('d'), writer: { id: 'elsewhere', host: 'another machine', pid: 1 } }]);
  const states = reader
    .whole()
    .writers.map(({ id, state, lastSeq, lastPosition }) => [...[id, state, lastSeq, lastPosition]]);
  expect(states.sort()).toEqual([
    ['closed', 'closed', 1, 1],
    ['dead', 'dead', null, null],
    ['elsewhere', 'live', null, null],
    ['live', 'live', null, null],
  ]);
  expect(reader.interrupted().sort()).toEqual(['a', 'c']);
});

test.each([
  'UPDATE writers SET pid = 9223372036854775807',
  'UPDATE writers SET started_at = -9223372036854775807',
  'UPDATE writers SET closed_at = 9223372036854775807, last_seq = 9223372036854775807',
  'UPDATE projection SET position = 9223372036854775807, text_position = 9223372036854775807',
])('a number that Node cannot read stops no reader: %s', (statement) => {
  const { path, store, reader } = readable();
  store.append([decided('a')]);
  edit(path, statement);
  expect(() => [reader.whole(), reader.interrupted(), reader.page({})]).not.toThrow();
  expect([...reader.projectionDifferences()].length > 0).toBe(statement.includes('projection'));
});

test.each(['9223372036854775807', '-9223372036854775807', '8640000000000001'])(
  'a freeze at an absurd time (%s) is a freeze, with a time that can be told',
  (at) => {
    const { path, clock, store } = readable();
    store.setFrozen({ reason: 'stop', at: new Date(clock.now()), by: 'me' }, decided('a'));
    edit(path, `UPDATE freezes SET at = ${at}`);
    clock.advance(1_000);
    expect(store.frozen()).toMatchObject({ reason: 'stop', by: 'me' });
    expect(store.frozen()?.at.toISOString()).toMatch(/^[+-]\d{6}-/);
  },
);
