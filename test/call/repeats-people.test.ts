import { describe, expect, it } from 'vitest';
import type { ActionGuard } from '../../src/guard.ts';
import { Policy } from '../../src/policy/policy.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { advance } from './clocks.ts';
import { mixedGuard, openGuard } from './guards.ts';
import { cameOf, RAN, remover, tries } from './repeated-tries.ts';

const PAYMENTS = ['pay rent', 'pay  rent', 'ｐay rent', 'pay rent\t', 'pay rent '] as const;
const SAID = 'already in this session, and another spelling of it will not change that.';

/** Calls the tool, and has what it then waits for denied or approved. */
async function decided(guard: ActionGuard, tool: (what: string) => unknown, what: string, approve = false) {
  const [came] = tries(tool, [what]);
  const id = (came as { approvalId?: string }).approvalId ?? '';
  const by = { by: 'ann' };
  await (approve ? guard.approvals.approve(id, by) : guard.approvals.deny(id, by));
  return id;
}

/** A payment of which three spellings were denied, each counted once. */
async function threeTimesDenied(guard: ActionGuard) {
  const pay = remover(guard);
  for (const what of PAYMENTS.slice(0, 3)) {
    await decided(guard, pay, what);
    expect(tries(pay, [what])).toMatchObject([{ verdict: 'BLOCK', repeats: null }]);
  }
  return pay;
}

describe('an intent that was denied three times', () => {
  it('is not brought before a person again in another spelling, and no request is made', async () => {
    const guard = mixedGuard();
    const pay = await threeTimesDenied(guard);
    const requests = await guard.approvals.list();
    expect(tries(pay, ['pay rent '])).toMatchObject([
      {
        ...{ verdict: 'BLOCK', repeats: 4, ruleName: 'escalate:^pay ' },
        reason: `Nobody was asked about it any more. It was escalated because: Money needs a person. It was refused 3 times ${SAID}`,
      },
    ]);
    expect(guard.approvals.list()).toEqual(requests);
    expect(guard.getAuditLog()[0]).toMatchObject({
      labels: ['repeated'],
      state: 'refused',
      verdict: 'BLOCK',
    });
    await guard.close();
  });

  it('is still blocked by its own denial, which says so too', async () => {
    const guard = mixedGuard();
    const pay = await threeTimesDenied(guard);
    const [came] = tries(pay, ['pay rent']);
    expect(came).toMatchObject({ repeats: 4, approvalId: expect.any(String) });
    expect(came?.reason).toMatch(/^A person denied it\. .* It was refused 3 times already/);
    await guard.close();
  });

  it('of another amount, agent or session is brought before a person', async () => {
    const guard = mixedGuard();
    await threeTimesDenied(guard);
    const pay = remover(guard);
    expect(tries(pay, ['pay rent twice'])).toMatchObject([{ verdict: 'ESCALATE' }]);
    for (const context of [{ agentId: 'b' }, { sessionId: 's' }]) {
      const came = guard.withContext(context, () => tries(pay, ['pay rent']));
      expect(came).toMatchObject([{ verdict: 'ESCALATE', approvalId: expect.any(String) }]);
    }
    await guard.close();
  });

  it('runs by an approval of exactly this call that came later, once, and may then be asked about again', async () => {
    const guard = mixedGuard();
    const pay = remover(guard);
    const [waiting] = tries(pay, ['pay rent ']);
    await threeTimesDenied(guard);
    expect(tries(pay, ['pay rent '])).toMatchObject([{ verdict: 'ESCALATE' }]);
    await guard.approvals.approve((waiting as { approvalId: string }).approvalId, { by: 'bob' });
    expect(tries(pay, ['pay rent '])).toEqual([RAN]);
    expect(tries(pay, ['pay rent '])).toMatchObject([{ verdict: 'ESCALATE' }]);
    await guard.close();
  });

  it('runs by a live grant', async () => {
    const guard = mixedGuard();
    const pay = remover(guard);
    const [waiting] = tries(pay, ['pay   rent']);
    const { approvalId } = waiting as { approvalId: string };
    await guard.approvals.approve(approvalId, { by: 'bob', scope: 'call' });
    await threeTimesDenied(guard);
    expect(tries(pay, ['pay   rent'])).toEqual([RAN]);
    expect(tries(pay, ['pay   rent'])).toEqual([RAN]);
    await guard.close();
  });

  it('is told so where the call would have been put off', async () => {
    const policy = new Policy({ rules: [{ pattern: 'pay', action: 'block' }], defaultAction: 'allow' });
    const guard = openGuard({ policy });
    const pay = remover(guard);
    tries(pay, PAYMENTS.slice(0, 3));
    policy.addRule(
      { pattern: 'pay', action: 'defer', name: 'at night', reason: 'Not now', deferSeconds: 5 },
      0,
    );
    expect(tries(pay, ['pay rent'])).toMatchObject([
      { name: 'ExecutionBlockedError', verdict: 'BLOCK', repeats: 4 },
    ]);
    expect(guard.approvals.list()).toEqual([]);
    await guard.close();
  });
});

