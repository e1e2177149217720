import type { Approval, ApprovalVote, Grant } from '../../core/approval.ts';
import type { ApprovalChange } from '../../stores/approval-store.ts';
import type { Electorate } from './options.ts';
import { commonGrant, countedVotes, neededVotes } from './votes.ts';

/** What a vote makes of a pending request: one no denies it, enough people's yes approves it. */
export function outcomeOf(
  approval: Approval,
  vote: ApprovalVote,
  electorate: Electorate,
  newId: () => string,
): ApprovalChange {
  const votes = [...approval.votes, vote];
  const decided = { votes, decidedBy: vote.by, decidedAt: vote.at, note: vote.note };
  // The same call made again is told so at once, also by the guard whose call waited.
  if (!vote.approved) return { ...decided, state: 'denied', waiter: null };
  const yes = [...countedVotes(approval, electorate), vote];
  if (!(yes.length >= neededVotes(approval, electorate))) return { state: 'pending', votes };
  return { ...decided, state: 'approved', grant: grantOf(approval, yes, vote, newId) };
}

function grantOf(
  { id, digest, sessionId, agentId, toolName, objections }: Approval,
  yes: readonly ApprovalVote[],
  { by, at }: ApprovalVote,
  newId: () => string,
): Grant | undefined {
  const common = commonGrant(yes);
  if (common === null) return undefined;
  return {
    id: newId(),
    approvalId: id,
    scope: common.scope,
    digest,
    sessionId: common.scope === 'session' ? sessionId : null,
    agentId,
    toolName,
    objections,
    grantedBy: by,
    grantedAt: at,
    expiresAt: new Date(at.getTime() + common.minutes * 60_000),
    revokedAt: null,
    revokedBy: null,
  };
}

/** The journal's words for a vote and what came of it. */
export function voteRecord(
  approval: Approval,
  { by, note, scope, minutes, signature, approved }: ApprovalVote,
  { state, votes = [], grant }: ApprovalChange,
): Readonly<Record<string, unknown>> {
  const granted = grant === undefined ? {} : { grantId: grant.id, grantExpiresAt: grant.expiresAt };
  return {
    event: state === 'pending' ? 'voted' : state,
    approvalId: approval.id,
    by,
    approved,
    note,
    scope,
    minutes,
    signature,
    votes: votes.length,
    quorum: approval.quorum,
    ...granted,
  };
}
