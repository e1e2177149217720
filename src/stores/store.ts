import type { Awaitable } from '../core/awaitable.ts';
import type { RecordDraft } from '../core/chain.ts';
import type { AuditEntry } from '../core/entry.ts';
import type { Freeze } from '../core/freeze.ts';
import type { JournalRecord } from '../core/record.ts';
import type { ActionLog } from './action-log.ts';
import type { ApprovalStore } from './approval-store.ts';
import type { AuditFilter } from './audit-filter.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { TokenStore } from './token-store.ts';

export type { Freeze } from '../core/freeze.ts';
export type { AuditFilter } from './audit-filter.ts';

/** A policy that was in force, kept so that every record's `policyRevision` can be looked up. */
export interface PolicyVersion {
  readonly revision: string;
  /** The rules as JSON values: what was judged by, with keys in snake case. */
  readonly rules: unknown;
  /** The files' texts, in order; `file` is `null` for what came from code. */
  readonly sources: readonly { readonly file: string | null; readonly text: string }[];
}

/** How records are appended. */
export interface AppendOptions {
  /**
   * True where the caller can wait: a store may then gather the records of several calls in one write and answer
   * with a promise of it, although it is not remote.
   */
  readonly gather?: boolean | undefined;
}

/**
 * Where the journal is kept. Append-only: nothing that was appended is changed.
 * A store that answers later (a remote one) says `remote: true`; all its answers are then promises.
 */
export interface Store {
  readonly name: string;
  readonly remote: boolean;
  /** Where requests for approval are kept; a store without it has no queue of them. */
  readonly approvals?: ApprovalStore | undefined;
  /** Where snapshots are kept; with a store without it nothing can be undone. */
  readonly snapshots?: SnapshotStore | undefined;
  /** Where access tokens are kept; a store without it takes none. */
  readonly tokens?: TokenStore | undefined;
  /** What is asked of the journal by indexes; of a store without it the sidecar asks all entries. */
  readonly log?: ActionLog | undefined;
  /**
   * Chains the drafts behind their writers' last records, all or none. Throws (or rejects) when it cannot; with
   * ApprovalSpentError where a draft `consumes` what is not there any more. A store without `approvals` takes no such
   * draft.
   */
  append(drafts: readonly RecordDraft[], options?: AppendOptions): Awaitable<void>;
  /**
   * Optional. Takes records for which no call waits, to be written with those of the next one. `told` is called once, at
   * once or later: with an error where none of them is written.
   */
  appendBehind?(drafts: readonly RecordDraft[], told: (error?: unknown) => void): void;
  /** Newest first. */
  entries(filter: AuditFilter): Awaitable<AuditEntry[]>;
  entry(actionId: string): Awaitable<AuditEntry | undefined>;
  /** Every retained record, oldest first. */
  records(): Awaitable<Iterable<JournalRecord>>;
  /** The freeze in force, at most 250 ms old news of other processes; `null` when calls may run. */
  frozen(): Awaitable<Freeze | null>;
  /** Freezes, or lifts the freeze with `null`, and appends the draft that tells of it, in one. */
  setFrozen(freeze: Freeze | null, draft: RecordDraft): Awaitable<void>;
  /** Keeps a policy that is put in force; one with a revision that is known already changes nothing. */
  keepPolicy(policy: PolicyVersion): Awaitable<void>;
  close(): Awaitable<void>;
}
