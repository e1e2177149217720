import type { Approval, ApprovalAsk, ApprovalState, ApprovalVote, Grant } from '../core/approval.ts';
import type { Awaitable } from '../core/awaitable.ts';
import type { RecordDraft } from '../core/chain.ts';

/** Which requests to return. All given fields must hold. */
export interface ApprovalFilter {
  readonly state?: ApprovalState | undefined;
  readonly digest?: string | undefined;
  readonly agentId?: string | undefined;
  /** Default 100. */
  readonly limit?: number | undefined;
}

/** Which grants to return. */
export interface GrantFilter {
  readonly digest?: string | undefined;
  /** Epoch milliseconds: only those that are neither revoked nor expired then. */
  readonly liveAt?: number | undefined;
  /** Default 100. */
  readonly limit?: number | undefined;
}

/** How a request must be for a change to be made. */
export interface ApprovalBefore {
  readonly state: ApprovalState;
  /** How many votes it has. */
  readonly votes: number;
  /** Who waits for it; `undefined`: whoever does. */
  readonly waiter?: string | null | undefined;
}

/** What becomes of a request. What is left out stays. */
export interface ApprovalChange {
  readonly state: ApprovalState;
  readonly votes?: readonly ApprovalVote[] | undefined;
  readonly decidedBy?: string | null | undefined;
  readonly decidedAt?: Date | null | undefined;
  readonly note?: string | null | undefined;
  /** The writer whose call waits for it from now on; `null`: none does any more. */
  readonly waiter?: string | null | undefined;
  readonly grant?: Grant | undefined;
}

/**
 * Where requests for approval are kept. A request changes only by compare-and-set: of two who decide at once one comes
 * too late. What a person was shown is erased when a request is not pending any more, and its hash where no vote is signed. Consuming is no change of its own:
 * `Store.append` does it together with the record that relies on it (`RecordDraft.consumes`).
 */
export interface ApprovalStore {
  /** Enters a pending request together with the record that tells of it. Throws for an id that is known. */
  enter(ask: ApprovalAsk, draft: RecordDraft): Awaitable<void>;
  get(id: string): Awaitable<Approval | undefined>;
  /** Newest first. */
  list(filter: ApprovalFilter): Awaitable<readonly Approval[]>;
  /**
   * Changes a request that is as `from` says, together with the record that tells of it (`null`: none).
   * `undefined` when it is not, any more.
   */
  change(
    id: string,
    from: ApprovalBefore,
    change: ApprovalChange,
    draft: RecordDraft | null,
  ): Awaitable<Approval | undefined>;
  /** Whether a call still waits for this request; in doubt it does. */
  hasWaiter(approval: Approval): Awaitable<boolean>;
  /** Newest first. */
  grants(filter: GrantFilter): Awaitable<readonly Grant[]>;
  /** Revokes a live grant, with the record that tells of it. `undefined` when it was revoked already or is unknown. */
  revoke(grantId: string, by: string, at: Date, draft: RecordDraft): Awaitable<Grant | undefined>;
  /** Changes whenever another process changed something. Costs little: it is asked ten times a second while a call waits. */
  version(): Awaitable<number>;
}
