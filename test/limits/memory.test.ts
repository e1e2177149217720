import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LimitCall, LimitSettings, Reservation } from '../../src/limits/limiter.ts';
import { MemoryLimiter } from '../../src/limits/memory.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { UNLIMITED } from '../../src/testing/limiter/setup.ts';
import { limiterSuite } from '../../src/testing/limiter-suite.ts';
import { soakFactor } from '../seed.ts';

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
    configure: (limits: LimitSettings) => limiter.configure(limits),
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

/** Limits so low that a few steps reach them. */
const TIGHT: LimitSettings = {
  rateLimits: { default: '3/sec', perTool: { t1: '2/sec' }, perAgent: { a1: '4/min' } },
  budget: { perTask: 1, perAgentPerRun: 1.5 },
  maxActionsPerRun: (id) => (id === 'a1' ? 6 : null),
};

/** The same limits, in the plainest way: remember every call and look at all of them. */
class NaiveLimiter {
  calls: { call: LimitCall; at: number; micro: number }[] = [];

  #inWindow(now: number, windowMs: number, which: (call: LimitCall) => boolean): number {
    return this.calls.filter(({ call, at }) => which(call) && at + windowMs > now).length;
  }

  #spent(which: (call: LimitCall) => boolean): number {
    return this.calls.filter(({ call }) => which(call)).reduce((sum, { micro }) => sum + micro, 0);
  }

  reserve(call: LimitCall, now: number): { call: LimitCall; at: number; micro: number } | undefined {
    const micro = Math.round(call.cost * 1e6);
    const covered = (c: LimitCall): boolean => c.toolName === 't1' || c.agentId === 'a1';
    if (call.toolName === 't1' && this.#inWindow(now, 1_000, (c) => c.toolName === 't1') >= 2)
      return undefined;
    if (call.agentId === 'a1' && this.#inWindow(now, 60_000, (c) => c.agentId === 'a1') >= 4)
      return undefined;
    const same = (c: LimitCall): boolean => !covered(c) && c.agentId === call.agentId;
    if (!covered(call) && this.#inWindow(now, 1_000, same) >= 3) return undefined;
    const run = (c: LimitCall): boolean => c.agentId === call.agentId && c.sessionId === call.sessionId;
    if (call.agentId === 'a1' && this.calls.filter((c) => run(c.call)).length >= 6) return undefined;
    if (call.taskId !== null && this.#spent((c) => c.taskId === call.taskId) + micro > 1e6) return undefined;
    if (this.#spent(run) + micro > 1.5e6) return undefined;
    const entry = { call, at: now, micro };
    this.calls.push(entry);
    return entry;
  }
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      toolName: fc.constantFrom('t1', 't2'),
      agentId: fc.constantFrom('a1', 'a2'),
      taskId: fc.constantFrom(null, 'k1', 'k2'),
      sessionId: fc.constantFrom(null, 's1'),
      cost: fc.constantFrom(0, 0.1, 0.000001, 0.7),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      which: fc.nat(30),
      cost: fc.constantFrom(0, 0.2, 0.9),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), which: fc.nat(30) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      by: fc.constantFrom(0, 1, 333, 999, 1000, 20_000, 59_999, -700),
    }),
  },
);

describe('MemoryLimiter against a limiter that remembers everything', () => {
  it('gives the same answer at every step, whatever the order of reserve, settle, release and the clock', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const clock = new FakeClock();
        const limiter = new MemoryLimiter({ now: clock.now, limits: TIGHT });
        const naive = new NaiveLimiter();
        const open: { reservation: Reservation; entry: { call: LimitCall; at: number; micro: number } }[] =
          [];
        let latest = clock.now();
        for (const action of steps) {
          if (action.kind === 'advance') {
            clock.advance(action.by);
            latest = Math.max(latest, clock.now());
          } else if (action.kind === 'reserve') {
            const { kind: _, ...rest } = action;
            const call = { ...CALL, ...rest };
            const answer = limiter.reserve(call);
            const entry = naive.reserve(call, latest);
            expect(answer.refused).toBe(entry === undefined);
            if (!answer.refused && entry !== undefined) open.push({ reservation: answer, entry });
          } else {
            const [found] = open.splice(action.which % Math.max(1, open.length), 1);
            if (found === undefined) continue;
            if (action.kind === 'settle') {
              limiter.settle(found.reservation, action.cost);
              found.entry.micro = Math.round(action.cost * 1e6);
            } else {
              limiter.release(found.reservation);
              naive.calls.splice(naive.calls.indexOf(found.entry), 1);
            }
          }
        }
      }),
      { numRuns: 300 * soakFactor },
    );
  });

  it('never lets more than N calls through in any window of that length', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 7 }), (steps, max) => {
        const clock = new FakeClock(0.5);
        const limits = { ...UNLIMITED, rateLimits: { default: `${max}/sec`, perTool: {}, perAgent: {} } };
        const limiter = new MemoryLimiter({ now: clock.now, limits });
        const passed: number[] = [];
        for (const gap of steps) {
          clock.advance(gap);
          if (!limiter.reserve(CALL).refused) passed.push(clock.now());
        }
        for (const start of passed) {
          expect(passed.filter((at) => at >= start && at < start + 1_000).length).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});

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
