import type { Approval, ApprovalAsk, Grant } from '../core/approval.ts';
import type { Awaitable } from '../core/awaitable.ts';
import type { RecordDraft } from '../core/chain.ts';
import { ApprovalError } from '../core/errors.ts';
import type { ApprovalFilter, GrantFilter } from '../stores/approval-store.ts';
import type { Decision } from './decision.ts';
import { isName } from './person.ts';
import { after, allAnswers } from './queue/after.ts';
import { voteFor } from './queue/ballot.ts';
import { type Matched, matchFor } from './queue/matching.ts';
import { isOverHere } from './queue/news.ts';
import type { NewRequest, QueueOptions } from './queue/options.ts';
import { outcomeOf, voteRecord } from './queue/outcome.ts';
import { badName, refusalOf, unknownRequest } from './queue/refusal.ts';
import { canEnd, isOpen, MAX_TRIES, Requests, type Unanswered } from './queue/requests.ts';
import { type AsShown, askedAgain, showsThis } from './queue/same-call.ts';
import { type WaitLimits, Waits } from './queue/waits.ts';
import { shownHash } from './signature.ts';

export type { Decision } from './decision.ts';
export type { Matched } from './queue/matching.ts';
export type { NewRequest, QueueOptions, Witness } from './queue/options.ts';
export { type AsShown, askedAgain } from './queue/same-call.ts';
export { approverNamed } from './queue/votes.ts';
export type { WaitLimits } from './queue/waits.ts';

/** How many grants are searched for the one to revoke. */
const MAX_GRANTS = 100_000;

/**
 * The requests that people decide on, between the store that keeps them and the calls that wait. Only a pending request
 * can be decided, before its time is over; of two who decide at once one comes too late. It answers at once where the
 * store does.
 */
export class ApprovalQueue {
  readonly #options: QueueOptions;
  readonly #requests: Requests;
  readonly #waits: Waits;

