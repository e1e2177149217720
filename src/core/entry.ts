import { originOf } from './ingested.ts';
import type { AgentCall } from './intent.ts';
import type { RiskLevel } from './levels.ts';
import type { JournalRecord, WriterId } from './record.ts';
import type { EvaluatorResult } from './result.ts';
import type { Outcome, Verdict } from './verdict.ts';

/** Where an action is in its life. */
export type EntryState = 'waiting' | 'refused' | 'running' | 'done' | 'failed' | 'interrupted';

/** One action as the audit log tells it: the fold of the action's journal records. */
export interface AuditEntry {
  readonly actionId: string;
  readonly agentId: string;
  readonly actionType: string;
  readonly verdict: Verdict;
  readonly riskScore: number;
  readonly taskId: string | null;
  readonly policyTriggered: string | null;
  readonly evaluatorResults: readonly EvaluatorResult[];
  readonly instructionChain: readonly AgentCall[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The tool's run time in milliseconds; 0 when it did not run. */
  readonly durationMs: number;
  readonly timestamp: Date;
  readonly rolledBack: boolean;
  readonly error: string | null;
  readonly toolName: string;
  readonly sessionId: string | null;
  readonly intent: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly ruleName: string | null;
  readonly spelling: string | null;
  /** Time spent judging, in milliseconds. */
  readonly latencyMs: number;
  /** From interception to the end of the call, in milliseconds. */
  readonly elapsedMs: number;
  readonly state: EntryState;
  readonly mode: 'enforce' | 'monitor';
  /** In monitor mode: what would have been decided. */
  readonly wouldVerdict: Verdict | null;
  readonly tags: readonly string[];
  readonly principal: string | null;
  readonly callId: string | null;
  readonly framework: string | null;
  readonly parentActionId: string | null;
  readonly traceId: string | null;
  readonly approvalId: string | null;
  readonly grantId: string | null;
  readonly estimatedCost: number;
  readonly riskLevel: RiskLevel;
  readonly snapshotId: string | null;
  readonly reversible: boolean;
  /** The tool's result, at most 4 KB of it. */
  readonly result: unknown;
  /** Keyed digest of exactly what was judged. */
  readonly digest: string;
  /** Remarks of the guard, e.g. `opaque:options.signal`. */
  readonly labels: readonly string[];
  readonly writer: WriterId;
  readonly seq: number;
  readonly hash: string;
  readonly policyRevision: string;
  readonly guardVersion: string;
}

/** What a `decided` (or `waiting`) record holds: everything of the entry that is known before the tool runs. */
export type DecidedBody = Omit<AuditEntry, 'writer' | 'seq' | 'hash' | 'policyRevision'>;

/** What a `done` or `failed` record adds. */
export interface FinishedBody {
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly elapsedMs: number;
  readonly result: unknown;
  readonly error: string | null;
  /** Where the act turned out not to be what was decided: its reversibility, and the remarks anew. */
  readonly reversible?: boolean;
  readonly labels?: readonly string[];
}

/** Folds one action's records, oldest first, into its entry; `undefined` when none of them tells of a decision. */
export function foldEntry(records: readonly JournalRecord[]): AuditEntry | undefined {
  let entry: AuditEntry | undefined;
  for (const record of records) entry = applyRecord(entry, record);
  return entry;
}

function applyRecord(entry: AuditEntry | undefined, record: JournalRecord): AuditEntry | undefined {
  const { writer, seq, hash, policyRevision } = record;
  const place = { writer, seq, hash };
  switch (record.kind) {
    case 'waiting':
    case 'decided': {
      const origin = originOf(record.body);
      if (origin === undefined)
        return { ...(record.body as unknown as DecidedBody), ...place, policyRevision };
      // What was sent in tells of its own writer's actions only: nobody overwrites what a guard journaled here.
      if (entry !== undefined && originOf(entry)?.writer.id !== origin.writer.id) return entry;
      const { writer: author, seq: itsSeq, hash: itsHash } = origin;
      const from = { writer: author, seq: itsSeq, hash: itsHash };
      return { ...(record.body as unknown as DecidedBody), ...from, policyRevision };
    }
    case 'done':
    case 'failed': {
      if (entry === undefined) return undefined;
      return { ...entry, ...(record.body as unknown as FinishedBody), ...place, state: record.kind };
    }
    case 'rolled_back':
      return entry && { ...entry, ...place, rolledBack: true };
    default:
      return entry;
  }
}
