import type { AgentLedger } from '../agents/ledger.ts';
import type { Approver } from '../approvals/approver.ts';
import type { ApprovalQueue } from '../approvals/queue.ts';
import type { Awaitable } from '../core/awaitable.ts';
import type { Clock } from '../core/clock.ts';
import type { Evaluator } from '../core/evaluator.ts';
import type { FileFacts } from '../core/file-facts.ts';
import type { Freeze } from '../core/freeze.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { Redactor } from '../core/redact.ts';
import type { EvaluationResult } from '../core/result.ts';
import type { SqlParser } from '../core/sql-parser.ts';
import type { Outcome } from '../core/verdict.ts';
import type { Journal } from '../journal/journal.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { HandlerRegistry } from '../rollback/registry.ts';
import type { SnapshotStore } from '../stores/snapshot-store.ts';
import type { Acts } from './acts.ts';
import type { IntentSources } from './intent-of-call.ts';
import type { RefusedIntents } from './refused-intents.ts';

/** How people are asked. */
export interface ApprovalManner {
  /** Whether an async call waits for the answer. */
  readonly wait: boolean;
  /** Whether a request is kept where people decide on it. */
  readonly asksQueue: boolean;
  /** Whether the `escalationHandler` has a say. Never where only signed decisions count. */
  readonly asksHandler: boolean;
  /** Whether its yes is enough: it is one voice, however many are needed. */
  readonly handlerSuffices: boolean;
  /** True where only signed decisions count. */
  readonly signed: boolean;
  /** How often one intent may be refused in a session until nobody is asked about it any more; 0: for ever. */
  readonly repeatLimit: number;
}

/** Whether, and how much of, what it takes to undo calls is kept. */
export interface CaptureSettings {
  readonly enabled: boolean;
  readonly maxSnapshots: number;
  readonly maxAgeDays: number | null;
  /** Of all contents together, and so of one call's. */
  readonly maxBytes: number;
  readonly onCaptureFailure: 'block' | 'allow';
  readonly irreversible: 'allow' | 'warn' | 'escalate' | 'block';
}

/** Who captures what it takes to undo a call, and where that is kept. */
export interface RollbackServices {
  readonly registry: HandlerRegistry;
  readonly snapshots: SnapshotStore;
  readonly settings: () => CaptureSettings;
  readonly newId: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Everything that the steps of a call need: the guard hands it in once. */
export interface CallServices extends IntentSources {
  readonly clock: Clock;
  readonly evaluators: () => readonly Evaluator[];
  readonly ledger: AgentLedger;
  readonly limiter: Limiter;
  readonly journal: Journal;
  readonly approver: Approver | null;
  /** Where people decide on requests that outlive the call; `null` where the store keeps none. */
  readonly approvals: ApprovalQueue | null;
  readonly approvalSettings: () => ApprovalManner;
  /** Whether there is anybody who can be asked. */
  readonly canAsk: () => boolean;
  /** What was refused before, so that trying it again in another spelling is noticed. */
  readonly refused: RefusedIntents;
  readonly mode: () => 'enforce' | 'monitor';
  /** How long a person is waited for when the policy names no time, in milliseconds. */
  readonly approvalTimeoutMs: () => number;
  /** How long an asynchronous tool may run when it says nothing itself, in milliseconds; `null` is for ever. */
  readonly executionTimeoutMs: () => number | null;
  /** The file system, as judging needs it. */
  readonly files: FileFacts;
  /** A parser of PostgreSQL, or `null` where the tokenizer reads alone. */
  readonly parseSql: SqlParser | null;
  /** `null` where the store keeps no snapshots. */
  readonly rollback: RollbackServices | null;
  /** Tools that are running. */
  readonly acts: Acts;
  /** Names the policy in force now. Never throws. */
  readonly revision: () => string;
  /** The freeze in force, if any; throws or rejects when that cannot be read. */
  readonly frozen: () => Awaitable<Freeze | null>;
  /** True where calls may go on although the journal cannot be written: `storage.on_store_failure: allow`. */
  readonly mayRunUnjournaled: () => boolean;
  /** Takes secrets out of everything that is stored. */
  readonly redactor: () => Redactor;
  /** Hex HMAC-SHA-256 of a canonical JSON text. */
  readonly digest: (canonical: string) => string;
  readonly guardVersion: string;
  /** Called once the decision stands; `ran` says whether the tool will run. */
  readonly counted: (intent: ActionIntent, decision: EvaluationResult, ran: boolean) => void;
  /** Called once a call has ended, however it ended. */
  readonly ended: (intent: ActionIntent, outcome: Outcome) => void;
  /** Called once a call's last record is in the journal, or owed to it. */
  readonly written: (intent: ActionIntent) => void;
}
