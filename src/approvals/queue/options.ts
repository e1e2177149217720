import type { ApproverSettings } from '../../config/settings.ts';
import type { Approval, ApprovalAsk, ApprovalState, MachineTime, ShownCall } from '../../core/approval.ts';
import type { RecordDraft } from '../../core/chain.ts';
import type { Clock } from '../../core/clock.ts';
import type { ApprovalStore } from '../../stores/approval-store.ts';

/** Who decides, as it is configured now. */
export interface Electorate {
  /** Distinct people who must say yes; 1 or more. */
  readonly quorum: number;
  /** Where there are any, only their signed decisions count. */
  readonly approvers: readonly ApproverSettings[];
}

/** Who is told of requests once the store has them so. Answers at once and never throws; it has no say. */
export interface Witness {
  entered(ask: ApprovalAsk): void;
  /** A request is in another state than it was. Of several processes only the one that changed it is told. */
  changed(approval: Approval, was: ApprovalState): void;
}

/** What a queue is built on. */
export interface QueueOptions {
  readonly store: ApprovalStore;
  readonly clock: Clock;
  /** Of this guard: names who waits. */
  readonly writerId: string;
  readonly newId: () => string;
  /** A journal draft of kind `approval` about an action. */
  readonly draft: (actionId: string, body: () => Readonly<Record<string, unknown>>) => RecordDraft;
  /** Takes secrets out of notes. */
  readonly redact: (text: string) => string;
  /** In force now. */
  readonly settings: () => Electorate;
  /** The machine's monotonic clock; `null` where there is none that can be compared across processes. */
  readonly machine: () => MachineTime | null;
  readonly witness?: Witness | undefined;
}

/** What is asked, before it has an id, times and a quorum. */
export type NewRequest = Omit<
  ApprovalAsk,
  'id' | 'shown' | 'shownHash' | 'quorum' | 'requestedAt' | 'expiresAt' | 'expiresOn' | 'waiter'
> & {
  readonly shown: ShownCall;
  readonly timeoutMs: number;
  /** Whether a call waits for the answer. */
  readonly waits: boolean;
  /** The request that would be gone by, did it not show something else. The approver is told. */
  readonly again?: string | undefined;
};
