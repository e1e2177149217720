import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/approvals/queue.ts';
import type { ApprovalStore } from '../../../src/stores/approval-store.ts';
import { START } from '../../../src/testing/store/records.ts';
import { storeWith } from '../other-stores.ts';
import { now, problemOf, Scene, stateOf, waitingRecord } from '../queue-scene.ts';

const yes: Decision = { by: 'alice', approved: true };

describe('a decision', () => {
  it('approves, and is journaled without the parameters', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const approved = now(scene.queue().decide(ask.id, { ...yes, note: 'Go on' }));
    expect(approved).toMatchObject({ state: 'approved', decidedBy: 'alice', note: 'Go on', shown: null });
    expect(approved.decidedAt).toEqual(new Date(START));
    expect(scene.told()).toEqual([
      expect.objectContaining({
        event: 'approved',
        approvalId: ask.id,
        by: 'alice',
        note: 'Go on',
        scope: 'once',
        minutes: null,
      }),
    ]);
    expect(JSON.stringify(scene.told())).not.toContain('amount');
  });

  it('denies', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const denied = now(scene.queue().decide(ask.id, { by: 'alice', approved: false, note: 'Too much' }));
    expect(denied).toMatchObject({ state: 'denied', decidedBy: 'alice', note: 'Too much' });
    expect(scene.told()).toMatchObject([{ event: 'denied', by: 'alice', note: 'Too much' }]);
  });

  it.each(['yes', 1, {}, undefined, null])('is a denial when it says %j', (approved) => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    expect(now(scene.queue().decide(ask.id, { by: 'alice', approved } as never)).state).toBe('denied');
  });

  it('keeps the first 2,000 characters of a note, without secrets', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const note = `hunter2 ${'x'.repeat(1988)}😀😀`;
    const kept = now(scene.queue().decide(ask.id, { ...yes, note })).note;
    expect(kept).toHaveLength(2000);
    expect(kept?.startsWith('[redacted] xx')).toBe(true);
    expect(kept?.isWellFormed()).toBe(true);
    expect(JSON.stringify(scene.told())).not.toContain('hunter2');
  });

  it.each<[string, Partial<Decision>, string]>([
    ['by nobody', { by: '' }, 'name'],
    ['by white space', { by: ' \u200b' }, 'name'],
    ['by a name that is too long', { by: 'a'.repeat(201) }, 'name'],
    ['by what is no text', { by: 7 as never }, 'name'],
    ['by the agent that asks', { by: 'worker' }, 'own_request'],
    ['by that agent in capitals', { by: 'WORKER' }, 'own_request'],
    ['by that agent in full-width letters', { by: 'ｗｏｒｋｅｒ' }, 'own_request'],
    ['by that agent with something invisible', { by: ' wor\u200dker ' }, 'own_request'],
    ['of an unknown scope', { scope: 'ever' as never }, 'scope'],
    ['for no minutes', { scope: 'call', minutes: 0 }, 'minutes'],
    ['for half a minute', { scope: 'call', minutes: 0.5 }, 'minutes'],
    ['for more than a week', { scope: 'session', minutes: 10_081 }, 'minutes'],
    ['for minutes that are none', { scope: 'call', minutes: Number.NaN }, 'minutes'],
    ['for one call and some minutes', { minutes: 5 }, 'minutes'],
    ['with a note that is no text', { note: 7 as never }, 'note'],
    ['with a note without end', { note: 'x'.repeat(65_537) }, 'note'],
  ])('does not count %s', (_what, decision, problem) => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    expect(problemOf(() => scene.queue().decide(ask.id, { ...yes, ...decision }))).toBe(problem);
    expect(stateOf(scene, ask)).toBe('pending');
    expect(scene.told()).toEqual([]);
  });

  it('on a request that is not there does not count', () => {
    expect(problemOf(() => new Scene().queue().decide('id-7', yes))).toBe('unknown');
  });

  it('on a request that is not pending any more does not count, and says where it is', () => {
    const scene = new Scene();
    const queue = scene.queue();
    const [approved, denied, cancelled, expired, consumed] = Array.from({ length: 5 }, () =>
      scene.ask(queue),
    );
    queue.decide(approved?.id ?? '', yes);
    queue.decide(denied?.id ?? '', { ...yes, approved: false });
    queue.cancel(cancelled?.id ?? '');
    queue.expire(expired?.id ?? '');
    queue.decide(consumed?.id ?? '', yes);
    const consumes = { approvalId: consumed?.id, now: START };
    scene.memory.append([{ ...waitingRecord('action-1'), kind: 'decided', consumes }]);
    const states = [approved, denied, cancelled, expired, consumed].map((ask) => {
      try {
        return now(queue.decide(ask?.id ?? '', yes)).state;
      } catch (error) {
        return (error as { details: unknown }).details;
      }
    });
    expect(states).toEqual(
      [approved, denied, cancelled, expired, consumed].map((ask, i) => ({
        approvalId: ask?.id,
        problem: 'not_pending',
        state: ['approved', 'denied', 'cancelled', 'expired', 'consumed'][i],
      })),
    );
  });

  it('is one of two that are made at once', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    // Somebody else decides between this queue's reading and its change.
    let first = true;
    const change: ApprovalStore['change'] = (...args) => {
      if (first) {
        first = false;
        scene.queue().decide(ask.id, { by: 'bob', approved: false });
      }
      return scene.store.change(...args);
    };
    const store = storeWith(scene.store, { change });
    expect(problemOf(() => scene.queue({ store }).decide(ask.id, yes))).toBe('not_pending');
    expect(scene.store.get(ask.id)).toMatchObject({
      state: 'denied',
      decidedBy: 'bob',
      votes: [{ by: 'bob' }],
    });
  });

  it('is checked again when it lost a race', () => {
    const scene = new Scene();
    scene.quorum = 3;
    const ask = scene.ask(scene.queue());
    let first = true;
    const change: ApprovalStore['change'] = (...args) => {
      if (first) {
        first = false;
        scene.queue().decide(ask.id, { by: 'ALICE', approved: true });
      }
      return scene.store.change(...args);
    };
    const store = storeWith(scene.store, { change });
    expect(problemOf(() => scene.queue({ store }).decide(ask.id, yes))).toBe('voted');
  });

  it('is given up when others change the request again and again', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const store = storeWith(scene.store, { change: () => undefined });
    expect(problemOf(() => scene.queue({ store }).decide(ask.id, yes))).toBe('busy');
  });
});
