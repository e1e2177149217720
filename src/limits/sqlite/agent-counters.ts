import type { Outcome } from '../../core/verdict.ts';
import type { SqlDatabase, SqlStatement, SqlValue } from '../../stores/database.ts';
import { AgentRecords, type AgentTotals, addTotals, totalsOf } from '../agent-records.ts';

/** How old what is known of the table may be, and how long an outcome may wait to be written. Milliseconds. */
const FRESH_MS = 250;
/** Most outcomes that wait. */
const MAX_WAITING = 64;
/** Most agents whose rows are remembered. */
const MAX_KNOWN = 10_000;

interface Known {
  readonly totals: AgentTotals;
  /** When it was read. */
  readonly at: number;
}

/** A row as it stands once the transaction in progress is committed. */
export type WrittenRow = readonly [agentId: string, totals: AgentTotals];

/** Agents' records in the database, with what this process has still to add to them. */
export class AgentCounters {
  readonly #read: SqlStatement;
  readonly #add: SqlStatement;
  /** Least recently read first. */
  readonly #known = new Map<string, Known>();
  readonly #waiting: AgentRecords;
  #outcomes = 0;
  #urgent = false;
  /** When the oldest of those that wait came in. */
  #since = 0;

  constructor(database: SqlDatabase, isRegistered: (agentId: string) => boolean) {
    this.#waiting = new AgentRecords(isRegistered);
    this.#read = database.prepare(
      'SELECT actions, ran, failed, violations FROM agent_counters WHERE agent_id = ?',
    );
    this.#add = database.prepare(
      `INSERT INTO agent_counters (agent_id, actions, ran, failed, violations) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET actions = actions + excluded.actions, ran = ran + excluded.ran,
          failed = failed + excluded.failed, violations = violations + excluded.violations
        RETURNING actions, ran, failed, violations`,
    );
  }

  /** Rows in memory. For tests of flat memory. */
  get size(): number {
    return this.#known.size + this.#waiting.size;
  }

  /** True while outcomes wait to be written. */
  get hasWaiting(): boolean {
    return this.#outcomes > 0;
  }

  /** True once what waits is to be written with the next call. */
  isDue(now: number): boolean {
    return (
      this.hasWaiting && (this.#urgent || this.#outcomes >= MAX_WAITING || now - this.#since >= FRESH_MS)
    );
  }

  /** An agent's record: this process's share of it up to now, that of others at most {@link FRESH_MS} old. */
  of(agentId: string, now: number): AgentTotals {
    return addTotals(this.#stored(agentId, now), this.#waiting.of(agentId));
  }

  /** Adds an outcome to those that wait. A violation is to be written at once. */
  record(agentId: string, outcome: Outcome, now: number): void {
    if (!this.hasWaiting) this.#since = now;
    this.#outcomes++;
    this.#waiting.add(agentId, totalsOf(outcome));
    if (outcome === 'BLOCK') this.#urgent = true;
  }

  /** Writes what waits, in the transaction in progress; {@link AgentCounters.written} is to follow its commit. */
  write(): WrittenRow[] {
    const rows: WrittenRow[] = [];
    for (const [agentId, { actions, ran, failed, violations }] of this.#waiting) {
      rows.push([agentId, totalsIn(this.#add.get(agentId, actions, ran, failed, violations))]);
    }
    return rows;
  }

  /** Lets go of what waited. */
  written(rows: readonly WrittenRow[], now: number): void {
    this.#waiting.clear();
    this.#outcomes = 0;
    this.#urgent = false;
    for (const [agentId, totals] of rows) this.#know(agentId, totals, now);
  }

  #stored(agentId: string, now: number): AgentTotals {
    const known = this.#known.get(agentId);
    if (known !== undefined && now - known.at < FRESH_MS) return known.totals;
    const totals = totalsIn(this.#read.get(agentId));
    this.#know(agentId, totals, now);
    return totals;
  }

  #know(agentId: string, totals: AgentTotals, at: number): void {
    this.#known.delete(agentId);
    this.#known.set(agentId, { totals, at });
    if (this.#known.size <= MAX_KNOWN) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}

function totalsIn(row: Record<string, SqlValue> | undefined): AgentTotals {
  const count = (name: keyof AgentTotals): number => Number(row?.[name] ?? 0);
  return {
    actions: count('actions'),
    ran: count('ran'),
    failed: count('failed'),
    violations: count('violations'),
  };
}
