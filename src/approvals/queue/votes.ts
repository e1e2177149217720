import type { ApproverSettings } from '../../config/settings.ts';
import type { Approval, ApprovalVote, Grant } from '../../core/approval.ts';
import { isName, isSamePerson, personKey } from '../person.ts';
import { verifyVote, votePayload } from '../signature.ts';
import type { Electorate } from './options.ts';

/** Distinct people who must say yes: what was asked for, or more where more is configured by now. */
export function neededVotes({ quorum }: Pick<Approval, 'quorum'>, electorate: Electorate): number {
  return Math.max(1, quorum, electorate.quorum);
}

/**
 * The configured approver of this name who may decide on a request; `undefined` where nobody of this name may. Where
 * some are on the list that the rule names, or have its name, only they may.
 */
export function approverNamed(
  by: string,
  { escalateTo }: Pick<Approval, 'escalateTo'>,
  approvers: readonly ApproverSettings[],
): ApproverSettings | undefined {
  const named = approvers.filter(
    ({ id, lists }) => escalateTo !== null && (lists.includes(escalateTo) || isSamePerson(id, escalateTo)),
  );
  return (named.length > 0 ? named : approvers).find(({ id }) => isSamePerson(id, by));
}

/**
 * The votes for a request that count, one a person: nobody votes for their own agent's request by its name, and where
 * approvers are configured, each vote is signed by one of them.
 */
export function countedVotes(approval: Approval, { approvers }: Electorate): readonly ApprovalVote[] {
  const byPerson = new Map<string, ApprovalVote>();
  for (const vote of approval.votes) {
    if (!vote.approved || !isName(vote.by) || isSamePerson(vote.by, approval.agentId)) continue;
    if (approvers.length === 0 || isSigned(approval, vote, approvers)) byPerson.set(personKey(vote.by), vote);
  }
  return [...byPerson.values()];
}

function isSigned(approval: Approval, vote: ApprovalVote, approvers: readonly ApproverSettings[]): boolean {
  const approver = approverNamed(vote.by, approval, approvers);
  if (approver === undefined || vote.signature === null) return false;
  return verifyVote(votePayload(approval, vote), vote.signature, approver.publicKey);
}

/**
 * Whether the votes bear out that a request is approved. Who can write to the store can say so of any request; where
 * approvers are configured, only their signatures count.
 */
export function isProven(approval: Approval, electorate: Electorate): boolean {
  if (electorate.approvers.length === 0) return true;
  return countedVotes(approval, electorate).length >= neededVotes(approval, electorate);
}

/** How far the yes of several people goes: as far as all of them said, for the shortest of their times; else one call. */
export function commonGrant(
  votes: readonly Pick<ApprovalVote, 'scope' | 'minutes'>[],
): { readonly scope: Grant['scope']; readonly minutes: number } | null {
  const scope = votes[0]?.scope ?? 'once';
  if (scope === 'once' || votes.some((vote) => vote.scope !== scope)) return null;
  return { scope, minutes: Math.min(...votes.map(({ minutes }) => minutes ?? 0)) };
}

/** Whether the votes for its request bear out a grant, likewise. When a vote was given is not signed: the end is bounded. */
export function isProvenGrant(grant: Grant, approval: Approval | undefined, electorate: Electorate): boolean {
  if (electorate.approvers.length === 0) return true;
  if (approval === undefined || approval.digest !== grant.digest || !isProven(approval, electorate))
    return false;
  const common = commonGrant(countedVotes(approval, electorate));
  if (common === null || common.scope !== grant.scope) return false;
  const latest = approval.expiresAt.getTime() + common.minutes * 60_000;
  const seen = new Set(approval.objections);
  return grant.expiresAt.getTime() <= latest && grant.objections.every((one) => seen.has(one));
}
