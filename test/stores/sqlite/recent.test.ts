import { describe, expect, it } from 'vitest';
import { decided, done, draftOf, START } from '../../../src/testing/store/records.ts';
import { by, newPath, openStore, writerOf } from './open-store.ts';

/** How far the projection has come: it has not been asked while that stays. */
const projected = (store: ReturnType<typeof openStore>): unknown =>
  store.database.prepare('SELECT position FROM projection').get()?.position;

const waiting = (id: string) => draftOf('waiting', id, { state: 'waiting', timestamp: new Date(START) });

describe('the entry of an action that ended right before', () => {
  it('is the one that the projection has, without asking it', () => {
    const path = newPath();
    const store = openStore({ path });
    store.append([waiting('a')]);
    expect(store.entry('a')?.state).toBe('waiting');
    store.append([decided('a', { tags: ['x'], estimatedCost: 0.25, instructionChain: [] })]);
    store.append([done('a', { $date: 'no date' })]);
    const entry = store.entry('a');
    expect(projected(store)).toBe(0);
    expect(entry?.state).toBe('done');
    expect(entry).toEqual(openStore({ path, writer: writerOf('reader') }).entry('a'));
    expect(projected(store)).toBe(3);
  });

  it('tells of what others wrote of it since', () => {
    const path = newPath();
    const [store, other] = [openStore({ path }), openStore({ path, writer: writerOf('other') })];
    store.append([decided('a'), done('a', 1)]);
    store.append([decided('b')]);
    other.append([by('other', decided('c')), by('other', draftOf('rolled_back', 'a', {}))]);
    store.append([done('b', 1)]);
    expect(store.entry('a')?.rolledBack).toBe(true);
    expect(store.entry('a')?.writer.id).toBe('other');
    expect(store.entry('b')?.rolledBack).toBe(false);
    expect(projected(store)).toBe(0);
    expect(store.entry('c')?.actionId).toBe('c');
  });

  it('is found by the projection where more was written since than is looked through', () => {
    const path = newPath();
    const [store, other] = [openStore({ path }), openStore({ path, writer: writerOf('other') })];
    store.append([decided('a')]);
    other.append(Array.from({ length: 2_500 }, (_, i) => by('other', decided(`other${i}`))));
    store.append([done('a', 1)]);
    other.append([by('other', draftOf('rolled_back', 'a', {}))]);
    expect(store.entry('a')?.rolledBack).toBe(true);
    store.append([decided('b'), done('b', 1)]);
    expect(store.entry('b')?.state).toBe('done');
  });

  it('is found by the projection when so many ended since that it is kept no more', () => {
    const store = openStore({ maxEntriesInMemory: 2 });
    for (const id of ['a', 'b', 'c']) store.append([decided(id)]);
    for (const id of ['a', 'b', 'c']) store.append([done(id, id)]);
    expect(store.entry('c')?.result).toBe('c');
    expect(projected(store)).toBe(0);
    expect(store.entry('a')?.result).toBe('a');
    expect(projected(store)).toBe(6);
  });

  it('is kept with at most 4 MB of others', () => {
    const store = openStore();
    const large = 'x'.repeat(1_000_000);
    for (const id of ['a', 'b', 'c', 'd', 'e']) store.append([decided(id, { intent: large })]);
    expect(store.entry('e')?.intent.length).toBe(1_000_000);
    expect(projected(store)).toBe(0);
    expect(store.entry('a')?.actionId).toBe('a');
    expect(projected(store)).toBe(5);
  });
});
