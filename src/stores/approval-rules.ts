import {
  type Approval,
  type ApprovalAsk,
  ApprovalSpentError,
  type ApprovalState,
  type Grant,
} from '../core/approval.ts';
import type { RecordDraft } from '../core/chain.ts';
import type { ApprovalBefore, ApprovalChange } from './approval-store.ts';

/** Where a request stays for good. */
const ENDED: readonly ApprovalState[] = Object.freeze(['denied', 'expired', 'consumed', 'cancelled']);

/** What is read to tell whether a draft may be appended. */
export interface ApprovalsAtHand {
  approval(id: string): Approval | undefined;
  grant(id: string): Grant | undefined;
}

/** A request as it is entered. */
export function enteredOf(ask: ApprovalAsk): Approval {
  const undecided = { votes: [], decidedBy: null, decidedAt: null, note: null, consumedBy: null };
  return { ...ask, state: 'pending', ...undecided };
}

/**
 * What becomes of a request; `undefined` where it has ended, or is not any more as whoever changes it saw it. Throws for
 * `consumed`: that takes a record of the decision that relies on it.
 */
export function changedOf(
  known: Approval | undefined,
  from: ApprovalBefore,
  { state, votes, decidedBy, decidedAt, note, waiter }: ApprovalChange,
): Approval | undefined {
  if (known === undefined || ENDED.includes(known.state)) return undefined;
  if (known.state !== from.state || known.votes.length !== from.votes) return undefined;
  if (from.waiter !== undefined && known.waiter !== from.waiter) return undefined;
  if (state === 'consumed') throw new Error('A request is consumed by the decision that relies on it.');
  const cast = votes ?? known.votes;
  const isSigned = cast.some(({ signature }) => signature !== null);
  return {
    ...known,
    state,
    shown: state === 'pending' ? known.shown : null,
    // Of no use without a signature, and whoever guesses what was shown could tell by it that they are right.
    shownHash: state === 'pending' || isSigned ? known.shownHash : null,
    votes: cast,
    decidedBy: decidedBy === undefined ? known.decidedBy : decidedBy,
    decidedAt: decidedAt === undefined ? known.decidedAt : decidedAt,
    note: note === undefined ? known.note : note,
    waiter: waiter === undefined ? known.waiter : waiter,
  };
}

/** True while a grant lets calls through. `now` is epoch milliseconds. */
export function isLive(grant: Grant, now: number): boolean {
  return grant.revokedAt === null && now < grant.expiresAt.getTime();
}

/**
 * Which of these drafts use up which requests, by the requests' ids; or the error where one of them relies on what is
 * not there any more. Two drafts cannot use up one request.
 */
export function usedUpBy(
  drafts: readonly RecordDraft[],
  atHand: ApprovalsAtHand,
): ReadonlyMap<string, RecordDraft> | ApprovalSpentError {
  const used = new Map<string, RecordDraft>();
  for (const draft of drafts) {
    if (draft.consumes === undefined) continue;
    const { approvalId, grantId, now } = draft.consumes;
    if (approvalId !== undefined) {
      const problem = used.has(approvalId) ? 'used up' : approvalProblem(atHand.approval(approvalId), now);
      if (problem !== null) return new ApprovalSpentError(`The approval ${approvalId} is ${problem}.`);
      used.set(approvalId, draft);
    }
    if (grantId !== undefined) {
      const grant = atHand.grant(grantId);
      const problem = grantProblem(grant, now);
      if (problem !== null) return new ApprovalSpentError(`The grant ${grantId} is ${problem}.`);
      const request = grant && atHand.approval(grant.approvalId);
      if (request !== undefined && isLeft(request, now) && !used.has(request.id)) used.set(request.id, draft);
    }
  }
  return used;
}

/**
 * Whether a request would still let a call run once. The first one that goes by its grant is that one: else the request
 * would let one more run when the grant has ended.
 */
function isLeft(request: Approval, now: number): boolean {
  return request.waiter === null && approvalProblem(request, now) === null;
}

/** What keeps a call from running by a request; `null` where nothing does. */
function approvalProblem(approval: Approval | undefined, now: number): string | null {
  if (approval === undefined) return 'unknown';
  if (approval.state === 'consumed') return 'used up';
  if (approval.state !== 'approved') return approval.state;
  return now < approval.expiresAt.getTime() ? null : 'expired';
}

function grantProblem(grant: Grant | undefined, now: number): string | null {
  if (grant === undefined) return 'unknown';
  if (grant.revokedAt !== null) return 'revoked';
  return isLive(grant, now) ? null : 'expired';
}
