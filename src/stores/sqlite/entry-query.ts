import type { SqlDatabase, SqlValue } from '../database.ts';
import { timeOf } from '../filter.ts';
import type { AuditFilter } from '../store.ts';
import { boundsOf } from './entry-minutes.ts';
import { textOf } from './entry-row.ts';
import { textQuery } from './text-index.ts';

/** Which entries to return: those that hold all that is given. */
export interface EntryFilter extends AuditFilter {
  readonly ruleName?: string | undefined;
  /** Words that must occur, or begin a word, in the intent or the reason. */
  readonly search?: string | undefined;
  /** For the next page: the `next` of the one before. */
  readonly before?: number | undefined;
  /** Gives the oldest first, from behind this position on; for the next page again the `next` of the one before. */
  readonly after?: number | undefined;
}

/** A statement that gives `position` and `positions` of the entries that were asked for. */
export interface EntryQuery {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** How many it gives at most; Infinity for all. */
  readonly limit: number;
}

/** Fields with an index; where nothing else decides, the one that comes first here leads. */
const INDEXED = Object.freeze([
  ['taskId', 'task_id'],
  ['sessionId', 'session_id'],
  ['ruleName', 'rule_name'],
  ['toolName', 'tool_name'],
  ['agentId', 'agent_id'],
  ['actionType', 'action_type'],
  ['verdict', 'verdict'],
  ['outcome', 'outcome'],
] as const);

const DEFAULT_LIMIT = 100;
/** How many entries of a condition are counted, to see which leaves the fewest. */
const PROBE = 1_000;

/** One condition of a filter. */
interface Condition {
  readonly value: SqlValue;
  /** The tables, the text of the condition and the position, where entries are found by it. */
  readonly from: string;
  readonly leads: string;
  readonly position: string;
  /** The text of the condition where they are found by another. */
  readonly checks: string;
}

/**
 * The statement for a filter; `undefined` where it can give nothing. Throws ConfigValidationError for a time that cannot
 * be read.
 */
export function queryOf(database: SqlDatabase, filter: EntryFilter): EntryQuery | undefined {
  const limit = limitOf(filter.limit);
  const times = timesOf(filter);
  const bounds = times && boundsOf(database, times.from, times.to);
  if (limit === 0 || (times !== undefined && bounds === undefined)) return undefined;
  const conditions = [...fieldsOf(filter), ...(filter.tags ?? []).map(tagCondition)];
  const text = filter.search === undefined ? undefined : textQuery(filter.search);
  const lead = text === undefined ? fewest(database, conditions) : textCondition(text);
  const { from, position } = lead ?? { from: 'entries e', position: 'e.position' };
  const checks = conditions.filter((condition) => condition !== lead);
  const where = [...(lead ? [lead.leads] : []), ...checks.map((check) => check.checks)];
  const values = [...(lead ? [lead.value] : []), ...checks.map(({ value }) => value)];
  if (times !== undefined && bounds !== undefined) {
    where.push(`${position} BETWEEN ? AND ?`, 'e.at BETWEEN ? AND ?');
    values.push(bounds.first, bounds.last, times.from, times.to);
  }
  for (const [bound, sign] of [
    [filter.before, '<'],
    [filter.after, '>'],
  ] as const) {
    if (bound === undefined) continue;
    where.push(`${position} ${sign} ?`);
    values.push(bound);
  }
  const order = filter.after === undefined ? 'DESC' : 'ASC';
  const such = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  return {
    sql: `SELECT e.position, e.positions FROM ${from}${such} ORDER BY ${position} ${order} LIMIT ?`,
    values: [...values, Number.isFinite(limit) ? limit : -1],
    limit,
  };
}

/** As many as a loop that counts up from 0 would take. */
function limitOf(limit: number = DEFAULT_LIMIT): number {
  return limit > 0 ? Math.ceil(limit) : 0;
}

function fieldsOf(filter: EntryFilter): Condition[] {
  return INDEXED.flatMap(([field, column]) => {
    const value: unknown = filter[field];
    if (value === undefined) return [];
    const test = value === null ? 'IS ?' : '= ?';
    return {
      value: value === null ? null : textOf(value),
      from: 'entries e',
      leads: `e.${column} ${test}`,
      position: 'e.position',
      // The plus keeps SQLite from taking this one's index instead.
      checks: `+e.${column} ${test}`,
    };
  });
}

function tagCondition(tag: string): Condition {
  return {
    value: textOf(tag),
    from: 'entry_tags t CROSS JOIN entries e ON e.position = t.position',
    leads: 't.tag = ?',
    position: 't.position',
    checks: 'EXISTS (SELECT 1 FROM entry_tags x WHERE x.tag = ? AND x.position = e.position)',
  };
}

function textCondition(query: string): Condition {
  return {
    value: query,
    from: 'entries_text t CROSS JOIN entries e ON e.position = t.rowid',
    leads: 'entries_text MATCH ?',
    position: 't.rowid',
    checks: '',
  };
}

/** The times between which entries are asked for; `undefined` where there is neither. */
function timesOf({
  fromTime,
  toTime,
}: EntryFilter): { readonly from: number; readonly to: number } | undefined {
  const from = timeOf('fromTime', fromTime);
  const to = timeOf('toTime', toTime);
  if (from === undefined && to === undefined) return undefined;
  return { from: from ?? Number.MIN_SAFE_INTEGER, to: to ?? Number.MAX_SAFE_INTEGER };
}

/** The condition that fewest entries hold, as far as that is worth counting. */
function fewest(database: SqlDatabase, conditions: readonly Condition[]): Condition | undefined {
  if (conditions.length < 2) return conditions[0];
  const counted = conditions.map((condition) => ({ condition, count: probe(database, condition) }));
  return counted.reduce((best, other) => (other.count < best.count ? other : best)).condition;
}

function probe(database: SqlDatabase, { from, leads, value }: Condition): number {
  const table = from.split(' CROSS JOIN ')[0] ?? from;
  const sql = `SELECT count(*) AS entries FROM (SELECT 1 FROM ${table} WHERE ${leads} LIMIT ${PROBE})`;
  return Number(database.prepare(sql).get(value)?.entries);
}