  constructor(options: QueueOptions) {
    const requests = new Requests(options);
    this.#options = options;
    this.#requests = requests;
    this.#waits = new Waits({
      clock: options.clock,
      version: () => options.store.version(),
      read: (id) => requests.read(id),
      end: (id, as) => after(requests.endById(id, as), (approval) => approval && requests.reliable(approval)),
      isOverdue: (approval) => requests.isOverdue(approval),
    });
  }

  /** A request with its id, times, quorum and who waits. Nothing is stored yet. */
  newAsk({ timeoutMs, waits, again, ...request }: NewRequest): ApprovalAsk {
    const { clock, machine, newId, settings, writerId } = this.#options;
    const now = clock.now();
    const time = machine();
    return {
      ...request,
      reason: again === undefined ? request.reason : request.reason + askedAgain(again),
      shownHash: shownHash(request.shown),
      id: newId(),
      quorum: Math.max(1, settings().quorum),
      requestedAt: new Date(now),
      expiresAt: new Date(now + timeoutMs),
      expiresOn: time && { boot: time.boot, at: time.at + timeoutMs },
      waiter: waits ? writerId : null,
    };
  }

  /** Stores a request together with the `waiting` record that tells of it. */
  enter(ask: ApprovalAsk, record: RecordDraft): Awaitable<void> {
    const { store, witness } = this.#options;
    return after(store.enter(ask, record), () => witness?.entered(ask));
  }

  /**
   * What a call of this digest can go by: a live grant that covers its objections; else the newest request that no call
   * waits for and whose time is not over. One that was approved, or is pending, must have shown all of these objections;
   * a denial counts in any case. Where decisions are signed, `asShown` is asked what the call would show now, and what
   * shows something else is not gone by; without it nothing is then.
   */
  match(
    digest: string,
    sessionId: string | null,
    objections: readonly string[],
    asShown?: () => AsShown,
  ): Awaitable<Matched> {
    return matchFor({ digest, sessionId, objections, asShown }, this.#options, this.#requests);
  }

  /**
   * Whether a request that was approved shows the call that is to run by it. True where decisions are not signed: there
   * is nothing then that tells what the approver saw.
   */
  isFor(approval: Approval, asShown: () => AsShown): boolean {
    return this.#options.settings().approvers.length === 0 || showsThis(approval, asShown());
  }

  /** Takes over a pending request that nobody waits for any more. `undefined` when somebody else was first. */
  adopt({ id, waiter: seen }: Pick<Approval, 'id' | 'waiter'>): Awaitable<Approval | undefined> {
    const { store, writerId } = this.#options;
    return after(store.get(id), (approval) => {
      if (approval?.state !== 'pending' || approval.waiter !== seen) return undefined;
      if (this.#requests.isOverdue(approval)) return undefined;
      return after(this.#requests.isWaitedFor(approval), (isWaitedFor) => {
        if (isWaitedFor) return undefined;
        return this.#requests.change(approval, { state: 'pending', waiter: writerId }, null);
      });
    });
  }

  /**
   * Says that no call of this guard waits for a request any more, so that the next call of its digest may go by it: for
   * one that was approved, and whose call did not run after all. `undefined` where it is not pending or approved, or
   * was none of this guard's.
   */
  release(id: string): Awaitable<Approval | undefined> {
    return after(this.#options.store.get(id), (approval) => {
      if (approval?.waiter !== this.#options.writerId || !isOpen(approval)) return undefined;
      return this.#requests.change(approval, { state: approval.state, waiter: null }, null);
    });
  }

  /**
   * Resolves once the request is not pending any more: decided, `expired` at the deadline by the monotonic clock or
   * when its time is over by another one, `cancelled` when the signal fires. A decision in this process wakes it at
   * once, one of another process within 250 ms. An approval that the configured approvers did not sign is told as a
   * denial. Rejects for a request that is not there, and when the queue is closed.
   */
  wait({ id, expiresAt }: Pick<Approval, 'id' | 'expiresAt'>, limits: WaitLimits): Promise<Approval> {
    return this.#waits.wait(id, expiresAt, limits);
  }

  /**
   * Decides on a pending request: one no denies it, a yes approves it once enough people have said so. Throws
   * ApprovalError where the decision does not count; `details.problem` says why.
   */
  decide(id: string, decision: Decision): Awaitable<Approval> {
    return this.#decide(id, decision, MAX_TRIES);
  }

  #decide(id: string, decision: Decision, tries: number): Awaitable<Approval> {
    const { store, clock, draft, newId, redact, settings } = this.#options;
    return after(store.get(id), (approval) => {
      if (approval === undefined) throw unknownRequest(id);
      if (approval.state !== 'pending') {
        throw refusalOf(approval, 'not_pending', `The request ${id} is ${approval.state} already.`);
      }
      if (this.#requests.isOverdue(approval) || isOverHere(id)) return this.#refuseLate(approval);
      if (tries === 0) throw refusalOf(approval, 'busy', 'Others changed this request meanwhile: try again.');
      const electorate = settings();
      const vote = voteFor(approval, decision, { electorate, redact, at: new Date(clock.now()) });
      const change = outcomeOf(approval, vote, electorate, newId);
      const record = draft(approval.actionId, () => voteRecord(approval, vote, change));
      return after(
        this.#requests.change(approval, change, record),
        (changed) => changed ?? this.#decide(id, decision, tries - 1),
      );
    });
  }

  #refuseLate(approval: Approval): Awaitable<never> {
    return after(this.#requests.endLate(approval), (ended) => {
      throw refusalOf(ended, 'expired', `The request ${approval.id} has expired.`);
    });
  }

  /** Ends a pending request that nobody decided on in time. `undefined` when it is not pending any more. */
  expire(id: string): Awaitable<Approval | undefined> {
    return this.#ended(id, 'expired');
  }

  /** Withdraws a request that is pending, or approved and not used yet. `undefined` when it is neither any more. */
  cancel(id: string): Awaitable<Approval | undefined> {
    return this.#ended(id, 'cancelled');
  }

  /**
   * Takes a yes back that no call has used yet. Throws ApprovalError for a request that is not there, or is in another
   * state: one that is pending is denied instead.
   */
  withdraw(id: string, by: string): Awaitable<Approval> {
    if (!isName(by)) throw badName({ approvalId: id });
    return after(this.#options.store.get(id), (approval) => {
      if (approval === undefined) throw unknownRequest(id);
      if (approval.state !== 'approved') throw notApproved(approval);
      return after(this.#requests.endById(id, 'cancelled', MAX_TRIES, by), (ended) => {
        if (ended?.state !== 'cancelled') throw notApproved(ended ?? approval);
        return ended;
      });
    });
  }

  #ended(id: string, as: Unanswered): Awaitable<Approval | undefined> {
    return after(this.#options.store.get(id), (approval) => {
      if (approval === undefined || !canEnd(approval, as)) return undefined;
      return after(this.#requests.endById(id, as), (ended) => (ended?.state === as ? ended : undefined));
    });
  }

  /** The request of this id. One whose time is over is ended first. */
  get(id: string): Awaitable<Approval | undefined> {
    return after(this.#options.store.get(id), (approval) => approval && this.#asItIs(approval));
  }

  /** Newest first. Requests whose time is over are ended first. */
  list(filter: ApprovalFilter = {}): Awaitable<readonly Approval[]> {
    const { state } = filter;
    return after(this.#options.store.list(filter), (list) =>
      after(
        allAnswers(list, (approval) => this.#asItIs(approval)),
        (all) => (state === undefined ? all : all.filter((approval) => approval.state === state)),
      ),
    );
  }

  #asItIs(approval: Approval): Awaitable<Approval> {
    return after(this.#requests.upToDate(approval), (is) => this.#requests.reliable(is));
  }

  /** Newest first. */
  grants(filter: GrantFilter = {}): Awaitable<readonly Grant[]> {
    return this.#options.store.grants(filter);
  }

  /**
   * Revokes a grant, and withdraws its request where no call has used that yet. Throws ApprovalError for a grant that is
   * not there, or was revoked before.
   */
  revoke(grantId: string, by: string): Awaitable<Grant> {
    if (!isName(by)) throw badName({ grantId });
    const { store } = this.#options;
    return after(store.grants({ limit: MAX_GRANTS }), (grants) => {
      const grant = grants.find(({ id }) => id === grantId);
      if (grant === undefined || grant.revokedAt !== null) throw noGrant(grantId);
      // First, so that nothing is left to go by once the grant is told to be gone.
      return after(this.cancel(grant.approvalId), () =>
        after(store.get(grant.approvalId), (approval) => this.#revoke(grant, by, approval?.actionId ?? '')),
      );
    });
  }

  #revoke({ id, approvalId }: Grant, by: string, actionId: string): Awaitable<Grant> {
    const { store, clock, draft } = this.#options;
    const record = draft(actionId, () => ({ event: 'revoked', approvalId, grantId: id, by }));
    return after(store.revoke(id, by, new Date(clock.now()), record), (revoked) => {
      if (revoked === undefined) throw noGrant(id);
      return revoked;
    });
  }

  /** Ends the waits of this queue: they reject. Their requests stay, for whoever waits for them next. */
  close(): void {
    this.#waits.close();
  }
}

function notApproved(approval: Approval): ApprovalError {
  const { id, state } = approval;
  const why = state === 'pending' ? 'is pending: deny it instead' : `is ${state} already`;
  return refusalOf(approval, 'not_approved', `There is no yes to take back: the request ${id} ${why}.`);
}

function noGrant(grantId: string): ApprovalError {
  return new ApprovalError(`There is no grant ${grantId} to revoke.`, { grantId, problem: 'unknown' });
}
