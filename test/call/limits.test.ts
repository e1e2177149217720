import { describe, expect, it } from 'vitest';
import { BudgetExceededError, RateLimitExceededError } from '../../src/core/refusals.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { settled } from './clocks.ts';
import { openGuard, refusalOf } from './guards.ts';

describe('budgets', () => {
  const config = { budget: { per_task: 1, per_agent_per_run: null } };
  const inTask = { taskId: 't' };

  it('cannot be spent twice by calls at the same time', async () => {
    const guard = openGuard({ config });
    let ran = 0;
    const pay = guard.protect('pay', { estimatedCost: 0.4 })(async () => {
      await settled();
      ran++;
    });
    const all = await guard.withContext(inTask, () =>
      Promise.allSettled(Array.from({ length: 20 }, () => pay())),
    );
    expect(ran).toBe(2);
    const refused = all.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(18);
    for (const one of refused)
      expect((one as PromiseRejectedResult).reason).toBeInstanceOf(BudgetExceededError);
    expect(guard.getMetrics().totalCost).toBeCloseTo(0.8);
  });

  it('are used up by a tool that failed, and not by a call that was refused', async () => {
    const guard = openGuard({ config });
    guard.addEvaluator({
      name: 'picky',
      evaluate: ({ intent }) => (intent === 'no' ? { verdict: 'BLOCK', reason: 'picky' } : undefined),
    });
    const pay = guard.protect('pay', { estimatedCost: 0.6 })((what: string) => {
      if (what === 'fail') throw new Error('disk full');
    });
    const call = (what: string) => refusalOf(() => guard.withContext(inTask, () => pay(what)));
    expect(await call('no')).toMatchObject({ reason: 'picky' });
    expect(await call('fail')).toMatchObject({ message: 'disk full' });
    expect(await call('again')).toMatchObject({
      name: 'BudgetExceededError',
      currentSpend: 0.6,
      budgetLimit: 1,
    });
  });
});

describe('rates', () => {
  it('hold across tools that wait, and have room again once the window has passed', async () => {
    const clock = new FakeClock();
    const guard = openGuard({ clock, config: { rate_limits: { default: '2/min' } } });
    const call = guard.wrap(async () => 'ran');
    const first = await Promise.allSettled([call(), call(), call()]);
    expect(first.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    const error = await refusalOf(() => call());
    expect(error).toBeInstanceOf(RateLimitExceededError);
    expect(error).toMatchObject({ limit: '2/min', agentId: 'default' });
    clock.advance(60_001);
    expect(await call()).toBe('ran');
  });

  it('are not used up by a dry run', () => {
    const guard = openGuard({ config: { rate_limits: { default: '1/min' } } });
    for (let i = 0; i < 5; i++) expect(guard.evaluate('x').verdict).toBe('ALLOW');
    expect(guard.wrap(() => 'ran')()).toBe('ran');
    expect(guard.evaluate('x').verdict).toBe('BLOCK');
  });
});

describe('the time for an approval', () => {
  it('is that of the configuration', async () => {
    const clock = new FakeClock();
    const guard = openGuard({
      clock,
      config: { approvals: { timeout_seconds: 5 } },
      escalationHandler: () => new Promise(() => undefined),
    });
    guard.addEvaluator({ name: 'asks', evaluate: () => ({ verdict: 'ESCALATE', reason: 'ask' }) });
    const refused = refusalOf(() => guard.wrap(async () => 1)());
    await settled();
    clock.advance(5_000);
    expect(await refused).toMatchObject({ name: 'HumanApprovalTimeoutError', timeoutSeconds: 5 });
  });

  it('can be given as an option of its own, beside any policy', async () => {
    const clock = new FakeClock();
    const guard = openGuard({
      clock,
      approvals: { timeout_seconds: 7 },
      escalationHandler: () => new Promise(() => undefined),
    });
    guard.addEvaluator({ name: 'asks', evaluate: () => ({ verdict: 'ESCALATE', reason: 'ask' }) });
    const refused = refusalOf(() => guard.wrap(async () => 1)());
    await settled();
    clock.advance(7_000);
    expect(await refused).toMatchObject({ timeoutSeconds: 7 });
  });
});
