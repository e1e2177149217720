import type { Outcome } from '../../core/verdict.ts';
import type { SqlDatabase } from '../database.ts';
import { timeOf } from '../filter.ts';
import type { EntryRow } from './entry-row.ts';
import { bucketOf, type LatencyCount, latencyCounts } from './latency-buckets.ts';
import { minuteOf, startOfMinute } from './minute.ts';

/** What actions are counted by. `all` has one name, the empty one. */
export type Dimension = 'all' | 'tool' | 'agent' | 'rule';

/** How long they took to judge, by bucket, is kept beside the dimensions, whatever their outcome. */
const LATENCY = 'latency';

/** Which counts to return. Times are a Date or an ISO 8601 string; the minutes that they lie in are counted whole. */
export interface CountRange {
  readonly from?: Date | string | undefined;
  readonly to?: Date | string | undefined;
}

/** How many actions of one name had one outcome. */
export interface NamedCount {
  /** Of the tool, the agent or the rule; '' for all. */
  readonly name: string;
  readonly outcome: Outcome;
  readonly count: number;
  /** When the last of them was intercepted; of one whose outcome changed since, at most a minute later than that. */
  readonly lastAt: Date;
}

/** How many actions had one outcome in one minute. */
export interface MinuteCount {
  /** When the minute began. */
  readonly minute: Date;
  readonly outcome: Outcome;
  readonly count: number;
}

interface Bucket {
  readonly dimension: Dimension | typeof LATENCY;
  readonly name: string;
  readonly minute: number;
  readonly outcome: string;
  count: number;
  lastAt: number;
}

const ADD = `INSERT INTO rollups (dimension, name, minute, outcome, count, last_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (dimension, minute, name, outcome)
  DO UPDATE SET count = count + excluded.count, last_at = max(last_at, excluded.last_at)`;
const DROP_EMPTY =
  'DELETE FROM rollups WHERE dimension = ? AND name = ? AND minute = ? AND outcome = ? AND count <= 0';

const COUNTS = `SELECT name, outcome, sum(count) AS count, max(last_at) AS last_at FROM rollups
  WHERE dimension = ? AND minute BETWEEN ? AND ? GROUP BY name, outcome ORDER BY name, outcome`;
const LATENCIES = `SELECT name, sum(count) AS count FROM rollups
  WHERE dimension = '${LATENCY}' AND minute BETWEEN ? AND ? GROUP BY name`;
const MINUTES = `SELECT minute, outcome, count FROM rollups
  WHERE dimension = 'all' AND minute BETWEEN ? AND ? ORDER BY minute, outcome`;

/** Changes of the counts, gathered and then written at once. */
export class CountChanges {
  readonly #buckets = new Map<string, Bucket>();

  /** Counts an action, or takes it back (`by` -1). */
  count(row: EntryRow, by: 1 | -1): void {
    this.#change('all', '', row, by);
    this.#change('tool', row.toolName, row, by);
    this.#change('agent', row.agentId, row, by);
    if (row.ruleName !== null) this.#change('rule', row.ruleName, row, by);
    this.#change(LATENCY, bucketOf(row.latencyMs), { at: row.at, outcome: '' }, by);
  }

  /** Writes the changes. Call it within the transaction that they belong to. */
  write(database: SqlDatabase): void {
    const add = database.prepare(ADD);
    for (const { dimension, name, minute, outcome, count, lastAt } of this.#buckets.values()) {
      add.run(dimension, name, minute, outcome, count, lastAt);
      if (count <= 0) database.prepare(DROP_EMPTY).run(dimension, name, minute, outcome);
    }
    this.#buckets.clear();
  }

  #change(
    dimension: Bucket['dimension'],
    name: string,
    { at, outcome }: Pick<EntryRow, 'at' | 'outcome'>,
    by: 1 | -1,
  ): void {
    const minute = minuteOf(at);
    const key = JSON.stringify([dimension, name, minute, outcome]);
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      this.#buckets.set(key, { dimension, name, minute, outcome, count: by, lastAt: at });
    } else {
      bucket.count += by;
      bucket.lastAt = Math.max(bucket.lastAt, at);
    }
  }
}

/** The counts of one dimension, by name and outcome. Throws ConfigValidationError for a time that cannot be read. */
export function countsBy(database: SqlDatabase, dimension: Dimension, range: CountRange): NamedCount[] {
  return database
    .prepare(COUNTS)
    .all(dimension, ...minutesOf(range))
    .map(({ name, outcome, count, last_at }) => ({
      name: String(name),
      outcome: outcome as Outcome,
      count: Number(count),
      lastAt: new Date(Number(last_at)),
    }));
}

/** The counts of each minute, oldest first. Throws ConfigValidationError for a time that cannot be read. */
export function countsByMinute(database: SqlDatabase, range: CountRange): MinuteCount[] {
  return database
    .prepare(MINUTES)
    .all(...minutesOf(range))
    .map(({ minute, outcome, count }) => ({
      minute: startOfMinute(Number(minute)),
      outcome: outcome as Outcome,
      count: Number(count),
    }));
}

/** How long judging took, by bucket. Throws ConfigValidationError for a time that cannot be read. */
export function latenciesBetween(database: SqlDatabase, range: CountRange): LatencyCount[] {
  return latencyCounts(database.prepare(LATENCIES).all(...minutesOf(range)));
}

function minutesOf({ from, to }: CountRange): [number, number] {
  const { MIN_SAFE_INTEGER, MAX_SAFE_INTEGER } = Number;
  return [minuteOf(timeOf('from', from) ?? MIN_SAFE_INTEGER), minuteOf(timeOf('to', to) ?? MAX_SAFE_INTEGER)];
}
