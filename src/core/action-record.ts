import type { AuditEntry } from './entry.ts';
import type { Outcome } from './verdict.ts';

/** One call as `history()` and an `escalationHandler` see it. */
export interface ActionRecord {
  readonly id: string;
  readonly toolName: string;
  readonly intent: string;
  readonly outcome: Outcome;
  readonly reason: string;
  /** End to end, in milliseconds: judging, asking and running. */
  readonly latencyMs: number;
  readonly timestamp: Date;
  /** The arguments by name, as judged. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly result: unknown;
  readonly error: string | null;
}

/** The record of an entry. */
export function actionRecordOf(entry: AuditEntry): ActionRecord {
  const { actionId, toolName, intent, outcome, reason, elapsedMs, timestamp, parameters, result, error } =
    entry;
  return {
    id: actionId,
    toolName,
    intent,
    outcome,
    reason,
    latencyMs: elapsedMs,
    timestamp,
    args: parameters,
    result,
    error,
  };
}
