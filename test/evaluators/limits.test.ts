import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RateFact } from '../../src/core/facts.ts';
import { toMicroUsd, toUsd, usdText } from '../../src/core/money.ts';
import { costEstimator } from '../../src/evaluators/cost-estimator.ts';
import { rateLimiter } from '../../src/evaluators/rate-limiter.ts';
import { factsOf, intentOf } from './action.ts';

const RATE: RateFact = { scope: 'tool:send_mail', limit: '60/min', max: 60, windowMs: 60_000, count: 59 };

describe('rate_limiter', () => {
  const judge = (...changes: Parameters<typeof factsOf>) =>
    rateLimiter().evaluate(intentOf(), factsOf(...changes));

  it('has no opinion while every window has room', () => {
    expect(judge()).toBe(undefined);
    expect(judge({ rates: [RATE, RATE], agent: { maxActionsPerRun: 5, actionsThisRun: 4 } })).toBe(undefined);
  });

  it('blocks on a full window and says whose, which, and when to retry', () => {
    const found = judge({ rates: [RATE, { ...RATE, count: 60, retryAfterMs: 11_200 }] });
    expect(found).toEqual({
      verdict: 'BLOCK',
      reason:
        'The rate limit 60/min of the tool send_mail is used up (60 calls counted); retry in 12 seconds',
      suggestedAction: 'wait, then make the same call in 12 seconds; or raise rate_limits',
      metadata: { limit: '60/min', scope: 'tool:send_mail', count: 60, retryAfterMs: 11_200 },
    });
  });

  it('says times in words that fit their size', () => {
    const when = (retryAfterMs: number) => {
      const found = judge({ rates: [{ ...RATE, count: 99, retryAfterMs }] });
      return found instanceof Promise ? '' : found?.reason?.split('retry ')[1];
    };
    expect([0, 5, 119_000, 7_200_000, 80_000_000].map(when)).toEqual([
      'shortly',
      'in a second',
      'in 119 seconds',
      'in 2 hours',
      'in 23 hours',
    ]);
  });

  it('tells a rate of zero from one that is used up', () => {
    const found = judge({ rates: [{ ...RATE, max: 0, count: 0, limit: '0/min' }] });
    expect(found).toMatchObject({
      verdict: 'BLOCK',
      reason: expect.stringContaining('allows no call at all'),
    });
  });

  it('blocks an agent that has used up its actions of the run', () => {
    const found = judge({ agent: { id: 'w', maxActionsPerRun: 100, actionsThisRun: 100 } });
    expect(found).toMatchObject({ verdict: 'BLOCK', metadata: { limit: '100/run', scope: 'agent:w' } });
  });

  it('blocks when a count is no number', () => {
    expect(judge({ rates: [{ ...RATE, count: Number.NaN }] })).toMatchObject({ verdict: 'BLOCK' });
    expect(judge({ rates: [{ ...RATE, max: Number.NaN }] })).toMatchObject({ verdict: 'BLOCK' });
    const agent = { maxActionsPerRun: 5, actionsThisRun: Number.NaN };
    expect(judge({ agent })).toMatchObject({ verdict: 'BLOCK' });
  });
});

