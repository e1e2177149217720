import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/approvals/queue.ts';
import { START } from '../../../src/testing/store/records.ts';
import { MINUTE, now, problemOf, Scene } from '../queue-scene.ts';

const yes: Decision = { by: 'alice', approved: true };

describe('a grant', () => {
  it.each([
    ['session', undefined, 480, 'session-1'],
    ['session', 5, 5, 'session-1'],
    ['call', undefined, 60, null],
    ['call', 10_080, 10_080, null],
  ] as const)('of scope %s for %j minutes is made with the approval', (scope, minutes, lasts, sessionId) => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, { ...yes, scope, ...(minutes === undefined ? {} : { minutes }) });
    const [grant, ...more] = now(scene.queue().grants());
    expect(more).toEqual([]);
    expect(grant).toEqual({
      id: 'id-2',
      approvalId: ask.id,
      scope,
      digest: 'digest-1',
      sessionId,
      agentId: 'worker',
      toolName: 'pay',
      objections: ['payments'],
      grantedBy: 'alice',
      grantedAt: new Date(START),
      expiresAt: new Date(START + lasts * MINUTE),
      revokedAt: null,
      revokedBy: null,
    });
    expect(scene.told()).toMatchObject([{ event: 'approved', scope, minutes: lasts, grantId: 'id-2' }]);
  });

  it('for a session needs a call that named one', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue(), { sessionId: null });
    expect(problemOf(() => scene.queue().decide(ask.id, { ...yes, scope: 'session' }))).toBe('scope');
  });

  it('is not made with a denial', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, { by: 'alice', approved: false, scope: 'call', minutes: 60 });
    expect(scene.queue().grants()).toEqual([]);
  });

  it('is revoked once, by somebody, and that is journaled', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, { ...yes, scope: 'call' });
    expect(problemOf(() => scene.queue().revoke('id-2', ''))).toBe('name');
    expect(scene.queue().revoke('id-2', 'bob')).toMatchObject({
      revokedBy: 'bob',
      revokedAt: new Date(START),
    });
    expect(scene.told().at(-1)).toEqual({ event: 'revoked', approvalId: ask.id, grantId: 'id-2', by: 'bob' });
    expect(scene.memory.records().at(-1)?.actionId).toBe('action-1');
    for (const id of ['id-2', 'id-7'])
      expect(problemOf(() => scene.queue().revoke(id, 'bob'))).toBe('unknown');
    expect(scene.queue().grants({ liveAt: START })).toEqual([]);
  });
});
