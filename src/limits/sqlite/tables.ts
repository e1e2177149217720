import type { SqlDatabase } from '../../stores/database.ts';

/**
 * The limiter's tables; it makes those that are not there. All amounts are micro-USD, spent and reserved.
 *
 * `limit_runs` has the sessions of every agent, `limit_tasks` what a task has used and `limit_task_agents` who of it
 * how much. `limit_reservations` has the calls that were counted there and neither settled nor released: `seq` tells
 * those of one writer apart, `cost` is what was reserved, `after_position` the journal's newest position then.
 * `agent_counters` has every agent's record.
 */
export const LIMIT_TABLES: readonly string[] = [
  `
  CREATE TABLE IF NOT EXISTS limit_runs (
    session_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    actions INTEGER NOT NULL,
    spent INTEGER NOT NULL,
    PRIMARY KEY (session_id, agent_id)
  ) STRICT, WITHOUT ROWID`,
  `
  CREATE TABLE IF NOT EXISTS limit_tasks (
    task_id TEXT NOT NULL PRIMARY KEY,
    spent INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `
  CREATE TABLE IF NOT EXISTS limit_task_agents (
    task_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    spent INTEGER NOT NULL,
    PRIMARY KEY (task_id, agent_id)
  ) STRICT, WITHOUT ROWID`,
  `
  CREATE TABLE IF NOT EXISTS limit_reservations (
    writer_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    action_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    session_id TEXT,
    task_id TEXT,
    cost INTEGER NOT NULL,
    after_position INTEGER NOT NULL,
    PRIMARY KEY (writer_id, seq)
  ) STRICT, WITHOUT ROWID`,
  `
  CREATE TABLE IF NOT EXISTS agent_counters (
    agent_id TEXT NOT NULL PRIMARY KEY,
    actions INTEGER NOT NULL,
    ran INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    violations INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

/** Makes the tables in one transaction where they are not there. Where they are, nothing is locked. */
export function makeTables(database: SqlDatabase): void {
  const newest = database.prepare(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'agent_counters'",
  );
  if (newest.get() !== undefined) return;
  database.transaction(() => {
    for (const table of LIMIT_TABLES) database.prepare(table).run();
  });
}
