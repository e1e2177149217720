import type { Outcome, Verdict } from '../core/verdict.ts';

/** Which entries to return. All given fields must hold. */
export interface AuditFilter {
  readonly agentId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly outcome?: Outcome | undefined;
  readonly actionType?: string | undefined;
  readonly toolName?: string | undefined;
  /** Entries that carry every one of these. */
  readonly tags?: readonly string[] | undefined;
  /** Inclusive; a Date or an ISO 8601 string. */
  readonly fromTime?: Date | string | undefined;
  /** Inclusive; a Date or an ISO 8601 string. */
  readonly toTime?: Date | string | undefined;
  /** Default 100. */
  readonly limit?: number | undefined;
}
