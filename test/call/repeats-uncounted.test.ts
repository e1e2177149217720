import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { RefusedIntents } from '../../src/call/refused-intents.ts';
import type { ActionGuard } from '../../src/guard.ts';
import type { GuardOptions } from '../../src/guard-options.ts';
import { Policy } from '../../src/policy/policy.ts';
import { memoryStore, mixedGuard, openGuard } from './guards.ts';
import { cameOf, etc, remover, tries } from './repeated-tries.ts';

let add: MockInstance;
beforeEach(() => {
  add = vi.spyOn(RefusedIntents.prototype, 'add');
});
afterEach(() => vi.restoreAllMocks());

describe('what says nothing of the intent is not counted:', () => {
  it.each<readonly [string, GuardOptions, (guard: ActionGuard) => unknown]>([
    ['a rate that is used up', { config: { rateLimits: { default: '1/hour' } } }, () => undefined],
    ['a budget that is used up', { config: { budget: { perAgentPerRun: 0.5 } } }, () => undefined],
    ['a freeze', {}, (guard) => guard.freeze('stop')],
    ['a guard that is closed', {}, (guard) => guard.close()],
    [
      'an evaluator that fails',
      {},
      (guard) => guard.addEvaluator({ name: 'later', evaluate: () => Promise.resolve(undefined) }),
    ],
  ])('%s', async (_what, options, prepare) => {
    const guard = openGuard(options);
    const spend = guard.protect('tool.spend', { estimatedCost: 0.4 })((path: string) => path);
    await prepare(guard);
    if (options.config !== undefined) tries(spend, ['/tmp/b']);
    const came = tries(spend, ['/tmp/a', '/tmp/a', '/tmp/./a', '/tmp/a', '/tmp/a']);
    for (const one of came) expect(one).toMatchObject({ verdict: 'BLOCK', repeats: null });
    expect(add).not.toHaveBeenCalled();
    await guard.close();
  });

  it('too many delegations at once', () => {
    const guard = openGuard({ config: { global: { maxConcurrentDelegations: 1 } } });
    const remove = remover(guard);
    const nested = () => guard.delegate('b', 'go on', () => tries(remove, etc(5)));
    for (const one of guard.delegate('a', 'help', nested)) {
      expect(one).toMatchObject({ verdict: 'BLOCK', repeats: null });
    }
    expect(add).not.toHaveBeenCalled();
  });

  it('arguments that cannot be read', () => {
    const hostile = {
      get path(): string {
        throw new Error('no');
      },
    };
    const remove = mixedGuard().wrap((input: { path: string }) => input.path);
    for (let i = 0; i < 5; i++) expect(() => remove(hostile)).toThrow();
    expect(add).not.toHaveBeenCalled();
  });

  it('a freeze that comes while a person is asked', async () => {
    const guard = mixedGuard();
    const pay = guard.wrap(async (what: string) => what);
    const came = cameOf(() => pay('pay rent'));
    await new Promise(setImmediate);
    const [request] = await guard.approvals.list({ state: 'pending' });
    await guard.freeze('stop');
    await guard.approvals.approve(request?.id ?? '', { by: 'ann' });
    expect(await came).toMatchObject({ verdict: 'BLOCK', ruleName: null });
    expect(add).not.toHaveBeenCalled();
    await guard.close();
  });

  it('a journal that cannot be written', () => {
    const store = memoryStore();
    const guard = openGuard({
      store: new Proxy(store, {
        get: (target, name) => {
          if (name === 'append')
            return () => {
              throw new Error('disk full');
            };
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      }),
    });
    for (const one of tries(remover(guard), etc(5))) expect(one).toMatchObject({ repeats: null });
    expect(add).not.toHaveBeenCalled();
  });

  it('a handler that fails, nor its failure that the queue keeps as a denial', async () => {
    let isUp = false;
    const guard = mixedGuard({
      escalationHandler: () => {
        if (!isUp) throw new Error('the pager is down');
        return true;
      },
    });
    const pay = guard.wrap(async (what: string) => what);
    for (let i = 0; i < 5; i++) {
      expect(await cameOf(() => pay('pay rent'))).toMatchObject({
        note: 'The approver failed: the pager is down',
      });
    }
    isUp = true;
    expect(add).not.toHaveBeenCalled();
    await guard.close();
  });

  it('what waits for a person, is put off or was cancelled', async () => {
    const guard = mixedGuard();
    const tool = remover(guard);
    for (const what of ['pay rent', 'later']) {
      for (const one of tries(tool, [what, what, what, what, what]))
        expect(one).toMatchObject({ repeats: null });
    }
    const pay = guard.wrap(async (what: string, signal: AbortSignal) => [what, signal]);
    for (let i = 0; i < 5; i++) {
      const stop = new AbortController();
      const came = cameOf(() => pay('pay taxes', stop.signal));
      stop.abort();
      expect(await came).toMatchObject({ verdict: 'BLOCK', repeats: null });
    }
    expect(add).not.toHaveBeenCalled();
    await guard.close();
  });

  it('an approval that was used by somebody else meanwhile, of which the model is told to come again', async () => {
    const policy = new Policy({ rules: [{ pattern: 'pay', action: 'escalate' }], defaultAction: 'allow' });
    const store = memoryStore();
    const guard = openGuard({ policy, store });
    const pay = guard.wrap(async (what: string) => what);
    const call = cameOf(() => pay('pay rent'));
    await new Promise(setImmediate);
    const [request] = await guard.approvals.list({ state: 'pending' });
    // Approved in time, and over by the time that the call is journaled.
    guard.addEvaluator({
      name: 'slow',
      evaluate: async () => {
        const approved = store.approvals?.get(request?.id ?? '');
        if (approved?.state === 'approved') {
          store.approvals?.change(
            approved.id,
            { state: 'approved', votes: approved.votes.length },
            { state: 'cancelled' },
            null,
          );
        }
        return undefined;
      },
    });
    await guard.approvals.approve(request?.id ?? '', { by: 'ann' });
    expect(await call).toMatchObject({
      reason: expect.stringContaining('was used, revoked or expired'),
      howToFix: 'To go on: make the same call again, which asks a person again.',
    });
    expect(add).not.toHaveBeenCalled();
    await guard.close();
  });
});
