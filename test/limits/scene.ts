import type { LimitCall, LimitSettings } from '../../src/limits/limiter.ts';
import type { Witness } from '../../src/limits/sqlite/left-reservations.ts';
import { SqliteLimiter } from '../../src/limits/sqlite.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { CALL, UNLIMITED } from '../../src/testing/limiter/setup.ts';
import { PlainDatabase } from './database.ts';

/** A dollar a task, a dollar a run. */
export const BUDGET: LimitSettings = { ...UNLIMITED, budget: { perTask: 1, perAgentPerRun: 1 } };
/** A call that the database counts. */
export const IN_SESSION: LimitCall = { ...CALL, sessionId: 'session', cost: 0.1 };

/** A witness of an empty journal. */
export function witnessOf(
  writerIsAlive: Witness['writerIsAlive'],
  wasDecided: (actionId: string) => boolean,
): Witness {
  return {
    newestPosition: () => 0,
    writerIsAlive,
    clearedAmong: (actions) => new Set(actions.map(({ actionId }) => actionId).filter(wasDecided)),
  };
}

/**
 * A limiter on a database in memory, and what it can be looked at with. Until `recover` tells otherwise it takes all
 * writers for alive.
 */
export function limiterOn(
  database: PlainDatabase = new PlainDatabase(),
  writerId = 'writer',
  limits = BUDGET,
) {
  const clock = new FakeClock();
  let told: { alive: (writerId: string) => boolean; decided: (actionId: string) => boolean } = {
    alive: () => true,
    decided: () => true,
  };
  const witness = witnessOf(
    (id) => told.alive(id),
    (id) => told.decided(id),
  );
  const limiter = new SqliteLimiter({ database, now: clock.now, limits, writerId, witness });
  return {
    database,
    clock,
    limiter,
    reservations: () => count(database, 'limit_reservations'),
    tell: (alive: typeof told.alive, decided: typeof told.decided) => {
      told = { alive, decided };
    },
    recover: (alive: typeof told.alive, decided: typeof told.decided) => {
      told = { alive, decided };
      return limiter.recover();
    },
  };
}

/** Rows of a table. */
export function count(database: PlainDatabase, table: string): number {
  return Number(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows);
}