describe('cost_estimator', () => {
  const judge = (estimatedCost: unknown, spent: number, limit: number, escalateAbove: number | null = null) =>
    costEstimator({ escalateAbove }).evaluate(
      intentOf({ estimatedCost }),
      factsOf({ budgets: [{ scope: 'task', id: 't', spent, limit, agents: 1 }] }),
    );

  it('has no opinion of what fits, to the micro-dollar', () => {
    expect(judge(0, 0, 0)).toBe(undefined);
    expect(judge(0.1, 0.2, 0.3)).toBe(undefined);
    expect(judge(1.1, 2.2, 3.3)).toBe(undefined);
    expect(costEstimator({ escalateAbove: null }).evaluate(intentOf({ estimatedCost: 1e9 }), factsOf())).toBe(
      undefined,
    );
  });

  it('blocks what does not fit and says the amounts', () => {
    expect(judge(0.100001, 0.2, 0.3)).toEqual({
      verdict: 'BLOCK',
      reason: 'This call costs $0.100001, and the task t has spent or reserved $0.20 of its $0.30',
      suggestedAction: 'choose a cheaper call, or raise budget.per_task',
      metadata: { currentSpend: 0.2, budgetLimit: 0.3, scope: 'task', estimatedCost: 0.100001 },
    });
    expect(judge(0, 3.5, 3)).toMatchObject({ verdict: 'BLOCK' });
  });

  it('escalates what costs more than may be spent without asking', () => {
    expect(judge(0.5, 0, 9, 0.5)).toBe(undefined);
    expect(judge(0.500001, 0, 9, 0.5)).toMatchObject({
      verdict: 'ESCALATE',
      metadata: { estimatedCost: 0.500001, escalateAbove: 0.5 },
    });
    expect(judge(0.5, 9, 9, 0.1)).toMatchObject({ verdict: 'BLOCK' });
  });

  describe('when more than three agents share a task', () => {
    const shared = (
      spent: number,
      agents: unknown,
      cost = 0.1,
      more: { scope?: 'task' | 'agent'; escalateAbove?: number } = {},
    ) =>
      costEstimator({ escalateAbove: more.escalateAbove ?? null }).evaluate(
        intentOf({ estimatedCost: cost }),
        factsOf({
          budgets: [{ scope: more.scope ?? 'task', id: 't', spent, limit: 5, agents: agents as number }],
        }),
      );

    it('asks once a call takes them above 80 % of its budget together', () => {
      expect(shared(3.9, 4)).toBe(undefined);
      expect(shared(3.9, 4, 0.100001)).toEqual({
        verdict: 'ESCALATE',
        reason:
          'More than 3 agents together have spent or reserved over 80 % of the $5.00 of the task t, this call ' +
          'included; a person must approve what is left',
        suggestedAction: 'finish the task with fewer calls, or raise budget.per_task',
        metadata: { currentSpend: 3.9, budgetLimit: 5, scope: 'task', agents: 4 },
      });
    });

    it('leaves three agents alone, and an agent its own budget', () => {
      expect(shared(4.5, 3)).toBe(undefined);
      expect(shared(4.5, 9, 0.1, { scope: 'agent' })).toBe(undefined);
    });

    it('still blocks what does not fit', () => {
      expect(shared(4.95, 4)).toMatchObject({ verdict: 'BLOCK' });
    });

    it('asks with the same words whatever has been spent meanwhile, so that one approval is enough', () => {
      const reason = (spent: number) => {
        const answer = shared(spent, 4);
        return answer instanceof Promise ? '' : answer?.reason;
      };
      expect(reason(4.2)).toBe(reason(4.3));
    });

    it('asks for both when the call is dear besides', () => {
      expect(shared(4, 4, 0.5, { escalateAbove: 0.4 })).toMatchObject({
        verdict: 'ESCALATE',
        reason: expect.stringMatching(/This call costs \$0.50; above \$0.40.* Also: More than 3 agents/),
        metadata: { agents: 4, escalateAbove: 0.4 },
      });
    });

    it('asks when it is not known how many they are', () => {
      for (const garbage of [Number.NaN, undefined, 'many']) {
        expect(shared(4.5, garbage)).toMatchObject({ verdict: 'ESCALATE' });
      }
    });
  });

  it('blocks or asks when any amount is no amount of money', () => {
    for (const garbage of [Number.NaN, Number.POSITIVE_INFINITY, -1, -0.000001]) {
      expect(judge(garbage, 0, 1)).toMatchObject({ verdict: 'BLOCK' });
      expect(judge(0, garbage, 1)).toMatchObject({ verdict: 'BLOCK' });
      expect(judge(0, 0, garbage)).toMatchObject({ verdict: 'BLOCK' });
      expect(judge(0, 0, 1, garbage)).toMatchObject({ verdict: 'ESCALATE' });
    }
    for (const garbage of ['0', null, undefined, [1], 1n, 1e300]) {
      expect(judge(garbage, 0, 1)).toMatchObject({ verdict: 'BLOCK' });
    }
  });
});

describe('micro-USD', () => {
  it('comes back the same for every whole number of micro-USD up to a million USD', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (micro) => {
        expect(toMicroUsd(toUsd(micro))).toBe(micro);
      }),
    );
  });

  it('rounds what is finer up, so that nothing above zero is free', () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, max: 1e6, noNaN: true }), (usd) => {
        const micro = toMicroUsd(usd) ?? 0;
        expect(micro).toBeGreaterThanOrEqual(1);
        expect(micro / (usd * 1e6)).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(micro - usd * 1e6).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('prints two to six decimals', () => {
    expect([0, 1.5, 0.000125, 12].map(usdText)).toEqual(['$0.00', '$1.50', '$0.000125', '$12.00']);
  });
});
