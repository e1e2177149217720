import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/approvals/queue.ts';
import { shownHash } from '../../src/approvals/signature.ts';
import type { ApprovalStore } from '../../src/stores/approval-store.ts';
import { START } from '../../src/testing/store/records.ts';
import { later, storeWith } from './other-stores.ts';
import { now, REQUEST, Scene, TIMEOUT, waitingRecord } from './queue-scene.ts';

/** What a request must still be for a change to go through. */
type ChangedFrom = Parameters<ApprovalStore['change']>[1];

const yes: Decision = { by: 'alice', approved: true };

describe('a request', () => {
  it('gets an id, times on both clocks, the quorum in force and who waits', () => {
    const scene = new Scene();
    scene.quorum = 2;
    scene.clock.advance(10);
    const { timeoutMs, waits, ...asked } = REQUEST;
    expect(scene.queue().newAsk({ ...REQUEST, waits: true })).toEqual({
      ...asked,
      shownHash: shownHash(asked.shown),
      id: 'id-1',
      quorum: 2,
      requestedAt: new Date(START + 10),
      expiresAt: new Date(START + 10 + timeoutMs),
      expiresOn: { boot: 'boot-1', at: 10 + timeoutMs },
      waiter: 'guard-1',
    });
    scene.boot = null;
    expect(scene.queue().newAsk({ ...REQUEST, waits })).toMatchObject({ expiresOn: null, waiter: null });
  });

  it.each([0, -1, 0.5])('needs one person at least, also under a quorum of %d', (quorum) => {
    const scene = new Scene();
    scene.quorum = quorum;
    expect(scene.queue().newAsk(REQUEST).quorum).toBe(1);
  });

  it('is stored together with the record that tells of it', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    expect(now(scene.queue().get(ask.id))).toMatchObject({ ...ask, state: 'pending', votes: [] });
    expect(scene.memory.records().map(({ kind, actionId }) => [kind, actionId])).toEqual([
      ['waiting', 'action-1'],
    ]);
  });
});

describe('taking over', () => {
  it('makes this guard the one that waits, once', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const seen = now(scene.queue().get(ask.id));
    if (seen === undefined) throw new Error('The request is not there.');
    expect(scene.queue({ writerId: 'guard-2' }).adopt(seen)).toMatchObject({
      waiter: 'guard-2',
      state: 'pending',
    });
    expect(scene.queue({ writerId: 'guard-3' }).adopt(seen)).toBeUndefined();
    expect(scene.store.get(ask.id)?.waiter).toBe('guard-2');
  });

  it('of what another guard takes over at the same time comes too late, where the store compares who waits', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    let first = true;
    const change: ApprovalStore['change'] = (id, from: { waiter?: string | null } & ChangedFrom, ...rest) => {
      if (first) {
        first = false;
        scene.queue({ writerId: 'guard-2' }).adopt(ask);
      }
      return scene.store.get(id)?.waiter === from.waiter ? scene.store.change(id, from, ...rest) : undefined;
    };
    const store = storeWith(scene.store, { change });
    expect(scene.queue({ store, writerId: 'guard-3' }).adopt(ask)).toBeUndefined();
    expect(scene.store.get(ask.id)?.waiter).toBe('guard-2');
    const other = scene.ask(scene.queue());
    expect(scene.queue({ store, writerId: 'guard-3' }).adopt(other)).toMatchObject({ waiter: 'guard-3' });
  });

  it('is not possible while its call waits, but when that is gone', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue(), { waits: true });
    expect(scene.queue({ writerId: 'guard-2' }).adopt(ask)).toBeUndefined();
    const store = storeWith(scene.store, { hasWaiter: () => false });
    expect(scene.queue({ writerId: 'guard-2', store }).adopt(ask)).toMatchObject({ waiter: 'guard-2' });
  });

  it('goes by the request as it was seen: whoever took it over since was first, and gone or not', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const store = storeWith(scene.store, { hasWaiter: () => false });
    expect(scene.queue({ store, writerId: 'guard-2' }).adopt(ask)).toMatchObject({ waiter: 'guard-2' });
    expect(scene.queue({ store, writerId: 'guard-3' }).adopt(ask)).toBeUndefined();
  });

  it.each(['decided', 'overdue'])('is not possible when the request is %s', (what) => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    if (what === 'decided') scene.queue().decide(ask.id, yes);
    else scene.clock.advance(TIMEOUT);
    expect(scene.queue().adopt(ask)).toBeUndefined();
  });

  it('is possible of what was let go', () => {
    const scene = new Scene();
    const queue = scene.queue();
    const ask = scene.ask(queue, { waits: true });
    expect(scene.queue({ writerId: 'guard-2' }).release(ask.id)).toBeUndefined();
    queue.decide(ask.id, yes);
    expect(queue.match('digest-1', null, [])).toEqual({ kind: 'none' });
    expect(queue.release(ask.id)).toMatchObject({ state: 'approved', waiter: null });
    expect(queue.match('digest-1', null, [])).toMatchObject({ kind: 'approved' });
    queue.cancel(ask.id);
    expect(queue.release(ask.id)).toBeUndefined();
  });
});

