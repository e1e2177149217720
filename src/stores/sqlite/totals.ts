import type { JournalRecord } from '../../core/record.ts';
import type { Outcome, Verdict } from '../../core/verdict.ts';
import type { SqlDatabase } from '../database.ts';
import { type EntryRow, textOf } from './entry-row.ts';
import { bucketOf, type LatencyCount, latencyCounts } from './latency-buckets.ts';
import type { Dimension, NamedCount } from './rollups.ts';

/** What is summed over all time. `decision` and `duration` only ever grow: what is pruned or ends otherwise stays in. */
type TotalDimension = Dimension | 'session' | 'decision' | 'duration';

/** How many decisions of one policy had one verdict, since the projection was made. */
export interface DecisionCount {
  /** Of the policy or evaluator that decided; '' where none did. */
  readonly policy: string;
  readonly verdict: Verdict;
  readonly count: number;
}

/** How long decisions took, since the projection was made. */
export interface DecisionTimes {
  readonly buckets: readonly LatencyCount[];
  /** Sum of all times, in milliseconds. */
  readonly millis: number;
}

interface Change {
  readonly dimension: TotalDimension;
  readonly name: string;
  readonly outcome: string;
  count: number;
  lastAt: number;
  millis: number;
}

interface SessionChange {
  count: number;
  firstAt: number;
  lastAt: number;
}

const ADD = `INSERT INTO totals (dimension, name, outcome, count, last_at, millis) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (dimension, name, outcome) DO UPDATE SET count = count + excluded.count,
    last_at = max(last_at, excluded.last_at), millis = millis + excluded.millis`;
const DROP_EMPTY = 'DELETE FROM totals WHERE dimension = ? AND name = ? AND outcome = ? AND count <= 0';
const ADD_SESSION = `INSERT INTO sessions (session_id, count, first_at, last_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (session_id) DO UPDATE SET count = count + excluded.count,
    first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)`;
const DROP_SESSION = 'DELETE FROM sessions WHERE session_id = ? AND count <= 0';

const TOTALS = 'SELECT name, outcome, count, last_at FROM totals WHERE dimension = ? ORDER BY name, outcome';
const TOTALS_OF =
  'SELECT name, outcome, count, last_at FROM totals WHERE dimension = ? AND name = ? ORDER BY outcome';
const DECISIONS = `SELECT name, outcome, count FROM totals WHERE dimension = 'decision' ORDER BY name, outcome`;
const TIMES = `SELECT name, count, millis FROM totals WHERE dimension = 'duration'`;

/** Changes of the sums over all time, gathered and then written at once. */
export class TotalChanges {
  readonly #changes = new Map<string, Change>();
  readonly #sessions = new Map<string, SessionChange>();

  /** Counts an action, or takes it back (`by` -1). */
  count(row: EntryRow, by: 1 | -1): void {
    const { at, outcome, toolName, agentId, ruleName, sessionId } = row;
    const add = (dimension: TotalDimension, name: string): void =>
      this.#add({ dimension, name, outcome, count: by, lastAt: at, millis: 0 });
    add('all', '');
    add('tool', toolName);
    add('agent', agentId);
    if (ruleName !== null) add('rule', ruleName);
    if (sessionId === null) return;
    add('session', sessionId);
    const session = this.#sessions.get(sessionId);
    if (session === undefined) this.#sessions.set(sessionId, { count: by, firstAt: at, lastAt: at });
    else {
      session.count += by;
      session.firstAt = Math.min(session.firstAt, at);
      session.lastAt = Math.max(session.lastAt, at);
    }
  }

  /** Counts the decisions among an action's new records, for good. */
  decided(records: readonly JournalRecord[]): void {
    for (const { kind, body, at } of records) {
      if (kind !== 'decided') continue;
      const { policyTriggered, verdict, latencyMs } = body;
      const millis = typeof latencyMs === 'number' && latencyMs >= 0 && latencyMs < Infinity ? latencyMs : 0;
      const lastAt = Number.isNaN(at.getTime()) ? 0 : at.getTime();
      const one = { count: 1, lastAt };
      const policy = textOf(policyTriggered).slice(0, 200);
      this.#add({ ...one, dimension: 'decision', name: policy, outcome: textOf(verdict), millis: 0 });
      this.#add({ ...one, dimension: 'duration', name: bucketOf(millis), outcome: '', millis });
    }
  }

  /** Writes the changes. Call it within the transaction that they belong to. */
  write(database: SqlDatabase): void {
    const add = database.prepare(ADD);
    for (const { dimension, name, outcome, count, lastAt, millis } of this.#changes.values()) {
      add.run(dimension, name, outcome, count, lastAt, millis);
      if (count <= 0) database.prepare(DROP_EMPTY).run(dimension, name, outcome);
    }
    for (const [sessionId, { count, firstAt, lastAt }] of this.#sessions) {
      database.prepare(ADD_SESSION).run(sessionId, count, firstAt, lastAt);
      if (count <= 0) database.prepare(DROP_SESSION).run(sessionId);
    }
    this.#changes.clear();
    this.#sessions.clear();
  }

  #add(change: Change): void {
    const key = JSON.stringify([change.dimension, change.name, change.outcome]);
    const known = this.#changes.get(key);
    if (known === undefined) {
      this.#changes.set(key, change);
      return;
    }
    known.count += change.count;
    known.lastAt = Math.max(known.lastAt, change.lastAt);
    known.millis += change.millis;
  }
}

/** The sums of one dimension by name and outcome; of one name where it is given. */
export function totalsBy(
  database: SqlDatabase,
  dimension: Dimension | 'session',
  name?: string,
): NamedCount[] {
  const rows =
    name === undefined
      ? database.prepare(TOTALS).all(dimension)
      : database.prepare(TOTALS_OF).all(dimension, name);
  return rows.map((row) => ({
    name: String(row.name),
    outcome: row.outcome as Outcome,
    count: Number(row.count),
    lastAt: new Date(Number(row.last_at)),
  }));
}

/** All decisions by policy and verdict. */
export function decisionCounts(database: SqlDatabase): DecisionCount[] {
  return database
    .prepare(DECISIONS)
    .all()
    .map(({ name, outcome, count }) => ({
      policy: String(name),
      verdict: outcome as Verdict,
      count: Number(count),
    }));
}

/** How long all decisions took. */
export function decisionTimes(database: SqlDatabase): DecisionTimes {
  const rows = database.prepare(TIMES).all();
  return {
    buckets: latencyCounts(rows),
    millis: rows.reduce((sum, row) => sum + Number(row.millis), 0),
  };
}
