import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ActionEscalatedError } from '../../src/core/refusals.ts';
import type { GuardOptions } from '../../src/guard-options.ts';
import type { Store } from '../../src/stores/store.ts';
import { memoryStore, mixedGuard, openGuard } from './guards.ts';
import { cameOf } from './repeated-tries.ts';

const { publicKey } = generateKeyPairSync('ed25519');
const approvers = [
  { id: 'ann', publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') },
];
const pay = (what: string): string => `paid: ${what}`;

/** A store as somebody wrote it who keeps no requests. */
function storeWithoutRequests(): Store {
  const store = memoryStore();
  return new Proxy<Store>(store, {
    get(_store, name) {
      if (name === 'approvals') return undefined;
      const member: unknown = Reflect.get(store, name);
      return typeof member === 'function' ? member.bind(store) : member;
    },
  });
}

describe('an escalationHandler that alone is asked', () => {
  const saysYes = (options: GuardOptions) => mixedGuard({ escalationHandler: () => true, ...options });

  it.each<readonly [string, GuardOptions]>([
    ['where approvers are configured, whose signatures alone count', { config: { approvers } }],
    ['where two people have to say yes', { approvals: { quorum: 2 } }],
  ])('does not decide %s: there the queue is asked', async (_where, options) => {
    const guard = saysYes({ ...options, approvals: { ...options.approvals, via: 'callback' } });
    expect(() => guard.wrap(pay)('pay 5')).toThrow(ActionEscalatedError);
    const requests = await guard.approvals.list({ state: 'pending' });
    expect(requests).toMatchObject([{ toolName: 'pay' }]);
    await guard.close();
  });

  it.each<readonly [string, GuardOptions]>([
    ['approvers', { config: { approvers } }],
    ['a quorum', { approvals: { quorum: 2 } }],
    ['`via: queue`', { approvals: { via: 'queue' } }],
  ])('does not decide with %s on a store that keeps no requests either', (_with, options) => {
    const guard = saysYes({ ...options, store: storeWithoutRequests() });
    expect(() => guard.wrap(pay)('pay 5')).toThrow(ActionEscalatedError);
  });

  it('decides where one yes is enough', () => {
    expect(saysYes({ approvals: { via: 'callback' } }).wrap(pay)('pay 5')).toBe('paid: pay 5');
    expect(saysYes({ store: storeWithoutRequests() }).wrap(pay)('pay 5')).toBe('paid: pay 5');
  });
});

describe('the human gate', () => {
  const gated = (options: GuardOptions = {}) => {
    const guard = openGuard({ config: { evaluators: { humanGate: { enabled: true } } }, ...options });
    return guard.protect('db.drop', { riskLevel: 'CRITICAL' })(pay);
  };

  it('has the queue asked where there is no handler', async () => {
    expect(await cameOf(async () => gated()('x'))).toMatchObject({
      verdict: 'ESCALATE',
      approvalId: expect.any(String),
    });
  });

  it.each<readonly [string, GuardOptions]>([
    ['only a handler may be asked, and there is none', { approvals: { via: 'callback' } }],
    ['the store keeps no requests', { store: storeWithoutRequests() }],
  ])('blocks where %s', async (_where, options) => {
    expect(await cameOf(async () => gated(options)('x'))).toMatchObject({ verdict: 'BLOCK' });
  });
});
