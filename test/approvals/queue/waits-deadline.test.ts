import { describe, expect, it } from 'vitest';
import type { ApprovalStore } from '../../../src/stores/approval-store.ts';
import { storeWith } from '../other-stores.ts';
import { Scene, stateOf, TIMEOUT } from '../queue-scene.ts';
import { advance, decideElsewhere, waiting } from '../waiting-calls.ts';

describe('the deadline', () => {
  it('ends the wait and the request', async () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const wait = waiting(scene.queue(), ask);
    await advance(scene, TIMEOUT - 1);
    expect(wait.came).toBe('nothing');
    await advance(scene, 1);
    expect(wait.came).toBe('expired');
    expect(stateOf(scene, ask)).toBe('expired');
    expect(scene.told()).toMatchObject([{ event: 'expired', approvalId: ask.id }]);
    expect(scene.clock.pending).toBe(0);
  });

  it('holds when the wall clock is set back', async () => {
    const scene = new Scene();
    scene.boot = null;
    const wait = waiting(scene.queue(), scene.ask(scene.queue()));
    scene.clock.setWall(-10 * TIMEOUT);
    await advance(scene, TIMEOUT);
    expect(wait.came).toBe('expired');
  });

  it('is over when the wall clock is set forward: nobody could decide any more', async () => {
    const scene = new Scene();
    const wait = waiting(scene.queue(), scene.ask(scene.queue()));
    scene.clock.setWall(TIMEOUT);
    await advance(scene, 100);
    expect(wait.came).toBe('expired');
  });

  it.each([0, -1, Number.NaN])('is over at once after %d ms', async (timeoutMs) => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    await expect(scene.queue().wait(ask, { timeoutMs })).resolves.toMatchObject({ state: 'expired' });
    expect(scene.clock.pending).toBe(0);
  });

  it('does not undo what another process decided in time', async () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const wait = waiting(scene.queue(), ask);
    await advance(scene, TIMEOUT - 1);
    decideElsewhere(scene, ask);
    await advance(scene, 1);
    expect(wait.came).toBe('approved');
    expect(stateOf(scene, ask)).toBe('approved');
  });

  it('holds also where the store fails, or does not answer', async () => {
    const fails = (): never => {
      throw new Error('the disk is full');
    };
    const hangs = (): Promise<never> => new Promise(() => {});
    for (const [change, grace] of [
      [fails, 0],
      [hangs, 1000],
    ] as const) {
      const scene = new Scene();
      const ask = scene.ask(scene.queue());
      const store = storeWith(scene.store, { change });
      const wait = waiting(scene.queue({ store }), ask);
      await advance(scene, TIMEOUT);
      if (grace > 0) expect(wait.came).toBe('nothing');
      await advance(scene, grace);
      expect(wait.came).toBe('expired');
      expect(scene.clock.pending).toBe(0);
    }
  });

  it('of a request that was never read is an error', async () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const get: ApprovalStore['get'] = () => {
      throw new Error('database is locked');
    };
    const wait = waiting(scene.queue({ store: storeWith(scene.store, { get }) }), ask);
    await advance(scene, TIMEOUT);
    expect(wait.came).toEqual(new Error('database is locked'));
  });
});
