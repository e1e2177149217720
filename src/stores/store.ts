import type { Awaitable } from '../core/awaitable.ts';
import type { RecordDraft } from '../core/chain.ts';
import type { AuditEntry } from '../core/entry.ts';
import type { JournalRecord } from '../core/record.ts';
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

/**
 * Where the journal is kept. Append-only: nothing that was appended is changed.
 * A store that answers later (a remote one) says `remote: true`; all its answers are then promises.
 */
export interface Store {
  readonly name: string;
  readonly remote: boolean;
  /** Chains the drafts behind their writers' last records, all or none. Throws (or rejects) when it cannot. */
  append(drafts: readonly RecordDraft[]): Awaitable<void>;
  /** Newest first. */
  entries(filter: AuditFilter): Awaitable<AuditEntry[]>;
  entry(actionId: string): Awaitable<AuditEntry | undefined>;
  /** Every retained record, oldest first. */
  records(): Awaitable<readonly JournalRecord[]>;
  close(): Awaitable<void>;
}
