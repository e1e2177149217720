import { describe, expect, it } from 'vitest';
import type { AsShown, NewRequest } from '../../../src/approvals/queue.ts';
import { now, REQUEST, Scene, Signer } from '../queue-scene.ts';

const alice = new Signer('alice');

const DIFFERENCES: readonly Partial<AsShown>[] = [
  { toolName: 'read' },
  { actionType: 'file.read' },
  { agentId: 'other' },
  { taskId: 'task' },
  { sessionId: null },
  { verdict: 'DEFER' },
  { reason: 'Reading is harmless' },
  { ruleName: null },
  { escalateTo: 'interns' },
  { shown: { intent: 'pay 7', parameters: { amount: 8 } } },
  { shown: { intent: 'pay 8', parameters: { amount: 7 } } },
];

/** A signed yes, and what a call goes by that would be shown like this. */
function matched(now_: Partial<AsShown>, asked: Partial<NewRequest> = {}, approvers = [alice.listed()]) {
  const scene = new Scene();
  scene.approvers = approvers;
  const ask = scene.ask(scene.queue(), asked);
  // As it is read again, and shown.
  const shown = now(scene.queue().get(ask.id)) ?? ask;
  scene.queue().decide(ask.id, alice.says(shown));
  const asShown = () => ({ ...REQUEST, ...now_ });
  return now(scene.queue().match('digest-1', null, ['payments'], asShown));
}

describe('a signed approval', () => {
  it('is gone by where the call would be shown as it was', () => {
    expect(matched({})).toMatchObject({ kind: 'approved' });
    expect(matched({ shown: { intent: 'pay 7', parameters: { amount: -0 + 7 } } }).kind).toBe('approved');
  });

  it.each(DIFFERENCES)('is not gone by where the call would be shown with %j, and is named', (difference) => {
    expect(matched(difference)).toEqual({ kind: 'none', unlike: 'id-1' });
  });

  it.each(DIFFERENCES)('is gone by all the same where no signatures are asked for: %j', (difference) => {
    expect(matched(difference, {}, [])).toMatchObject({ kind: 'approved' });
  });

  it('is not gone by where nobody can say what would be shown', () => {
    const scene = new Scene();
    scene.approvers = [alice.listed()];
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, alice.says(ask));
    expect(scene.queue().match('digest-1', null, ['payments'])).toEqual({ kind: 'none', unlike: ask.id });
  });

  it('is compared as a store keeps texts', () => {
    const odd = { reason: 'half \ud800 and \0', ruleName: 'x\0' };
    expect(matched(odd, odd)).toMatchObject({ kind: 'approved' });
  });
});

describe('a grant of a signed approval', () => {
  const granted = (difference: Partial<AsShown>) => {
    const scene = new Scene();
    scene.approvers = [alice.listed()];
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, alice.says(ask, { scope: 'call', minutes: 5 }));
    const asShown = () => ({ ...REQUEST, ...difference });
    return now(scene.queue().match('digest-1', null, ['payments'], asShown));
  };

  it('lets through what would be shown as it was, and nothing else', () => {
    expect(granted({})).toMatchObject({ kind: 'granted' });
    for (const difference of DIFFERENCES) {
      expect(granted(difference)).toEqual({ kind: 'none', unlike: 'id-1' });
    }
  });
});

describe('a request that is asked because another one shows something else', () => {
  it('says so in its reason, and is gone by when it is approved', () => {
    const scene = new Scene();
    scene.approvers = [alice.listed()];
    const ask = scene.ask(scene.queue(), { again: 'id-0' });
    expect(ask.reason).toBe(
      'Payments need a person (asked again: what request id-0 shows is not what this call would show now)',
    );
    scene.queue().decide(ask.id, alice.says(ask));
    const asShown = () => REQUEST;
    expect(now(scene.queue().match('digest-1', null, ['payments'], asShown))).toMatchObject({
      kind: 'approved',
    });
  });

  it('may say nothing else behind its reason', () => {
    for (const reason of [
      `${REQUEST.reason}, and ann has agreed`,
      `${REQUEST.reason} (asked again: what request id-0, agreed by ann, shows is not what this call would show now)`,
    ]) {
      expect(matched({}, { reason }).kind).toBe('none');
    }
  });
});
