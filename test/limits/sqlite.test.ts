import { describe, expect, it } from 'vitest';
import type { Reservation } from '../../src/limits/limiter.ts';
import { SqliteLimiter } from '../../src/limits/sqlite.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { CALL, reserved, UNLIMITED } from '../../src/testing/limiter/setup.ts';
import { limiterSuite } from '../../src/testing/limiter-suite.ts';
import { PlainDatabase } from './database.ts';
import { databasePath } from './database-path.ts';
import { BUDGET, count, IN_SESSION, limiterOn } from './scene.ts';

limiterSuite(
  'sqlite',
  ({ now, limits }) => new SqliteLimiter({ database: new PlainDatabase(), now, limits, writerId: 'writer' }),
  { describe, it, expect },
);

/** Two connections to one file; the first may be locked by the second, and then gives up at once. */
function twoConnections(): { mine: PlainDatabase; other: PlainDatabase } {
  const path = databasePath();
  return { mine: new PlainDatabase(path, 0), other: new PlainDatabase(path) };
}

function whileLocked(database: PlainDatabase, fn: () => void): void {
  database.transaction(fn);
}

describe('SqliteLimiter: what is written when', () => {
  it('writes nothing for a call without session and task, nor for a free one without a session', async () => {
    const { database, limiter } = limiterOn();
    const before = database.transactions;
    for (const call of [{ ...CALL, taskId: null, cost: 0.1 }, CALL]) {
      await limiter.settle(await reserved(limiter, call));
      await limiter.settle(await reserved(limiter, call), call.cost);
      await limiter.release(await reserved(limiter, call));
    }
    limiter.flush();
    expect(database.transactions).toBe(before);
    await limiter.settle(await reserved(limiter, { ...CALL, cost: 0 }), 0.3);
    expect(limiter.facts(CALL).taskSpend).toBe(0.3);
  });

  it('takes one transaction to reserve, and none to settle as estimated', async () => {
    const { database, limiter, reservations } = limiterOn();
    const before = database.transactions;
    for (let i = 0; i < 5; i++) await limiter.settle(await reserved(limiter, IN_SESSION));
    expect([database.transactions - before, reservations()]).toEqual([5, 1]);
    limiter.close();
    expect([database.transactions - before, reservations()]).toEqual([6, 0]);
    limiter.close();
    expect(database.transactions - before).toBe(6);
    expect(limiter.facts(IN_SESSION).taskSpend).toBe(0.5);
  });

  it('removes settled reservations once 256 wait', () => {
    const { limiter, reservations } = limiterOn(undefined, undefined, UNLIMITED);
    const open = Array.from({ length: 256 }, () => limiter.reserve(IN_SESSION) as Reservation);
    for (const reservation of open) {
      expect(reservations()).toBe(256);
      limiter.settle(reservation);
    }
    expect(reservations()).toBe(0);
  });

  it('keeps nothing of a call that is refused', () => {
    const { database, limiter } = limiterOn();
    expect(limiter.reserve({ ...IN_SESSION, cost: 2 }).refused).toBe(true);
    for (const table of ['limit_runs', 'limit_tasks', 'limit_task_agents', 'limit_reservations']) {
      expect(count(database, table)).toBe(0);
    }
  });

  it('counts what others reserve up to the moment at which it has the lock', () => {
    const path = databasePath();
    const other = limiterOn(new PlainDatabase(path), 'other').limiter;
    class LateDatabase extends PlainDatabase {
      override transaction<T>(fn: () => T): T {
        other.reserve({ ...IN_SESSION, cost: 0.6 });
        return super.transaction(fn);
      }
    }
    const { limiter } = limiterOn(new LateDatabase(path));
    for (const place of [{ taskId: null }, { sessionId: null }]) {
      const call = { ...IN_SESSION, ...place, cost: 0.6 };
      expect([limiter.reserve(call).refused, limiter.facts(IN_SESSION).taskSpend]).toEqual([true, 0.6]);
    }
  });

  it('does not mistake its reservations for those that a limiter of the same id left', async () => {
    const { database, limiter } = limiterOn();
    for (let i = 0; i < 3; i++) await reserved(limiter, IN_SESSION);
    const again = limiterOn(database).limiter;
    await again.release(await reserved(again, IN_SESSION));
    expect(again.facts(IN_SESSION).taskSpend).toBe(0.3);
  });

  it('counts windows, recent calls and runs outside of sessions for itself', async () => {
    const { database, limiter } = limiterOn();
    await reserved(limiter, { ...CALL, cost: 0.2 });
    const { actionsThisRun, rateLast5Min, taskSpend } = limiterOn(database, 'other').limiter.facts(CALL);
    expect([actionsThisRun, rateLast5Min, taskSpend]).toEqual([0, 0, 0.2]);
  });

  it('stays flat over many calls of ever new agents, tasks and sessions', () => {
    const clock = new FakeClock();
    const limiter = new SqliteLimiter({
      database: new PlainDatabase(),
      now: clock.now,
      limits: BUDGET,
      writerId: 'writer',
      maxNames: 500,
      maxRuns: 500,
    });
    let largest = 0;
    for (let i = 0; i < 15_000; i++) {
      clock.advance(10);
      const sessionId = i % 2 === 0 ? null : `s${i}`;
      const call = { ...CALL, agentId: `a${i}`, taskId: `k${i}`, sessionId, cost: 0.1 };
      limiter.facts(call);
      const answer = limiter.reserve(call);
      if (!answer.refused) limiter.settle(answer);
      limiter.recordOutcome(`a${i}`, i % 3 === 0 ? 'BLOCK' : 'ALLOW');
      largest = Math.max(largest, limiter.size);
    }
    expect(largest).toBeLessThanOrEqual(500 * 2 + 10_000 + 64 + 256);
  });
});

