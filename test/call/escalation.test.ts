import { describe, expect, it } from 'vitest';
import type { ActionRecord } from '../../src/core/action-record.ts';
import {
  ActionDeferredError,
  ActionEscalatedError,
  ExecutionBlockedError,
  HumanApprovalTimeoutError,
} from '../../src/core/refusals.ts';
import { Policy } from '../../src/policy/policy.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { advance } from './clocks.ts';
import { mixedGuard, openGuard, refusalOf } from './guards.ts';

const pay = (what: string): string => `paid: ${what}`;
const payLater = async (what: string): Promise<string> => pay(what);

describe('an escalated call', () => {
  it('without anybody to ask is refused, naming whom to ask', () => {
    const call = mixedGuard().wrap(pay);
    expect(() => call('pay 5')).toThrow(ActionEscalatedError);
    expect(() => call('pay 5')).toThrow(
      expect.objectContaining({ escalateTo: 'finance', verdict: 'ESCALATE' }),
    );
  });

  it('runs once a sync handler said true, on both paths', async () => {
    const guard = mixedGuard({ escalationHandler: () => true });
    expect(guard.wrap(pay)('pay 5')).toBe('paid: pay 5');
    expect(await guard.wrap(payLater)('pay 5')).toBe('paid: pay 5');
    expect(guard.history().map(({ outcome }) => outcome)).toEqual(['ALLOW', 'ALLOW']);
    expect(guard.getAuditLog()[0]).toMatchObject({ verdict: 'ESCALATE', outcome: 'ALLOW', state: 'done' });
  });

  it('shows the handler what would run', async () => {
    const seen: ActionRecord[] = [];
    const guard = mixedGuard({ escalationHandler: (action) => seen.push(action) > 0 });
    guard.wrap((input: { what: string; amount: number }) => input.amount)({ what: 'pay', amount: 5 });
    await guard.wrap(payLater, { params: ['what'] })('pay 5');
    expect(seen).toMatchObject([
      {
        ...{ toolName: 'payLater', intent: 'pay 5', outcome: 'ESCALATE', reason: 'Money needs a person' },
        ...{ args: { what: 'pay 5' }, result: null, error: null },
      },
    ]);
    expect(seen[0]?.id).toBe(guard.history()[0]?.id);
  });

  it('waits for an async handler on the async path', async () => {
    const guard = mixedGuard({ escalationHandler: async () => true });
    expect(await guard.wrap(payLater)('pay 5')).toBe('paid: pay 5');
    expect(await guard.wrap(pay, { async: true })('pay 5')).toBe('paid: pay 5');
  });

  it('on the sync path is escalated when the handler answers with a promise, even one of true', () => {
    let ran = false;
    const guard = mixedGuard({ escalationHandler: async () => true });
    const call = guard.wrap((_what: string) => (ran = true));
    expect(() => call('pay 5')).toThrow(ActionEscalatedError);
    expect(ran).toBe(false);
  });

  it('is blocked when the handler says no, with what the rule said', async () => {
    const guard = mixedGuard({ escalationHandler: async () => false });
    const error = await refusalOf(() => guard.wrap(payLater)('pay 5'));
    expect(error).toBeInstanceOf(ExecutionBlockedError);
    expect(error).toMatchObject({
      ...{ verdict: 'BLOCK', ruleName: 'escalate:^pay ' },
      reason: 'A person denied it. It was escalated because: Money needs a person',
    });
    expect(guard.getAuditLog()[0]).toMatchObject({ state: 'refused', outcome: 'BLOCK' });
  });

  it('is blocked when the handler fails, and says how it failed', async () => {
    const boom = (): never => {
      throw new Error('the pager is down');
    };
    for (const escalationHandler of [boom, async () => boom()]) {
      const error = await refusalOf(() => mixedGuard({ escalationHandler }).wrap(payLater)('pay 5'));
      expect(error).toMatchObject({
        ...{ verdict: 'BLOCK', note: 'The approver failed: the pager is down' },
        reason: expect.stringMatching(
          /^Nobody decided\. The approver failed: the pager is down\. It was escalated/,
        ),
      });
    }
  });

  it('is denied when nobody decides within the time for it', async () => {
    const clock = new FakeClock();
    const guard = mixedGuard({ clock, escalationHandler: () => new Promise(() => undefined) });
    const refused = refusalOf(() => guard.wrap(payLater)('pay 5'));
    await advance(clock, 299_999);
    expect(guard.getAuditLog()[0]?.state).toBe('waiting');
    await advance(clock, 1);
    expect(await refused).toBeInstanceOf(HumanApprovalTimeoutError);
    expect(await refused).toMatchObject({ timeoutSeconds: 300, verdict: 'BLOCK' });
    expect(guard.getAuditLog()[0]?.state).toBe('refused');
  });

  it('is one action in the log, from waiting to done', async () => {
    let answer: (yes: boolean) => void = () => undefined;
    const guard = mixedGuard({ escalationHandler: () => new Promise((resolve) => (answer = resolve)) });
    const running = guard.wrap(payLater)('pay 5');
    expect(guard.getAuditLog()[0]).toMatchObject({ state: 'waiting', outcome: 'ESCALATE' });
    answer(true);
    await running;
    expect(guard.getAuditLog()).toHaveLength(1);
    expect(guard.getAuditLog()[0]).toMatchObject({ state: 'done', result: 'paid: pay 5' });
    expect(guard.getMetrics()).toMatchObject({ totalActions: 1, escalatedActions: 1 });
  });
});

