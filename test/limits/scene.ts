import type { LimitCall, LimitSettings } from '../../src/limits/limiter.ts';
import { SqliteLimiter } from '../../src/limits/sqlite.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { CALL, UNLIMITED } from '../../src/testing/limiter/setup.ts';
import { PlainDatabase } from './database.ts';

/** A dollar a task, a dollar a run. */
export const BUDGET: LimitSettings = { ...UNLIMITED, budget: { perTask: 1, perAgentPerRun: 1 } };
/** A call that the database counts. */
export const IN_SESSION: LimitCall = { ...CALL, sessionId: 'session', cost: 0.1 };

/** A limiter on a database in memory, and what it can be looked at with. */
export function limiterOn(
  database: PlainDatabase = new PlainDatabase(),
  writerId = 'writer',
  limits = BUDGET,
) {
  const clock = new FakeClock();
  const limiter = new SqliteLimiter({ database, now: clock.now, limits, writerId });
  return { database, clock, limiter, reservations: () => count(database, 'limit_reservations') };
}

/** Rows of a table. */
export function count(database: PlainDatabase, table: string): number {
  return Number(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows);
}
