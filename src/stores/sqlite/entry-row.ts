import { sortedJson } from '../../core/canonical.ts';
import type { AuditEntry } from '../../core/entry.ts';
import type { JournalRecord } from '../../core/record.ts';
import type { SqlValue } from '../database.ts';

/** A row of `entries`: what an action is found and counted by. What it says is folded from the journal. */
export interface EntryRow {
  /** Of the action's first decision. */
  readonly position: number;
  readonly actionId: string;
  /** Of its records from that one on, ascending. */
  readonly positions: readonly number[];
  readonly writerId: string;
  readonly state: string;
  readonly outcome: string;
  readonly verdict: string;
  readonly agentId: string;
  readonly taskId: string | null;
  readonly sessionId: string | null;
  readonly actionType: string;
  readonly toolName: string;
  readonly ruleName: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly latencyMs: number;
}

const ENTRY_COLUMNS = `position, action_id, positions, writer_id, state, outcome, verdict, agent_id, task_id, session_id,
  action_type, tool_name, rule_name, at, latency_ms`;

/** Reads an action's row, by its id. */
export const SELECT_ENTRY = `SELECT ${ENTRY_COLUMNS} FROM entries WHERE action_id = ?`;

/** Reads the rows that a position reaches, by position. */
export const SELECT_ENTRIES_THROUGH = `SELECT ${ENTRY_COLUMNS} FROM entries WHERE position <= ? ORDER BY position`;

/** Adds a row; the values are those of {@link valuesOf}. */
export const INSERT_ENTRY = `INSERT INTO entries (last_position, ${ENTRY_COLUMNS})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Puts a row in the place of another one of its action. */
export const REPLACE_ENTRY = INSERT_ENTRY.replace('INSERT', 'INSERT OR REPLACE');

/** How an action went on, where nothing else changed: it leaves most of the indexes alone. */
export const CONTINUE_ENTRY =
  'UPDATE entries SET last_position = ?, positions = ?, writer_id = ?, state = ?, outcome = ? WHERE position = ?';

/** The values of {@link INSERT_ENTRY}. */
export function valuesOf(row: EntryRow): SqlValue[] {
  return [
    row.positions.at(-1) ?? row.position,
    row.position,
    row.actionId,
    JSON.stringify(row.positions),
    row.writerId,
    row.state,
    row.outcome,
    row.verdict,
    row.agentId,
    row.taskId,
    row.sessionId,
    row.actionType,
    row.toolName,
    row.ruleName,
    row.at,
    row.latencyMs,
  ];
}

/** A row of {@link SELECT_ENTRY}, read. */
export function entryRowOf(row: Readonly<Record<string, SqlValue>>): EntryRow {
  const position = Number(row.position);
  return {
    position,
    actionId: String(row.action_id),
    positions: positionsOf(position, row.positions),
    writerId: String(row.writer_id),
    state: String(row.state),
    outcome: String(row.outcome),
    verdict: String(row.verdict),
    agentId: String(row.agent_id),
    taskId: textOrNull(row.task_id),
    sessionId: textOrNull(row.session_id),
    actionType: String(row.action_type),
    toolName: String(row.tool_name),
    ruleName: textOrNull(row.rule_name),
    at: Number(row.at),
    latencyMs: Number(row.latency_ms),
  };
}

/** The row of an entry that was folded from these records, oldest first. */
export function rowOfEntry(entry: AuditEntry, records: readonly JournalRecord[]): EntryRow {
  const [first] = records;
  return {
    position: first?.position ?? 0,
    actionId: first?.actionId ?? '',
    positions: records.map(({ position }) => position),
    writerId: entry.writer.id,
    state: textOf(entry.state),
    outcome: textOf(entry.outcome),
    verdict: textOf(entry.verdict),
    agentId: textOf(entry.agentId),
    taskId: textOrNull(entry.taskId),
    sessionId: textOrNull(entry.sessionId),
    actionType: textOf(entry.actionType),
    toolName: textOf(entry.toolName),
    ruleName: textOrNull(entry.ruleName),
    at: timeOf(entry.timestamp) ?? timeOf(first?.at) ?? 0,
    latencyMs: Number.isFinite(entry.latencyMs) ? entry.latencyMs : 0,
  };
}

/** An entry's tags, each once. */
export function tagsOf({ tags }: AuditEntry): readonly string[] {
  return Array.isArray(tags) ? [...new Set(tags.map(textOf))] : [];
}

/** Text for a column. Bodies may have been written by another program, or by hand: nothing in them stops the reader. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? sortedJson(value) : String(value);
}

/** The positions in a row's JSON; the entry's own one where that cannot be read. */
export function positionsOf(position: number, json: unknown): readonly number[] {
  try {
    const read: unknown = JSON.parse(String(json));
    if (Array.isArray(read) && read.every((item) => Number.isSafeInteger(item))) return read;
  } catch {
    // Below.
  }
  return [position];
}

function textOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : textOf(value);
}

function timeOf(value: unknown): number | undefined {
  const time = value instanceof Date ? value.getTime() : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
