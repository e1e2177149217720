import type { ApprovalQueue } from '../approvals/queue.ts';
import type { ArgumentKind } from '../core/argument-kind.ts';
import type { Awaitable } from '../core/awaitable.ts';
import type { RecordDraft } from '../core/chain.ts';
import type { Clock } from '../core/clock.ts';
import type { ExporterCounts } from '../core/exporter-counts.ts';
import type { ActionIntentInput } from '../core/intent.ts';
import type { RecordKind } from '../core/record.ts';
import type { EvaluationResult } from '../core/result.ts';
import type { RollbackCoordinator } from '../rollback/coordinator.ts';
import type { ActionLog } from '../stores/action-log.ts';
import type { Store } from '../stores/store.ts';

/** The policy in force, as it is told. */
export interface PolicyView {
  readonly revision: string;
  readonly loadedAt: Date;
  /** Why the newest version of the files is not in force; `null` when it is. */
  readonly error: Error | null;
  readonly reloads: { readonly loaded: number; readonly failed: number };
  readonly mode: 'enforce' | 'monitor';
  /** What each layer says, in snake case, without secrets; every rule and policy has its name. */
  readonly layers: readonly Readonly<Record<string, unknown>>[];
}

/** A registered agent, and what is counted of any. */
export interface AgentView {
  readonly id: string;
  readonly registered: boolean;
  /** 0–1; `null` for one that is not registered. */
  readonly trustLevel: number | null;
  readonly canDelegateTo: readonly string[];
  readonly maxActionsPerRun: number | null;
  /** USD spent and reserved in this run, where there is a budget. */
  readonly spend: number | null;
  readonly errorRate: number;
  readonly violations: number;
}

/** What the sidecar is built on: a guard's parts, as far as they are served. */
export interface SidecarParts {
  readonly store: Store;
  readonly log: ActionLog;
  readonly clock: Clock;
  /** `null` where the store keeps no requests. */
  readonly queue: ApprovalQueue | null;
  /** Throws ConfigError where the store keeps no snapshots. */
  readonly coordinator: () => RollbackCoordinator;
  /** Judges without running anything. */
  readonly evaluate: (
    intent: string | ActionIntentInput,
    as: ArgumentKind | undefined,
  ) => Promise<EvaluationResult>;
  readonly policy: () => PolicyView;
  readonly registeredAgents: () => readonly string[];
  /** What became of the entries that this guard handed its exporters, by their names. */
  readonly exporters: () => Readonly<Record<string, ExporterCounts>>;
  readonly agent: (id: string) => Awaitable<AgentView>;
  /** A record of the sidecar's writer. */
  readonly draft: (
    kind: RecordKind,
    actionId: string,
    body: Readonly<Record<string, unknown>>,
  ) => RecordDraft;
  readonly newId: () => string;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  /** Hex SHA-256. */
  readonly sha256: (text: string) => string;
  /** Tells the operator of something that went wrong here and is not told to clients. */
  readonly warn: (message: string) => void;
}
