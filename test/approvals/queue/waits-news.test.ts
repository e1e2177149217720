import { describe, expect, it } from 'vitest';
import { settled } from '../../call/clocks.ts';
import { later, storeWith } from '../other-stores.ts';
import { Scene } from '../queue-scene.ts';
import { advance, decideElsewhere, waiting } from '../waiting-calls.ts';

const yes = { by: 'alice', approved: true };

describe('looking for news', () => {
  it('takes one timer for all who wait, and none when nobody does', async () => {
    const scene = new Scene();
    const queue = scene.queue();
    const asks = Array.from({ length: 20 }, () => scene.ask(queue));
    const waits = asks.map((ask) => waiting(queue, ask));
    expect(scene.clock.pending).toBe(1);
    await advance(scene, 100);
    expect(scene.clock.pending).toBe(1);
    for (const ask of asks) queue.decide(ask.id, yes);
    await settled();
    expect(waits.every(({ came }) => came === 'approved')).toBe(true);
    expect(scene.clock.pending).toBe(0);
  });

  it('is not put off by others that begin to wait', async () => {
    const scene = new Scene();
    const queue = scene.queue();
    const [first, ...others] = Array.from({ length: 10 }, () => scene.ask(queue));
    if (first === undefined) throw new Error('There is no request.');
    const wait = waiting(queue, first);
    decideElsewhere(scene, first);
    for (const other of others) {
      waiting(queue, other);
      await advance(scene, 20);
    }
    expect(wait.came).toBe('approved');
    queue.close();
  });

  it('reads requests only when the store says that something changed', async () => {
    const scene = new Scene();
    const reads: string[] = [];
    const store = storeWith(scene.store, {
      get: (id) => {
        reads.push('get');
        return scene.store.get(id);
      },
      version: () => {
        reads.push('version');
        return scene.store.version();
      },
    });
    const [one, other] = [scene.ask(scene.queue()), scene.ask(scene.queue())];
    const queue = scene.queue({ store });
    const waits = [waiting(queue, one), waiting(queue, other)];
    await advance(scene, 100);
    reads.length = 0;
    for (let i = 0; i < 5; i++) await advance(scene, 100);
    expect(reads).toEqual(Array(5).fill('version'));
    reads.length = 0;
    decideElsewhere(scene, other);
    await advance(scene, 100);
    expect(reads).toEqual(['version', 'get', 'get']);
    expect(waits.map(({ came }) => came)).toEqual(['nothing', 'approved']);
    queue.close();
  });

  it.each(['version', 'get'] as const)('goes on when the store fails at %s for a while', async (method) => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    let isDown = false;
    const down =
      <A extends unknown[], R>(answer: (...args: A) => R) =>
      (...args: A): R => {
        if (isDown) throw new Error('database is locked');
        return answer(...args);
      };
    const store = storeWith(scene.store, {
      version: down(() => scene.store.version()),
      get: down((id: string) => scene.store.get(id)),
      [method]: down((id: string) => scene.store[method](id)),
    });
    for (const one of [store, later(store)]) {
      isDown = false;
      const fresh = one === store ? ask : scene.ask(scene.queue());
      const wait = waiting(scene.queue({ store: one }), fresh);
      await advance(scene, 100);
      isDown = true;
      decideElsewhere(scene, fresh);
      for (let i = 0; i < 3; i++) await advance(scene, 100);
      expect(wait.came).toBe('nothing');
      isDown = false;
      await advance(scene, 100);
      expect(wait.came).toBe('approved');
    }
  });

  it('goes on when an answer of the store is lost', async () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    let isLost = true;
    const remote = later(scene.store);
    const store = storeWith(remote, { version: () => (isLost ? new Promise(() => {}) : remote.version()) });
    const wait = waiting(scene.queue({ store }), ask);
    await advance(scene, 100);
    isLost = false;
    decideElsewhere(scene, ask);
    await advance(scene, 100);
    expect(wait.came).toBe('nothing');
    for (let i = 0; i < 52; i++) await advance(scene, 100);
    expect(wait.came).toBe('approved');
  });
});
