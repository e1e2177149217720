import type { AuditEntry } from '../core/entry.ts';
import { ConfigValidationError } from '../core/errors.ts';
import type { AuditFilter } from './store.ts';

/** The filter as a test of one entry. Throws {@link ConfigValidationError} for a time that cannot be read. */
export function matchesFilter(filter: AuditFilter): (entry: AuditEntry) => boolean {
  const from = timeOf('fromTime', filter.fromTime) ?? Number.NEGATIVE_INFINITY;
  const to = timeOf('toTime', filter.toTime) ?? Number.POSITIVE_INFINITY;
  const { agentId, taskId, sessionId, verdict, outcome, actionType, toolName, tags } = filter;
  return (entry) => {
    const time = entry.timestamp.getTime();
    return (
      time >= from &&
      time <= to &&
      (agentId === undefined || entry.agentId === agentId) &&
      (taskId === undefined || entry.taskId === taskId) &&
      (sessionId === undefined || entry.sessionId === sessionId) &&
      (verdict === undefined || entry.verdict === verdict) &&
      (outcome === undefined || entry.outcome === outcome) &&
      (actionType === undefined || entry.actionType === actionType) &&
      (toolName === undefined || entry.toolName === toolName) &&
      (tags === undefined || tags.every((tag) => entry.tags.includes(tag)))
    );
  };
}

/**
 * A time of a filter as epoch milliseconds; `undefined` where there is none. Throws {@link ConfigValidationError} that
 * names the field for one that cannot be read.
 */
export function timeOf(name: string, value: Date | string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const time = value instanceof Date ? value.getTime() : Date.parse(value);
  if (Number.isNaN(time)) {
    throw new ConfigValidationError(`\`${name}\` is no time: give a Date or an ISO 8601 text.`);
  }
  return time;
}
