import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { settled } from '../../call/clocks.ts';
import { later, storeWith } from '../other-stores.ts';
import { Scene, stateOf } from '../queue-scene.ts';
import { advance, decideElsewhere, limits, waiting } from '../waiting-calls.ts';

const yes = { by: 'alice', approved: true };

describe('a call that waits', () => {
  it.each([
    ['approved', yes],
    ['denied', { ...yes, approved: false }],
  ])('is told at once that it was %s by another queue of this process', async (state, decision) => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue(), { waits: true });
    const wait = waiting(scene.queue(), ask);
    await settled();
    expect(wait.came).toBe('nothing');
    scene.queue({ writerId: 'guard-2' }).decide(ask.id, decision);
    await settled();
    expect(wait.came).toBe(state);
    expect(scene.clock.pending).toBe(0);
  });

  it('is told what was decided before it waits', async () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, yes);
    await expect(scene.queue().wait(ask, limits)).resolves.toMatchObject({ state: 'approved' });
    await expect(scene.queue({ store: later(scene.store) }).wait(ask, limits)).resolves.toMatchObject({
      state: 'approved',
    });
    expect(scene.clock.pending).toBe(0);
  });

  it('is told within a tenth of a second what another process decided', async () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const wait = waiting(scene.queue(), ask);
    await advance(scene, 1050);
    decideElsewhere(scene, ask);
    await advance(scene, 99);
    expect(wait.came).toBe('nothing');
    await advance(scene, 1);
    expect(wait.came).toBe('approved');
  });

  it('is not told of a vote that decides nothing', async () => {
    const scene = new Scene();
    scene.quorum = 2;
    const ask = scene.ask(scene.queue());
    const wait = waiting(scene.queue(), ask);
    scene.queue().decide(ask.id, yes);
    await advance(scene, 100);
    expect(wait.came).toBe('nothing');
    scene.queue().decide(ask.id, { ...yes, by: 'bob' });
    await settled();
    expect(wait.came).toBe('approved');
  });

  it('for a request that is not there is told so, also when it goes away', async () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    await expect(scene.queue().wait({ ...ask, id: 'id-7' }, limits)).rejects.toMatchObject({
      details: { problem: 'unknown' },
    });
    let isGone = false;
    const store = storeWith(scene.store, { get: (id) => (isGone ? undefined : scene.store.get(id)) });
    const wait = waiting(scene.queue({ store }), ask);
    isGone = true;
    await advance(scene, 100);
    expect(wait.came).toBe('unknown');
    expect(scene.clock.pending).toBe(0);
  });
});

describe('a signal', () => {
  it('that fires cancels the request and ends the wait', async () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const controller = new AbortController();
    const wait = waiting(scene.queue(), ask, controller.signal);
    await advance(scene, 100);
    controller.abort();
    await settled();
    expect(wait.came).toBe('cancelled');
    expect(scene.told()).toMatchObject([{ event: 'cancelled', approvalId: ask.id }]);
    expect(scene.clock.pending).toBe(0);
  });

  it('that has fired before cancels at once', async () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    await expect(scene.queue().wait(ask, { ...limits, signal: AbortSignal.abort() })).resolves.toMatchObject({
      state: 'cancelled',
    });
    expect(scene.clock.pending).toBe(0);
  });

  it('is let go of when the wait is over', async () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const { signal } = new AbortController();
    waiting(scene.queue(), ask, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    scene.queue().decide(ask.id, yes);
    await settled();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('of one call does not touch what its siblings wait for', async () => {
    const scene = new Scene();
    const queue = scene.queue();
    const [first, second, third] = [scene.ask(queue), scene.ask(queue), scene.ask(queue)];
    const controller = new AbortController();
    const waits = [waiting(queue, first, controller.signal), waiting(queue, second), waiting(queue, third)];
    controller.abort();
    queue.decide(second.id, yes);
    queue.decide(third.id, { ...yes, approved: false });
    await settled();
    expect(waits.map(({ came }) => came)).toEqual(['cancelled', 'approved', 'denied']);
  });
});

describe('closing', () => {
  it('ends the waits, and leaves the requests to whoever waits next', async () => {
    const scene = new Scene();
    const queue = scene.queue();
    const [one, other] = [scene.ask(queue), scene.ask(queue)];
    const waits = [waiting(queue, one), waiting(queue, other)];
    const elsewhere = waiting(scene.queue({ writerId: 'guard-2' }), one);
    queue.close();
    await settled();
    expect(waits.map(({ came }) => came)).toEqual(['closed', 'closed']);
    await expect(queue.wait(one, limits)).rejects.toMatchObject({
      details: { problem: 'closed', approvalId: one.id },
    });
    expect(stateOf(scene, one)).toBe('pending');
    scene.queue().decide(one.id, yes);
    await settled();
    expect(elsewhere.came).toBe('approved');
    expect(scene.clock.pending).toBe(0);
  });
});
