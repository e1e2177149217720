import type { SuiteTools } from '../suite-tools.ts';
import { CALL, outcome, rates, refused, reserved, type Start } from './setup.ts';

/** Actions of a run. */
export function runCases(start: Start, { it, expect }: SuiteTools): void {
  it('counts the actions of an agent in a run: a declared session, else the life of the guard', async () => {
    const { limiter, clock } = await start({ maxActionsPerRun: (id) => (id === 'worker' ? 2 : null) });
    await reserved(limiter);
    clock.advance(86_400_000);
    await reserved(limiter);
    expect((await limiter.facts(CALL)).actionsThisRun).toBe(2);
    const { evaluatorName, metadata } = await refused(limiter);
    expect([evaluatorName, metadata.limit]).toEqual(['rate_limiter', '2/run']);
    expect(await outcome(limiter, { sessionId: 'session' })).toBe(true);
    expect(await outcome(limiter, { agentId: 'other' })).toBe(true);
  });

  it('does not mistake one agent and session for another', async () => {
    const { limiter } = await start({ maxActionsPerRun: () => 1 });
    const runs = [
      { agentId: 'a', sessionId: 'bc' },
      { agentId: 'ab', sessionId: 'c' },
      { agentId: '1:ab', sessionId: null },
      { agentId: '-a', sessionId: null },
      { agentId: 'a', sessionId: null },
    ];
    for (const run of runs) expect(await outcome(limiter, run)).toBe(true);
    for (const run of runs) expect(await outcome(limiter, run)).toBe('rate_limiter');
  });
}

/** Budgets. */
export function budgetCases(start: Start, { it, expect }: SuiteTools): void {
  it('holds both budgets, to the micro-dollar', async () => {
    const { limiter } = await start({ budget: { perTask: 0.3, perAgentPerRun: 0.5 } });
    for (let i = 0; i < 3; i++) await reserved(limiter, { cost: 0.1 });
    expect((await limiter.facts(CALL)).taskSpend).toBe(0.3);
    const { metadata } = await refused(limiter, { cost: 0.000001 });
    expect([metadata.currentSpend, metadata.budgetLimit]).toEqual([0.3, 0.3]);
    await reserved(limiter, { taskId: 'other', cost: 0.2 });
    const answer = await refused(limiter, { taskId: null, cost: 0.01 });
    expect([answer.evaluatorName, answer.metadata.budgetLimit]).toEqual(['cost_estimator', 0.5]);
  });

  it('never reserves more than the budget, however many ask at once', async () => {
    const { limiter } = await start({ budget: { perTask: 1, perAgentPerRun: null } });
    const asked = Array.from({ length: 20 }, () => outcome(limiter, { cost: 0.4 }));
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer === true).length).toBe(2);
    expect((await limiter.facts(CALL)).taskSpend).toBe(0.8);
  });

  it('refuses a cost that is no amount of money, with or without a budget', async () => {
    for (const budget of [null, { perTask: 1, perAgentPerRun: 1 }]) {
      const { limiter } = await start({ budget });
      for (const cost of [Number.NaN, Number.POSITIVE_INFINITY, -0.01]) {
        expect(await outcome(limiter, { cost })).toBe('cost_estimator');
      }
      expect((await limiter.facts(CALL)).actionsThisRun).toBe(0);
    }
  });

  it('does not let tiny costs add up unseen', async () => {
    const { limiter } = await start({ budget: { perTask: 0.000003, perAgentPerRun: null } });
    for (let i = 0; i < 3; i++) await reserved(limiter, { cost: 1e-9 });
    expect(await outcome(limiter, { cost: 1e-9 })).toBe('cost_estimator');
  });
}

/** Reservations, settled or released. */
export function reservationCases(start: Start, { it, expect }: SuiteTools): void {
  it('counts a call everywhere or nowhere', async () => {
    const { limiter } = await start({
      ...rates(null, { send_mail: '9/min' }, { worker: '9/min' }),
      budget: { perTask: 1, perAgentPerRun: 1 },
      maxActionsPerRun: () => 9,
    });
    const before = await limiter.facts(CALL);
    await refused(limiter, { cost: 2 });
    expect(await limiter.facts(CALL)).toEqual(before);
    const reservation = await reserved(limiter, { cost: 0.5 });
    expect((await limiter.facts(CALL)).rates.map(({ count }) => count)).toEqual([1, 1]);
    await limiter.release(reservation);
    expect(await limiter.facts(CALL)).toEqual(before);
  });

  it('settles at the actual cost, else as estimated', async () => {
    const { limiter } = await start({ budget: { perTask: 1, perAgentPerRun: null } });
    const spend = async (): Promise<number> => (await limiter.facts(CALL)).taskSpend;
    await limiter.settle(await reserved(limiter, { cost: 0.4 }), 0.1);
    expect(await spend()).toBe(0.1);
    await limiter.settle(await reserved(limiter, { cost: 0.2 }));
    expect(await spend()).toBe(0.3);
    for (const actual of [Number.NaN, Number.POSITIVE_INFINITY, -5]) {
      await limiter.settle(await reserved(limiter, { cost: 0.1 }), actual);
    }
    expect(await spend()).toBe(0.6);
    await limiter.settle(await reserved(limiter, { cost: 0.1 }), 3);
    expect(await spend()).toBe(3.6);
    expect(await outcome(limiter)).toBe('cost_estimator');
  });

  it('settles or releases once, whatever comes after', async () => {
    const { limiter } = await start({ ...rates('3/min'), budget: { perTask: 1, perAgentPerRun: 1 } });
    const first = await reserved(limiter, { cost: 0.3 });
    const second = await reserved(limiter, { cost: 0.3 });
    await limiter.settle(first);
    for (let i = 0; i < 3; i++) {
      await limiter.settle(first, 0);
      await limiter.release(first);
      await limiter.release(second);
      await limiter.settle(second, 9);
    }
    const { rates: found, taskSpend, actionsThisRun, rateLast5Min } = await limiter.facts(CALL);
    expect([found[0]?.count, taskSpend, actionsThisRun, rateLast5Min]).toEqual([1, 0.3, 1, 1]);
  });

  it('ignores reservations that have left their window', async () => {
    const { limiter, clock } = await start(rates('1/sec'));
    const old = await reserved(limiter);
    clock.advance(1_000);
    await reserved(limiter);
    await limiter.release(old);
    expect(await outcome(limiter)).toBe('rate_limiter');
  });
}
