import type { AuditEntry } from '../core/entry.ts';

/** How much an entry wants to be seen. */
export type Severity = 'info' | 'warn' | 'error';

/** All severities, the least first. */
export const SEVERITIES: readonly Severity[] = Object.freeze(['info', 'warn', 'error']);

/**
 * `error` for what was blocked, failed or was interrupted; `warn` for what was warned of, escalated or deferred, and for
 * what would have been refused in monitor mode; `info` for everything else.
 */
export function severityOf({ outcome, state, wouldVerdict }: AuditEntry): Severity {
  if (outcome === 'BLOCK' || outcome === 'ERROR' || state === 'failed' || state === 'interrupted')
    return 'error';
  const isQuiet = outcome === 'ALLOW' && (wouldVerdict === null || wouldVerdict === 'ALLOW');
  return isQuiet ? 'info' : 'warn';
}