describe('without a queue', () => {
  const asking = (answers: readonly boolean[], repeatLimit = 3) => {
    const asked: string[] = [];
    const guard = mixedGuard({
      approvals: { via: 'callback', repeatLimit },
      escalationHandler: ({ intent }) => answers[asked.push(intent) - 1] ?? false,
    });
    return { asked, pay: remover(guard) };
  };

  it('the handler is asked three times, and no more', () => {
    const { asked, pay } = asking([]);
    const came = tries(pay, PAYMENTS);
    expect(came.map(({ repeats }) => repeats)).toEqual([null, null, null, 4, 5]);
    expect(came[4]?.reason).toMatch(/^Nobody was asked about it any more\. .* refused 4 times already/);
    expect(asked).toHaveLength(3);
  });

  it('a yes begins to count anew', () => {
    const { asked, pay } = asking([false, false, true]);
    expect(tries(pay, [...PAYMENTS, ...PAYMENTS]).map(({ ran, repeats }) => ran ?? repeats)).toEqual([
      ...[null, null, true, null, null, null, 4, 5, 6, 7],
    ]);
    expect(asked).toHaveLength(6);
  });

  it('it is asked each time with `repeat_limit: 0`', () => {
    const { asked, pay } = asking([], 0);
    expect(tries(pay, PAYMENTS).map(({ repeats }) => repeats)).toEqual(PAYMENTS.map(() => null));
    expect(asked).toHaveLength(5);
  });
});

describe('a person who does not answer', () => {
  it('is not asked a fourth time', async () => {
    const clock = new FakeClock();
    const asked: string[] = [];
    const guard = mixedGuard({
      clock,
      approvals: { via: 'callback', timeoutSeconds: 60 },
      escalationHandler: ({ intent }) => new Promise(() => void asked.push(intent)),
    });
    const pay = guard.wrap(async (what: string) => what);
    const repeats: unknown[] = [];
    for (const what of PAYMENTS) {
      const came = cameOf(() => pay(what));
      await advance(clock, 60_000);
      repeats.push((await came).repeats);
    }
    expect(repeats).toEqual([null, null, null, 4, 5]);
    expect(asked).toHaveLength(3);
  });

  it('in a queue either, and the request that is over stays the last one', async () => {
    const clock = new FakeClock();
    const guard = mixedGuard({ clock, approvals: { timeoutSeconds: 60, repeatLimit: 1 } });
    const pay = guard.wrap(async (what: string) => what);
    const first = cameOf(() => pay('pay rent'));
    await advance(clock, 60_000);
    expect(await first).toMatchObject({ name: 'HumanApprovalTimeoutError', repeats: null });
    expect(await cameOf(() => pay('pay  rent'))).toMatchObject({ name: 'ExecutionBlockedError', repeats: 2 });
    expect(guard.approvals.list()).toHaveLength(1);
    await guard.close();
  });

  it('and several who are asked at the same time each count', async () => {
    const clock = new FakeClock();
    const guard = mixedGuard({ clock, approvals: { timeoutSeconds: 60 } });
    const pay = guard.wrap(async (what: string) => what);
    const all = PAYMENTS.map((what) => cameOf(() => pay(what)));
    await advance(clock, 60_000);
    expect((await Promise.all(all)).map(({ repeats }) => repeats).sort()).toEqual([4, 5, null, null, null]);
    await guard.close();
  });
});
