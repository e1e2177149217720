import type { Approval, ApprovalVote } from '../../core/approval.ts';
import { type Decision, type SignedDecision, withDefaults } from '../decision.ts';
import { isName, isSamePerson } from '../person.ts';
import { isIntact, NOT_INTACT, verifyVote, votePayload } from '../signature.ts';
import type { Electorate } from './options.ts';
import { badName, refusalOf } from './refusal.ts';
import { approverNamed, countedVotes } from './votes.ts';

/** How much of a note is kept, in characters. */
const KEPT_NOTE = 2_000;
const LONGEST_NOTE = 65_536;
/** A week. */
const MOST_MINUTES = 10_080;

const SCOPES: readonly string[] = Object.freeze(['once', 'session', 'call']);

/** What a vote is made with. */
export interface Ballot {
  readonly electorate: Electorate;
  /** Takes secrets out of notes. */
  readonly redact: (text: string) => string;
  readonly at: Date;
}

/** The vote that a decision on a pending request is. Throws ApprovalError for one that does not count. */
export function voteFor(approval: Approval, decision: Decision, ballot: Ballot): ApprovalVote {
  if (!isName(decision.by)) throw badName({ approvalId: approval.id, state: approval.state });
  const said = withDefaults(decision);
  checkPerson(approval, said);
  checkReach(approval, said);
  const note = keptNote(approval, said.note, ballot.redact);
  const signature = checkedSignature(approval, said, { ...ballot, signature: decision.signature ?? null });
  if (signature !== null && note !== said.note) {
    const message =
      'A signed note is kept word for word: leave out what is hidden, and all but 2,000 characters.';
    throw refusalOf(approval, 'note', message);
  }
  const voted = countedVotes(approval, ballot.electorate).some(({ by }) => isSamePerson(by, said.by));
  // Who said yes may still say no.
  if (voted && said.approved)
    throw refusalOf(approval, 'voted', `${said.by} has approved this request before.`);
  return { ...said, note, signature, at: ballot.at };
}

function checkPerson(approval: Approval, { by }: SignedDecision): void {
  if (!isSamePerson(by, approval.agentId)) return;
  const message = `${by} is the agent that asks, and cannot decide on its own request.`;
  throw refusalOf(approval, 'own_request', message);
}

function checkReach(approval: Approval, { scope, minutes }: SignedDecision): void {
  if (!SCOPES.includes(scope)) {
    throw refusalOf(approval, 'scope', `The scope is once, session or call, not ${JSON.stringify(scope)}.`);
  }
  if (scope === 'session' && approval.sessionId === null) {
    const message =
      'The call named no session, so it cannot be approved for one. Use the scope call or once.';
    throw refusalOf(approval, 'scope', message);
  }
  if (scope === 'once' && minutes !== null) {
    throw refusalOf(approval, 'minutes', 'A yes for one call has no minutes. Say the scope session or call.');
  }
  if (scope !== 'once' && !isMinutes(minutes)) {
    const message = `The minutes are a whole number from 1 to ${MOST_MINUTES}, not ${JSON.stringify(minutes)}.`;
    throw refusalOf(approval, 'minutes', message);
  }
}

function isMinutes(minutes: number | null): boolean {
  return Number.isInteger(minutes) && Number(minutes) >= 1 && Number(minutes) <= MOST_MINUTES;
}

function keptNote(approval: Approval, note: unknown, redact: (text: string) => string): string | null {
  if (note === null) return null;
  if (typeof note !== 'string' || note.length > LONGEST_NOTE) {
    throw refusalOf(approval, 'note', `A note is a text of at most ${LONGEST_NOTE} characters.`);
  }
  return redact(note).slice(0, KEPT_NOTE).toWellFormed();
}

/** The signature, where one is needed; what is given where none is, proves nothing and is not kept. */
function checkedSignature(
  approval: Approval,
  said: SignedDecision,
  { electorate: { approvers }, signature }: Ballot & { readonly signature: string | null },
): string | null {
  if (approvers.length === 0) return null;
  const approver = approverNamed(said.by, approval, approvers);
  if (approver === undefined) {
    const whom = approval.escalateTo === null ? '' : ` It was escalated to ${approval.escalateTo}.`;
    throw refusalOf(approval, 'not_approver', `${said.by} may not decide on this request.${whom}`);
  }
  if (said.approved && !isIntact(approval)) throw refusalOf(approval, 'changed', NOT_INTACT);
  if (typeof signature !== 'string' || signature === '') {
    throw refusalOf(approval, 'unsigned', 'Approvers are configured, so a decision needs a signature.');
  }
  if (!verifyVote(votePayload(approval, said), signature, approver.publicKey)) {
    const message = `The signature is not that of ${approver.id} for this decision on this request.`;
    throw refusalOf(approval, 'bad_signature', message);
  }
  return signature;
}