describe('a request that nobody decides', () => {
  it.each(['expire', 'cancel'] as const)('ends by %s, once, and that is journaled', (how) => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const state = how === 'expire' ? 'expired' : 'cancelled';
    expect(scene.queue()[how](ask.id)).toMatchObject({ state, shown: null, decidedBy: null });
    expect(scene.queue()[how](ask.id)).toBeUndefined();
    expect(scene.told()).toEqual([{ event: state, approvalId: ask.id, was: 'pending' }]);
    expect(scene.queue()[how]('id-7')).toBeUndefined();
  });

  it('is withdrawn also when it was approved and not used; it does not expire then', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, yes);
    expect(scene.queue().expire(ask.id)).toBeUndefined();
    expect(scene.queue().cancel(ask.id)).toMatchObject({ state: 'cancelled', decidedBy: 'alice' });
  });

  it('is listed as expired once its time is over, and shows nothing any more', () => {
    const scene = new Scene();
    const queue = scene.queue();
    const [pending, approved] = [scene.ask(queue), scene.ask(queue)];
    queue.decide(approved.id, yes);
    scene.clock.advance(TIMEOUT);
    expect(queue.list({ state: 'pending' })).toEqual([]);
    expect(now(queue.list()).map(({ state, shown }) => [state, shown])).toEqual([
      ['expired', null],
      ['expired', null],
    ]);
    expect(queue.get(pending.id)).toMatchObject({ state: 'expired' });
    expect(scene.told().filter(({ event }) => event === 'expired')).toHaveLength(2);
  });

  it('is told as expired also where the store does not take that', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.clock.advance(TIMEOUT);
    const change = (): never => {
      throw new Error('the disk is full');
    };
    expect(scene.queue({ store: storeWith(scene.store, { change }) }).get(ask.id)).toMatchObject({
      state: 'expired',
      shown: null,
    });
  });
});

describe('a store that answers later', () => {
  it('is asked the same things', async () => {
    const scene = new Scene();
    const queue = scene.queue({ store: later(scene.store) });
    const ask = queue.newAsk(REQUEST);
    await queue.enter(ask, waitingRecord(ask.actionId));
    await expect(queue.match('digest-1', null, ['payments'])).resolves.toMatchObject({ kind: 'pending' });
    await expect(queue.adopt(ask)).resolves.toMatchObject({ waiter: 'guard-1' });
    await expect(queue.release(ask.id)).resolves.toMatchObject({ waiter: null });
    await expect(queue.decide(ask.id, { by: 'worker', approved: true })).rejects.toThrow(
      'is the agent that asks',
    );
    await expect(queue.decide(ask.id, { ...yes, scope: 'call' })).resolves.toMatchObject({
      state: 'approved',
    });
    await expect(queue.match('digest-1', null, ['payments'])).resolves.toMatchObject({ kind: 'granted' });
    await expect(queue.revoke('id-2', 'bob')).resolves.toMatchObject({ revokedBy: 'bob' });
    await expect(queue.match('digest-2', null, [])).resolves.toEqual({ kind: 'none' });
    const late = scene.ask(scene.queue());
    scene.clock.advance(TIMEOUT);
    await expect(queue.list()).resolves.toMatchObject([{ state: 'expired' }, { state: 'cancelled' }]);
    await expect(queue.decide(late.id, yes)).rejects.toThrow('is expired already');
  });
});