describe('a call that was approved is judged again', () => {
  function changing(change: (policy: Policy) => void) {
    const policy = new Policy({
      rules: [{ pattern: 'pay', action: 'escalate', reason: 'money' }],
      defaultAction: 'allow',
    });
    const asked: string[] = [];
    const guard = openGuard({
      policy,
      escalationHandler: (action) => {
        asked.push(action.reason);
        change(policy);
        return true;
      },
    });
    return { guard, asked };
  }

  it('and a rule that blocks it by now blocks', () => {
    const { guard, asked } = changing((policy) =>
      policy.addRule({ pattern: 'pay', action: 'block', reason: 'frozen' }, 0),
    );
    expect(() => guard.wrap(pay)('pay 5')).toThrow('frozen');
    expect(asked).toEqual(['money']);
  });

  it('and a rule that the approver did not see asks again', () => {
    const { guard, asked } = changing((policy) => {
      if (policy.rules.length === 1)
        policy.addRule({ pattern: 'pay', action: 'escalate', name: 'new', reason: 'new rule' }, 0);
    });
    expect(guard.wrap(pay)('pay 5')).toBe('paid: pay 5');
    expect(asked).toEqual(['money', 'new rule']);
  });

  it('and a policy that changes at every approval is refused in the end', () => {
    let i = 0;
    const { guard, asked } = changing((policy) =>
      policy.addRule({ pattern: 'pay', action: 'escalate', name: `r${i++}`, reason: `rule ${i}` }, 0),
    );
    expect(() => guard.wrap(pay)('pay 5')).toThrow(ActionEscalatedError);
    expect(asked).toHaveLength(5);
  });

  it('and runs when nothing changed', () => {
    const { guard, asked } = changing(() => undefined);
    expect(guard.wrap(pay)('pay 5')).toBe('paid: pay 5');
    expect(asked).toEqual(['money']);
  });

  it('and asks again when an evaluator gives another reason than the person was shown', () => {
    const asked: string[] = [];
    const reasons = ['sends mail', 'contains the salary list', 'contains the salary list'];
    const guard = openGuard({ escalationHandler: ({ reason }) => asked.push(reason) > 0 });
    guard.addEvaluator({
      name: 'mail',
      evaluate: () => ({ verdict: 'ESCALATE', reason: reasons.shift() ?? 'contains the salary list' }),
    });
    expect(guard.wrap(pay)('x')).toBe('paid: x');
    expect(asked).toEqual(['sends mail', 'contains the salary list']);
  });

  it('having shown the reasons of all who escalated', () => {
    const asked: string[] = [];
    const guard = mixedGuard({ escalationHandler: ({ reason }) => asked.push(reason) > 0 });
    guard.addEvaluator({ name: 'mail', evaluate: () => ({ verdict: 'ESCALATE', reason: 'Salary list.' }) });
    guard.wrap(pay)('pay 5');
    expect(asked).toEqual(['Money needs a person Also: Salary list.']);
  });

  it('and is not put off any more by what the person was shown as well', () => {
    const asked: string[] = [];
    const guard = mixedGuard({ escalationHandler: ({ reason }) => asked.push(reason) > 0 });
    guard.addEvaluator({ name: 'mail', evaluate: () => ({ verdict: 'ESCALATE', reason: 'Salary list.' }) });
    expect(guard.wrap(pay)('later')).toBe('paid: later');
    expect(asked).toEqual(['Salary list. Also: Not now']);
  });

  it('and stays put off where nobody but a rule that puts off has a say', () => {
    const guard = mixedGuard({ escalationHandler: () => true });
    expect(() => guard.wrap(pay)('later')).toThrow(ActionDeferredError);
  });
});

describe('a person is not asked about', () => {
  it('what is blocked or put off', () => {
    let asked = 0;
    const guard = mixedGuard({ escalationHandler: () => ++asked > 0 });
    const call = guard.wrap(pay);
    expect(() => call('/etc/passwd')).toThrow(ExecutionBlockedError);
    expect(() => call('later')).toThrow(ActionDeferredError);
    expect(() => call('later')).toThrow(expect.objectContaining({ deferSeconds: 30 }));
    expect(asked).toBe(0);
  });

  it('a warning, which runs and is counted as one', () => {
    const guard = mixedGuard({ escalationHandler: () => false });
    expect(guard.wrap(pay)('careful')).toBe('paid: careful');
    expect(guard.history()[0]?.outcome).toBe('WARN');
    expect(guard.getMetrics().warnedActions).toBe(1);
  });
});
