import type { Limiter } from '../../limits/limiter.ts';
import type { SuiteTools } from '../suite-tools.ts';
import { CALL, outcome, rates, refused, reserved, type Start, UNLIMITED } from './setup.ts';

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

/** Calls with and without a session, in and outside of a task: what is counted is the same. */
const PLACES = [
  { sessionId: null, taskId: null },
  { sessionId: 'session', taskId: null },
  { sessionId: null, taskId: 'task' },
  { sessionId: 'session', taskId: 'task' },
] as const;

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

/** Budgets in and outside of sessions and tasks. */
export function placeCases(start: Start, { it, expect }: SuiteTools): void {
  it('counts a run the same in every session and task, and outside of them', async () => {
    for (const place of PLACES) {
      const { limiter } = await start({
        budget: { perTask: null, perAgentPerRun: 1 },
        maxActionsPerRun: () => 3,
      });
      await limiter.settle(await reserved(limiter, { ...place, cost: 0.5 }), 0.2);
      await limiter.release(await reserved(limiter, { ...place, cost: 0.8 }));
      await limiter.settle(await reserved(limiter, { ...place, cost: 0.8 }));
      const found = await limiter.facts({ ...CALL, ...place });
      expect([found.actionsThisRun, found.budgets[0]?.spent]).toEqual([2, 1]);
      expect((await refused(limiter, { ...place, cost: 0.000001 })).metadata.currentSpend).toBe(1);
      await reserved(limiter, place);
      expect((await refused(limiter, place)).metadata.limit).toBe('3/run');
    }
  });

  it('stays full once more was counted than can be counted exactly', async () => {
    const most = 9_000_000_000;
    for (const place of PLACES) {
      const { limiter } = await start({});
      const open = [
        await reserved(limiter, { ...place, cost: most }),
        await reserved(limiter, { ...place, cost: most }),
      ];
      for (const reservation of open) await limiter.release(reservation);
      limiter.configure({ ...UNLIMITED, budget: { perTask: most, perAgentPerRun: most } });
      expect((await refused(limiter, { ...place, cost: 1 })).evaluatorName).toBe('cost_estimator');
    }
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

/** How many agents share a task. */
export function agentsOfTaskCases(start: Start, { it, expect }: SuiteTools): void {
  const budget = { perTask: 10, perAgentPerRun: null };
  const agents = async (limiter: Limiter, agentId: string, taskId = 'task'): Promise<unknown> => {
    const [fact] = (await limiter.facts({ ...CALL, agentId, taskId })).budgets;
    return fact?.agents;
  };

  it('counts the agents that have spent or reserved in a task, and the one that asks', async () => {
    const { limiter } = await start({ budget });
    expect(await agents(limiter, 'a')).toBe(1);
    await reserved(limiter, { agentId: 'a', cost: 0.1 });
    await limiter.settle(await reserved(limiter, { agentId: 'b', cost: 0.1 }));
    await reserved(limiter, { agentId: 'b', cost: 0.1, sessionId: 'session' });
    await reserved(limiter, { agentId: 'c', cost: 0 });
    await reserved(limiter, { agentId: 'd', cost: 1, taskId: 'other' });
    expect([await agents(limiter, 'a'), await agents(limiter, 'c'), await agents(limiter, 'x')]).toEqual([
      2, 3, 3,
    ]);
    expect([await agents(limiter, 'd', 'other'), await agents(limiter, 'a', 'other')]).toEqual([1, 2]);
  });

  it('counts an agent no longer when all that it had in a task was given back', async () => {
    const { limiter } = await start({ budget });
    const open = [
      await reserved(limiter, { agentId: 'a', cost: 0.1 }),
      await reserved(limiter, { agentId: 'a', cost: 0.2 }),
    ];
    const settled = await reserved(limiter, { agentId: 'b', cost: 0.1 });
    expect(await agents(limiter, 'x')).toBe(3);
    await limiter.settle(settled, 0);
    expect(await agents(limiter, 'x')).toBe(2);
    for (const reservation of open) await limiter.release(reservation);
    expect(await agents(limiter, 'x')).toBe(1);
    await limiter.settle(await reserved(limiter, { agentId: 'c', cost: 0 }), 0.1);
    expect(await agents(limiter, 'x')).toBe(2);
  });

  it('never counts fewer agents than there are, however many come and go', async () => {
    const { limiter } = await start({ budget });
    const open = [];
    for (let i = 0; i < 20; i++) open.push(await reserved(limiter, { agentId: `a${i}`, cost: 0.1 }));
    for (let left = 20; left > 0; left--) {
      const counted = await agents(limiter, 'x');
      expect(typeof counted === 'number' && counted >= left + 1).toBe(true);
      const next = open.shift();
      if (next !== undefined) await limiter.release(next);
    }
    expect(await agents(limiter, 'x')).toBe(1);
  });
}
