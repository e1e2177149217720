import type { LimitCall, Limiter } from '../../limits/limiter.ts';
import type { SuiteTools } from '../suite-tools.ts';
import { CALL, outcome, rates, reserved, type Start } from './setup.ts';

/** Calls with and without a session, in and outside of a task. */
const PLACES = [
  { sessionId: null, taskId: null },
  { sessionId: 'session', taskId: null },
  { sessionId: null, taskId: 'task' },
  { sessionId: 'session', taskId: 'task' },
] as const;

const BUDGET = Object.freeze({ perTask: 1, perAgentPerRun: 1 });

async function spent(limiter: Limiter, place: Partial<LimitCall>): Promise<number[]> {
  return (await limiter.facts({ ...CALL, ...place })).budgets.map((fact) => fact.spent);
}

/** What both budgets, or the one outside of tasks, have spent. */
function all({ taskId }: { readonly taskId: string | null }, usd: number): number[] {
  return taskId === null ? [usd] : [usd, usd];
}

/** Money of calls that were undone; a limiter without `credit` gives none back, and has nothing to do in these cases. */
export function creditCases(start: Start, tools: SuiteTools): void {
  givingBackCases(start, tools);
  boundedCases(start, tools);
  besideCases(start, tools);
}

function givingBackCases(start: Start, { it, expect }: SuiteTools): void {
  it('gives back the money of what was undone, to the run and to the task', async () => {
    for (const place of PLACES) {
      const { limiter } = await start({ budget: BUDGET });
      if (limiter.credit === undefined) return;
      await limiter.settle(await reserved(limiter, { ...place, cost: 0.7 }));
      await limiter.settle(await reserved(limiter, { ...place, cost: 0.2 }));
      await limiter.credit({ ...CALL, ...place }, 0.7);
      expect(await spent(limiter, place)).toEqual(all(place, 0.2));
      expect(await outcome(limiter, { ...place, cost: 0.8 })).toBe(true);
      expect(await outcome(limiter, { ...place, cost: 0.000001 })).toBe('cost_estimator');
      await limiter.flush();
      expect(await spent(limiter, place)).toEqual(all(place, 1));
    }
  });

  it('gives back to whom it was taken from, and to nobody else', async () => {
    const { limiter } = await start({ budget: BUDGET });
    if (limiter.credit === undefined) return;
    const calls = [
      { agentId: 'a', sessionId: 's', taskId: 't' },
      { agentId: 'b', sessionId: 's', taskId: 't' },
      { agentId: 'a', sessionId: null, taskId: 'u' },
      { agentId: 'a', sessionId: null, taskId: null },
    ];
    for (const call of calls) await limiter.settle(await reserved(limiter, { ...call, cost: 0.3 }));
    await limiter.credit({ agentId: 'a', sessionId: 's', taskId: 't' }, 0.3);
    const left = [];
    for (const call of calls) left.push(await spent(limiter, call));
    // Without a session an agent has one run, in whatever task.
    expect(left).toEqual([[0.3, 0], [0.3, 0.3], [0.3, 0.6], [0.6]]);
  });
}

function boundedCases(start: Start, { it, expect }: SuiteTools): void {
  it('never gives back more than was spent', async () => {
    for (const place of PLACES) {
      const { limiter } = await start({ budget: BUDGET });
      if (limiter.credit === undefined) return;
      await limiter.settle(await reserved(limiter, { ...place, cost: 0.2 }));
      for (const cost of [0.5, 9_000_000_000]) await limiter.credit({ ...CALL, ...place }, cost);
      expect(await spent(limiter, place)).toEqual(all(place, 0));
      expect(await outcome(limiter, { ...place, cost: 1 })).toBe(true);
      expect(await outcome(limiter, { ...place, cost: 0.000001 })).toBe('cost_estimator');
    }
  });

  it('gives back nothing for what is no amount of money, and nothing that nobody spent', async () => {
    for (const place of PLACES) {
      const { limiter } = await start({ budget: BUDGET });
      if (limiter.credit === undefined) return;
      await limiter.credit({ ...CALL, ...place }, 1);
      expect(await spent(limiter, place)).toEqual(all(place, 0));
      await limiter.settle(await reserved(limiter, { ...place, cost: 0.5 }));
      const wrong = [Number.NaN, Number.POSITIVE_INFINITY, -1, -0, 0, '1' as unknown as number];
      for (const cost of wrong) await limiter.credit({ ...CALL, ...place }, cost);
      expect(await spent(limiter, place)).toEqual(all(place, 0.5));
    }
  });
}

function besideCases(start: Start, { it, expect }: SuiteTools): void {
  it('leaves what is counted beside money', async () => {
    const { limiter } = await start({ ...rates('2/min'), budget: BUDGET, maxActionsPerRun: () => 2 });
    if (limiter.credit === undefined) return;
    await limiter.settle(await reserved(limiter, { cost: 0.5 }));
    await limiter.credit(CALL, 0.5);
    const { rates: found, actionsThisRun, rateLast5Min, taskSpend } = await limiter.facts(CALL);
    expect([found[0]?.count, actionsThisRun, rateLast5Min, taskSpend]).toEqual([1, 1, 1, 0]);
  });

  it('counts an agent in a task no longer when all of its money was given back', async () => {
    const { limiter } = await start({ budget: { perTask: 1, perAgentPerRun: null } });
    if (limiter.credit === undefined) return;
    const agents = async () => (await limiter.facts({ ...CALL, agentId: 'x' })).budgets[0]?.agents;
    await limiter.settle(await reserved(limiter, { agentId: 'a', cost: 0.5 }));
    expect(await agents()).toBe(2);
    await limiter.credit({ ...CALL, agentId: 'a' }, 0.5);
    expect(await agents()).toBe(1);
  });

  it('refuses or ignores an account that cannot be counted, and goes on', async () => {
    const { limiter } = await start({ budget: BUDGET });
    if (limiter.credit === undefined) return;
    await limiter.settle(await reserved(limiter, { cost: 0.5 }));
    for (const id of ['a\0', '\ud800', 'x'.repeat(1_001), {} as unknown as string]) {
      for (const account of [
        { ...CALL, agentId: id },
        { ...CALL, taskId: id },
        { ...CALL, sessionId: id },
      ]) {
        try {
          await limiter.credit(account, 0.1);
        } catch {
          // It may say so.
        }
      }
    }
    await limiter.flush();
    expect(await outcome(limiter, { taskId: 'other', agentId: 'other', cost: 1 })).toBe(true);
  });
}
