import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/verdict.ts';
import type { LimitAccount, LimitCall, LimitSettings, Reservation } from '../../src/limits/limiter.ts';
import { MemoryLimiter } from '../../src/limits/memory.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { UNLIMITED } from '../../src/testing/limiter/setup.ts';
import { limiterSuite } from '../../src/testing/limiter-suite.ts';

limiterSuite('memory', (options) => new MemoryLimiter(options), { describe, it, expect });
limiterSuite('memory behind promises', (options) => promised(new MemoryLimiter(options)), {
  describe,
  it,
  expect,
});

function promised(limiter: MemoryLimiter) {
  return {
    facts: async (call: LimitCall) => limiter.facts(call),
    reserve: async (call: LimitCall) => limiter.reserve(call),
    settle: async (reservation: Reservation, cost?: number) => limiter.settle(reservation, cost),
    release: async (reservation: Reservation) => limiter.release(reservation),
    credit: async (account: LimitAccount, cost: number) => limiter.credit(account, cost),
    configure: (limits: LimitSettings) => limiter.configure(limits),
    recordOutcome: async (agentId: string, what: Outcome) => limiter.recordOutcome(agentId, what),
    flush: async () => limiter.flush(),
    close: async () => limiter.close(),
  };
}

const CALL: LimitCall = {
  actionId: 'a',
  toolName: 'tool',
  agentId: 'agent',
  taskId: 'task',
  sessionId: null,
  cost: 0,
};

describe('MemoryLimiter', () => {
  it('answers with the same frozen empty lists while no limit is in force', () => {
    const limiter = new MemoryLimiter({ now: () => 0 });
    const first = limiter.facts(CALL);
    const second = limiter.facts({ ...CALL, toolName: 'other' });
    expect(first.rates).toBe(second.rates);
    expect(first.budgets).toBe(second.budgets);
    expect(Object.isFrozen(first.rates) && Object.isFrozen(first.budgets)).toBe(true);
    expect(limiter.size).toBe(0);
  });

  it('stays full when its clock gives garbage', () => {
    let time = 10;
    const limits = { ...UNLIMITED, rateLimits: { default: '1/sec', perTool: {}, perAgent: {} } };
    const limiter = new MemoryLimiter({ now: () => time, limits });
    limiter.reserve(CALL);
    for (const garbage of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1]) {
      time = garbage;
      expect(limiter.reserve(CALL).refused).toBe(true);
    }
  });

  it('refuses when the cap on actions is no number', () => {
    const limiter = new MemoryLimiter({
      now: () => 0,
      limits: { ...UNLIMITED, maxActionsPerRun: () => Number.NaN },
    });
    expect(limiter.reserve(CALL).refused).toBe(true);
  });

  it('ignores reservations that are not its own', () => {
    const limiter = new MemoryLimiter({ now: () => 0 });
    limiter.settle({ refused: false, actionId: 'a' });
    limiter.release({ refused: false, actionId: 'a' });
    expect(limiter.facts(CALL).actionsThisRun).toBe(0);
  });

  it('stays flat over many reservations of ever new agents, tools, tasks and sessions', () => {
    const clock = new FakeClock();
    const limiter = new MemoryLimiter({
      now: clock.now,
      limits: {
        ...UNLIMITED,
        rateLimits: { default: '5/min', perTool: { 't*': '5/sec' }, perAgent: { 'a*': '5/hour' } },
        budget: { perTask: 1e6, perAgentPerRun: 1e6 },
      },
      maxNames: 500,
      maxRuns: 500,
    });
    let largest = 0;
    for (let i = 0; i < 200_000; i++) {
      clock.advance(10);
      limiter.reserve({ ...CALL, agentId: `a${i}`, toolName: `t${i}`, taskId: `k${i}`, sessionId: `s${i}` });
      largest = Math.max(largest, limiter.size);
    }
    expect(largest).toBeLessThanOrEqual(500 * 5);
  });

  it('does not let made-up names escape a limit, and frees those whose windows are empty', () => {
    const clock = new FakeClock();
    const limits = { ...UNLIMITED, rateLimits: { default: '2/sec', perTool: {}, perAgent: {} } };
    const limiter = new MemoryLimiter({ now: clock.now, limits, maxNames: 10 });
    let passed = 0;
    for (let i = 0; i < 1_000; i++) {
      if (!limiter.reserve({ ...CALL, agentId: `made-up-${i}` }).refused) passed++;
    }
    expect(passed).toBe(10 + 2);
    clock.advance(1_000);
    expect(limiter.reserve({ ...CALL, agentId: 'late' }).refused).toBe(false);
  });

  it('never splits the calls of one name over two windows when names come and go', () => {
    const names = fc.array(
      fc.record({ agentId: fc.constantFrom('a', 'b', 'c', 'd', 'e'), by: fc.integer({ min: 0, max: 300 }) }),
      { maxLength: 150 },
    );
    fc.assert(
      fc.property(names, (steps) => {
        const clock = new FakeClock();
        const limits = { ...UNLIMITED, rateLimits: { default: '2/sec', perTool: {}, perAgent: {} } };
        const limiter = new MemoryLimiter({ now: clock.now, limits, maxNames: 2 });
        const passed: { agentId: string; at: number }[] = [];
        for (const { agentId, by } of steps) {
          clock.advance(by);
          const recent = passed.filter((p) => p.agentId === agentId && p.at + 1_000 > clock.now()).length;
          if (limiter.reserve({ ...CALL, agentId }).refused) continue;
          expect(recent).toBeLessThan(2);
          passed.push({ agentId, at: clock.now() });
        }
      }),
    );
  });
});
