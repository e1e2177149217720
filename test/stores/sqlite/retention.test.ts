import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../src/core/record.ts';
import { verifyJournal } from '../../../src/journal/verify.ts';
import { sealedRecords } from '../../../src/stores/sqlite/records.ts';
import type { SqliteStore } from '../../../src/stores/sqlite.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { decided, done, draftOf, START } from '../../../src/testing/store/records.ts';
import { Child } from './child-processes.ts';
import { by, newPath, openStore, sha256, writerOf } from './open-store.ts';

const DAY = 24 * 60 * 60 * 1000;
const HOUR = DAY / 24;

/** Appends as `first`, each record with the clock's time. */
function appendTo(store: SqliteStore, clock: FakeClock, ...drafts: ReturnType<typeof decided>[]): void {
  store.append(drafts.map((draft) => ({ ...draft, at: new Date(clock.now()) })));
}

const told = (store: SqliteStore): string[] =>
  [...store.records()].map(({ kind, actionId, position }) => `${position} ${kind} ${actionId}`.trim());

function check(store: SqliteStore): void {
  const { ok, problems } = verifyJournal(sealedRecords(store.database), { sha256 });
  expect(problems).toEqual([]);
  expect(ok).toBe(true);
}

const pruned = (store: SqliteStore): JournalRecord[] =>
  [...store.records()].filter(({ kind }) => kind === 'pruned');

