import type { Approval } from '../../core/approval.ts';
import { type Awaitable, isThenable } from '../../core/awaitable.ts';
import type { RecordDraft } from '../../core/chain.ts';
import type { ApprovalChange } from '../../stores/approval-store.ts';
import { after } from './after.ts';
import { isOverdue } from './expiry.ts';
import { tellOf } from './news.ts';
import type { QueueOptions } from './options.ts';
import { isProven } from './votes.ts';

/** How often a change is tried again that somebody else's came before. */
export const MAX_TRIES = 50;

/** How a request ends that no decision ended. */
export type Unanswered = 'expired' | 'cancelled';

const VOID_NOTE =
  'It was approved, but not with enough signatures of the configured approvers: that does not count.';

/** Whether something can still become of a request. */
export function isOpen({ state }: Approval): boolean {
  return state === 'pending' || state === 'approved';
}

/** Whether it can end so without a decision: what was approved in time does not expire because its call is late. */
export function canEnd(approval: Approval, as: Unanswered): boolean {
  return as === 'cancelled' ? isOpen(approval) : approval.state === 'pending';
}

/** The requests of a store as a queue reads and changes them: by compare-and-set, and telling those who wait. */
export class Requests {
  readonly #options: QueueOptions;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** As it can be relied on: an approval that the configured approvers did not sign is a denial. */
  read(id: string): Awaitable<Approval | undefined> {
    return after(this.#options.store.get(id), (approval) => approval && this.reliable(approval));
  }

  reliable(approval: Approval): Approval {
    if (approval.state !== 'approved' || isProven(approval, this.#options.settings())) return approval;
    return { ...approval, state: 'denied', note: VOID_NOTE };
  }

  /** Whether its time is over, by any clock that is no one process's. */
  isOverdue(approval: Approval): boolean {
    const { clock, machine } = this.#options;
    return isOverdue(approval, { wall: clock.now(), machine: machine() });
  }

  isWaitedFor(approval: Approval): Awaitable<boolean> {
    return approval.waiter === null ? false : this.#options.store.hasWaiter(approval);
  }

  /** Changes a request that is still as it was read, and wakes who waits for it; `undefined` where it is not. */
  change(
    approval: Approval,
    change: ApprovalChange,
    record: RecordDraft | null,
  ): Awaitable<Approval | undefined> {
    const { id, state, votes, waiter } = approval;
    // Who waits for it is part of what was read: of two guards that take it over, one comes too late.
    const from = { state, votes: votes.length, waiter };
    return after(this.#options.store.change(id, from, change, record), (changed) => {
      if (changed === undefined) return undefined;
      tellOf(id);
      if (changed.state !== state) this.#options.witness?.changed(changed, state);
      return changed;
    });
  }

  /**
   * Ends a request that is pending; `cancelled` also ends one that was approved. Answers what it is then: it may have
   * ended otherwise. `by`: who wanted it, for the record.
   */
  endById(id: string, as: Unanswered, tries = MAX_TRIES, by?: string): Awaitable<Approval | undefined> {
    return after(this.#options.store.get(id), (approval) => {
      if (approval === undefined || !canEnd(approval, as) || tries === 0) return approval;
      return after(this.#end(approval, as, by), (ended) => ended ?? this.endById(id, as, tries - 1, by));
    });
  }

  /**
   * Ends a request whose time is over, so that what it shows is kept no longer. Where the store does not take that, it is
   * told as ended all the same.
   */
  upToDate(approval: Approval): Awaitable<Approval> {
    return isOpen(approval) && this.isOverdue(approval) ? this.endLate(approval) : approval;
  }

  endLate(approval: Approval): Awaitable<Approval> {
    const told = (): Approval => ({ ...approval, state: 'expired', shown: null });
    try {
      const ended = after(this.#end(approval, 'expired'), (is) => is ?? this.#options.store.get(approval.id));
      const known = after(ended, (is) => is ?? told());
      return isThenable(known) ? (known as Promise<Approval>).then((is) => is, told) : known;
    } catch {
      return told();
    }
  }

  #end(approval: Approval, as: Unanswered, by?: string): Awaitable<Approval | undefined> {
    const { clock, draft } = this.#options;
    const { id, actionId, state } = approval;
    const ended = state === 'pending' ? { decidedAt: new Date(clock.now()) } : {};
    const record = draft(actionId, () => ({
      ...{ event: as, approvalId: id, was: state },
      ...(by === undefined ? {} : { by }),
    }));
    return this.change(approval, { ...ended, state: as }, record);
  }
}
