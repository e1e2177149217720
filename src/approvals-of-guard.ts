import type { ApprovalQueue } from './approvals/queue.ts';
import type { Approval, Grant, GrantScope } from './core/approval.ts';
import type { Awaitable } from './core/awaitable.ts';
import { ConfigError } from './core/errors.ts';
import type { ApprovalFilter, GrantFilter } from './stores/approval-store.ts';

/** How a request is approved. */
export interface ApproveOptions {
  /** Who approves: not the agent that asks. */
  readonly by: string;
  /** Kept in the journal. */
  readonly note?: string | undefined;
  /** Default `once`: the one call. */
  readonly scope?: GrantScope | undefined;
  /** How long a grant beyond one call lasts. Default 480 for `session`, 60 for `call`. */
  readonly minutes?: number | undefined;
  /** Base64, see `votePayload`; needed where `approvers` are configured. */
  readonly signature?: string | undefined;
}

/** How a request is denied. */
export interface DenyOptions extends Pick<ApproveOptions, 'by' | 'signature'> {
  /** The model is shown this. */
  readonly note?: string | undefined;
}

/** The requests of a guard's store, and what people say of them. All answers are promises on a store that answers later. */
export class Approvals {
  readonly #queue: () => ApprovalQueue | null;

  constructor(queue: () => ApprovalQueue | null) {
    this.#queue = queue;
  }

  /** Newest first; by default 100 of any state. */
  list(filter: ApprovalFilter = {}): Awaitable<readonly Approval[]> {
    return this.#ready().list(filter);
  }

  get(id: string): Awaitable<Approval | undefined> {
    return this.#ready().get(id);
  }

  /** Throws ApprovalError for a request that cannot be decided, or not by this person. */
  approve(id: string, { by, note, scope, minutes, signature }: ApproveOptions): Awaitable<Approval> {
    const beyond = {
      ...(scope === undefined ? {} : { scope }),
      ...(minutes === undefined ? {} : { minutes }),
    };
    return this.#ready().decide(id, {
      by,
      approved: true,
      note: note ?? null,
      signature: signature ?? null,
      ...beyond,
    });
  }

  /** Throws ApprovalError like {@link Approvals.approve}. */
  deny(id: string, { by, note, signature }: DenyOptions): Awaitable<Approval> {
    return this.#ready().decide(id, {
      by,
      approved: false,
      note: note ?? null,
      signature: signature ?? null,
    });
  }

  /** Takes a yes back that no call has used yet; throws ApprovalError where there is none. */
  withdraw(id: string, by: string): Awaitable<Approval> {
    return this.#ready().withdraw(id, by);
  }

  /** Newest first. */
  grants(filter: GrantFilter = {}): Awaitable<readonly Grant[]> {
    return this.#ready().grants(filter);
  }

  /** Ends a grant; throws ApprovalError for one that is unknown or has ended. */
  revoke(grantId: string, by: string): Awaitable<Grant> {
    return this.#ready().revoke(grantId, by);
  }

  #ready(): ApprovalQueue {
    const queue = this.#queue();
    if (queue === null) throw new ConfigError("This guard's store keeps no requests for approval.");
    return queue;
  }
}