describe('retention', () => {
  it('removes what is older with the first append, and tells of it', () => {
    const path = newPath();
    const clock = new FakeClock(START);
    const old = openStore({ path, clock });
    appendTo(old, clock, decided('a'), done('a', 1));
    clock.advance(5);
    appendTo(old, clock, by('second', decided('b')), by('second', done('b', 1)));
    const before = [...old.records()];
    old.close();
    clock.advance(DAY);
    const store = openStore({ path, clock, retentionDays: 0.5, writer: writerOf('new') });
    expect([...store.records()].length).toBe(4);
    appendTo(store, clock, { ...by('new', decided('c')), policyRevision: 'r9' });
    expect(told(store)).toEqual(['5 decided c', '6 pruned']);
    const [record] = pruned(store);
    expect([record?.writer.id, record?.policyRevision, record?.at.getTime()]).toEqual([
      'new',
      'r9',
      clock.now(),
    ]);
    expect(record?.body).toEqual({
      fromPosition: 1,
      throughPosition: 4,
      count: 4,
      writers: [
        { id: 'first', seq: 2, hash: before[1]?.hash },
        { id: 'second', seq: 2, hash: before[3]?.hash },
      ],
      firstAt: new Date(START).toISOString(),
      lastAt: new Date(START + 5).toISOString(),
    });
    check(store);
  });

  it('keeps everything where none is set', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock });
    appendTo(store, clock, decided('a'), done('a', 1));
    clock.advance(10_000 * DAY);
    appendTo(store, clock, decided('b'));
    expect(told(store).length).toBe(3);
  });

  it('takes the entries with the records', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock, retentionDays: 0.5, maxEntriesInMemory: 1 });
    appendTo(store, clock, decided('old', { tags: ['t'], agentId: 'gone' }), done('old', 1));
    expect(store.entries({}).length).toBe(1);
    clock.advance(DAY);
    appendTo(store, clock, decided('young'), done('young', 1));
    expect(store.entries({}).map(({ actionId }) => actionId)).toEqual(['young']);
    expect(store.entry('old')).toBeUndefined();
    expect(store.entries({ tags: ['t'] })).toEqual([]);
    expect(store.database.prepare('SELECT count(*) AS n FROM entry_tags WHERE tag = ?').get('t')?.n).toBe(0);
  });

  it('works where the projection has taken up nothing, or only a part', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock, retentionDays: 0.5 });
    appendTo(store, clock, decided('a'), done('a', 1), decided('b'));
    store.entries({});
    appendTo(store, clock, done('b', 1), decided('c'), done('c', 1));
    clock.advance(DAY);
    appendTo(store, clock, decided('d'));
    expect(store.entries({}).map(({ actionId }) => actionId)).toEqual(['d']);
  });

  it('is kept up once an hour, by an append', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock, retentionDays: 1 });
    appendTo(store, clock, decided('a'), done('a', 1));
    clock.advance(DAY - 1);
    appendTo(store, clock, decided('b'), done('b', 1));
    clock.advance(HOUR - 1);
    appendTo(store, clock, decided('c'));
    expect(pruned(store).length).toBe(0);
    clock.advance(1);
    expect(pruned(store).length).toBe(0);
    appendTo(store, clock, done('c', 1));
    expect(told(store)).toEqual(['3 decided b', '4 done b', '5 decided c', '6 done c', '7 pruned']);
    // A record that is exactly as old as it may be stays.
    clock.advance(DAY);
    appendTo(store, clock, decided('d'));
    expect(pruned(store).map(({ body }) => [body.fromPosition, body.throughPosition])).toEqual([
      [1, 2],
      [1, 5],
    ]);
    check(store);
  });

  it('stops at the first record that is young enough, whatever lies behind it', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock, retentionDays: 0.5 });
    appendTo(store, clock, decided('a'), done('a', 1));
    clock.advance(6 * HOUR);
    appendTo(store, clock, decided('young'), done('young', 1));
    clock.set(START);
    appendTo(store, clock, decided('behind'), done('behind', 1));
    clock.set(START + 14 * HOUR);
    appendTo(store, clock, decided('new'));
    expect(told(store)[0]).toBe('3 decided young');
    check(store);
  });

  it('keeps the action that runs or waits, and what follows it', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock, retentionDays: 0.5 });
    appendTo(store, clock, decided('a'), done('a', 1), decided('runs'), decided('b'), done('b', 1));
    clock.advance(DAY);
    appendTo(store, clock, decided('c'));
    expect(told(store).slice(0, 2)).toEqual(['3 decided runs', '4 decided b']);
    clock.advance(DAY);
    appendTo(store, clock, done('runs', 1), done('c', 1));
    expect(told(store)).toEqual(['8 done runs', '9 done c', '10 pruned']);
    check(store);
  });

  it('keeps the action that waits for a person until it was decided and ran', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock, retentionDays: 0.5 });
    const waiting = draftOf('waiting', 'w', { state: 'waiting', timestamp: new Date(START) });
    appendTo(store, clock, waiting, decided('x'), done('x', 1));
    clock.advance(DAY);
    appendTo(store, clock, decided('y'));
    expect(pruned(store).length).toBe(0);
    appendTo(store, clock, decided('w'));
    clock.advance(DAY);
    appendTo(store, clock, done('y', 1));
    expect(pruned(store).length).toBe(0);
    appendTo(store, clock, done('w', 1));
    clock.advance(HOUR);
    appendTo(store, clock, decided('z'));
    expect(told(store)[0]).toBe('6 done y');
  });

  it('removes what was refused, and what nobody can finish any more', async () => {
    const path = newPath();
    const child = new Child(['stay', path]);
    child.tell('go');
    expect(await child.line()).toBe('ready');
    const id = await child.line();
    const clock = new FakeClock(START + DAY);
    const store = openStore({ path, clock, retentionDays: 0.5, writer: writerOf('own') });
    appendTo(store, clock, by('own', decided('refused', { state: 'refused' })));
    expect(told(store)).toEqual([`1 decided ${id}-0`, '2 decided refused']);
    child.process.kill('SIGKILL');
    await child.ended();
    clock.advance(DAY);
    appendTo(store, clock, by('own', decided('next')));
    expect(told(store)).toEqual(['3 decided next', '4 pruned']);
    check(store);
  });

  it('removes at most 1,000 records with one append, and goes on with the next', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock, retentionDays: 0.5 });
    const refused = Array.from({ length: 2_500 }, (_, i) => decided(`a${i}`, { state: 'refused' }));
    appendTo(store, clock, ...refused);
    clock.advance(DAY);
    const counts = ['b', 'c', 'd', 'e'].map((id) => {
      appendTo(store, clock, decided(id));
      return [...store.records()].length;
    });
    expect(counts).toEqual([1_502, 504, 6, 7]);
    check(store);
  });

  it('never removes the newest record', () => {
    const path = newPath();
    const store = openStore({ path, clock: new FakeClock(START + 10 * DAY), retentionDays: 0.5 });
    // Its own time is old: the clock of whoever wrote it was wrong.
    store.append([decided('a', { state: 'refused' })]);
    expect(told(store)).toEqual(['1 decided a']);
  });

  it('removes nothing when it cannot tell of it, and says so; what was appended is there', () => {
    const clock = new FakeClock(START);
    const warnings: string[] = [];
    const store = openStore({
      clock,
      retentionDays: 0.5,
      warn: (message, code) => warnings.push(`${code} ${message}`),
    });
    appendTo(store, clock, decided('a'), done('a', 1));
    clock.advance(DAY);
    store.database
      .prepare(
        "CREATE TRIGGER t BEFORE INSERT ON journal WHEN new.kind = 'pruned' BEGIN SELECT raise(ABORT, 'no'); END",
      )
      .run();
    appendTo(store, clock, decided('b'));
    expect(told(store)).toEqual(['1 decided a', '2 done a', '3 decided b']);
    expect(warnings).toEqual([
      expect.stringMatching(/^PLYRA_RETENTION Old journal records could not be removed: .*no/),
    ]);
    store.database.prepare('DROP TRIGGER t').run();
    clock.advance(HOUR);
    appendTo(store, clock, done('b', 1));
    expect(told(store)).toEqual(['3 decided b', '4 done b', '5 pruned']);
    check(store);
  });
});