describe('SqliteLimiter: a database that fails', () => {
  it('refuses by throwing, and counts nothing', async () => {
    const { mine, other } = twoConnections();
    const { limiter } = limiterOn(mine);
    const before = limiter.facts(IN_SESSION);
    whileLocked(other, () => {
      expect(() => limiter.reserve(IN_SESSION)).toThrow(/locked|busy/i);
      expect(limiter.facts(IN_SESSION)).toEqual(before);
    });
    await reserved(limiter, IN_SESSION);
    expect(limiter.facts(IN_SESSION).actionsThisRun).toBe(1);
  });

  it('gives back and settles later what it could not at once', async () => {
    const { mine, other } = twoConnections();
    const { limiter, reservations } = limiterOn(mine);
    const released = await reserved(limiter, { ...IN_SESSION, cost: 0.3 });
    const settled = await reserved(limiter, { ...IN_SESSION, cost: 0.4 });
    const free = await reserved(limiter, { ...CALL, cost: 0 });
    whileLocked(other, () => {
      expect(() => limiter.release(released)).toThrow(/locked|busy/i);
      expect(() => limiter.settle(settled, 0.1)).toThrow(/locked|busy/i);
      expect(() => limiter.settle(free, 0.2)).toThrow(/locked|busy/i);
      expect(() => limiter.flush()).toThrow(/locked|busy/i);
    });
    limiter.flush();
    const { taskSpend, actionsThisRun } = limiter.facts(IN_SESSION);
    expect([taskSpend, actionsThisRun, reservations()]).toEqual([0.3, 1, 0]);
    limiter.flush();
    expect(limiter.facts(IN_SESSION).taskSpend).toBe(0.3);
  });

  it('does not hold up a call that it does not count there', async () => {
    const { mine, other } = twoConnections();
    const { limiter, clock } = limiterOn(mine);
    limiter.recordOutcome(CALL.agentId, 'ALLOW');
    whileLocked(other, () => {
      expect(() => limiter.recordOutcome(CALL.agentId, 'BLOCK')).toThrow(/locked|busy/i);
      clock.advance(250);
      expect(limiter.reserve(CALL).refused).toBe(false);
      expect(limiter.reserve({ ...CALL, taskId: null, cost: 0.1 }).refused).toBe(false);
    });
    limiter.flush();
    expect(limiterOn(other, 'other').limiter.facts(CALL).agent.actionCount).toBe(2);
  });

  it('goes on after an id of an agent that no database can hold', async () => {
    const { limiter } = limiterOn();
    for (const id of [{}, true, undefined, null, Symbol('a'), () => 'a'] as unknown as string[]) {
      expect(() => limiter.recordOutcome(id, 'BLOCK')).toThrow(TypeError);
    }
    limiter.recordOutcome(CALL.agentId, 'BLOCK');
    await reserved(limiter, IN_SESSION);
    expect(limiter.facts(CALL).agent.violations).toBe(1);
  });

  it('loses no outcome', () => {
    const { mine, other } = twoConnections();
    const { limiter } = limiterOn(mine);
    const all = { actionCount: 3, errorRate: 1, violations: 2 };
    whileLocked(other, () => {
      expect(() => limiter.recordOutcome('worker', 'BLOCK')).toThrow(/locked|busy/i);
      expect(() => limiter.recordOutcome('worker', 'ERROR')).toThrow(/locked|busy/i);
      expect(() => limiter.recordOutcome('worker', 'BLOCK')).toThrow(/locked|busy/i);
      expect(limiter.facts(CALL).agent).toEqual(all);
    });
    limiter.flush();
    expect(limiterOn(other, 'other').limiter.facts(CALL).agent).toEqual(all);
    limiter.flush();
    expect(limiter.facts(CALL).agent).toEqual(all);
  });
});
