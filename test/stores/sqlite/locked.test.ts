import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { decided, done, START } from '../../../src/testing/store/records.ts';
import { lock } from './child-processes.ts';
import { newPath, openStore } from './open-store.ts';

/** A store that another process has locked. */
async function locked() {
  const path = newPath();
  const clock = new FakeClock(START);
  const store = openStore({ path, clock });
  store.append([decided('a')]);
  const child = await lock(path, 'BEGIN IMMEDIATE');
  return {
    store,
    clock,
    letGo: async () => {
      child.tell('let go');
      expect(await child.line()).toBe('unlocked');
    },
    /** How long SQLite would wait for a lock now, in milliseconds. */
    timeout: () => store.database.prepare('PRAGMA busy_timeout').get()?.timeout,
    ids: () => [...store.records()].map(({ actionId }) => actionId),
  };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a database that stays locked', () => {
  it('is waited for once a second, and for long again once something was written', async () => {
    const { store, clock, timeout, letGo } = await locked();
    expect(timeout()).toBe(2_000);
    expect(() => store.append([decided('b')])).toThrow('locked');
    expect(timeout()).toBe(10);
    expect(() => store.append([decided('b')])).toThrow('locked');
    clock.advance(999);
    expect(timeout()).toBe(10);
    clock.advance(1);
    expect(timeout()).toBe(2_000);
    expect(() => store.append([decided('b')])).toThrow('locked');
    expect(timeout()).toBe(10);
    await letGo();
    store.append([decided('b')]);
    expect(timeout()).toBe(2_000);
  });

  it('is asked again by a timer for what is gathered, which is written once it can be', async () => {
    const { store, clock, timeout, letGo, ids } = await locked();
    let settled = false;
    const gathered = Promise.resolve(store.append([decided('b')], { gather: true }));
    void gathered.then(() => (settled = true));
    await nextTurn();
    expect([clock.pending, timeout()]).toEqual([1, 2_000]);
    clock.advance(25);
    const later = store.append([decided('c')], { gather: true });
    await nextTurn();
    expect([clock.pending, settled]).toEqual([1, false]);
    await letGo();
    clock.advance(25);
    await gathered;
    await later;
    expect([clock.pending, ids()]).toEqual([0, ['a', 'b', 'c']]);
    await store.append([done('a', 1)], { gather: true });
  });

  it('is told of to who gathered after two seconds', async () => {
    const { store, clock } = await locked();
    const first = Promise.resolve(store.append([decided('b')], { gather: true }));
    const told = first.catch((error: unknown) => String(error));
    await nextTurn();
    clock.advance(1_999);
    expect(clock.pending).toBe(1);
    clock.advance(1);
    expect(clock.pending).toBe(1);
    clock.advance(25);
    expect(await told).toContain('another process holds the database locked');
    expect(clock.pending).toBe(0);
  });

  it('is told of at once to who cannot wait, while what is gathered waits on', async () => {
    const { store, clock, letGo, ids } = await locked();
    const gathered = store.append([decided('b')], { gather: true });
    expect(() => store.append([decided('c')])).toThrow('locked');
    expect(clock.pending).toBe(1);
    await letGo();
    store.append([decided('d')]);
    await gathered;
    expect([clock.pending, ids()]).toEqual([0, ['a', 'b', 'd']]);
  });

  it('is told of to all who wait when the store is closed', async () => {
    const { store } = await locked();
    const gathered = store.append([decided('b')], { gather: true });
    store.close();
    await expect(gathered).rejects.toThrow('locked');
  });
});
