import { readFileSync } from 'node:fs';
import { isSamePerson, isTokenPerson } from '../../approvals/person.ts';
import type { Decision } from '../../approvals/queue.ts';
import {
  isIntact,
  NOT_INTACT,
  requestFingerprint,
  signVote,
  votePayload,
} from '../../approvals/signature.ts';
import { systemClock } from '../../call/system-clock.ts';
import type { Approval, Grant, GrantScope } from '../../core/approval.ts';
import { ApprovalError } from '../../core/errors.ts';
import { approvalJson } from '../../core/wire-approval.ts';
import { printable } from '../../explain/printable.ts';
import { lengthOf, personText, shortId } from '../approval-text.ts';
import { type CredentialOptions, holderFor } from '../credential.ts';
import { messageOf } from '../error-json.ts';
import { EXIT } from '../exit-codes.ts';
import type { JournalPlace } from '../journal-file.ts';
import { localTime } from '../log-line.ts';
import { whoAmI } from '../open-store.ts';
import { print, printJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { atDesk, type Desk, findApproval } from './approvals-desk.ts';

/** Who decides, and what they say. */
export interface DenyCommandOptions extends JournalPlace, CredentialOptions {
  /** Default: who holds the token, else the user; where approvers are configured, it has to be one of them. */
  readonly by?: string | undefined;
  readonly note?: string | undefined;
  /** A file with the approver's private key, PEM. */
  readonly key?: string | undefined;
  /** What `show` told of the request: it is decided on only if it is still the same. */
  readonly fingerprint?: string | undefined;
  readonly json?: boolean | undefined;
}

/** How far a yes goes. */
export interface ApproveCommandOptions extends DenyCommandOptions {
  /** Default `once`. */
  readonly scope?: GrantScope | undefined;
  readonly minutes?: string | undefined;
}

/** What came of a decision. */
interface Decided {
  readonly before: Approval;
  readonly after: Approval;
  readonly by: string;
  /** Whether a call waited for the answer. */
  readonly wasWaitedFor: boolean;
  readonly grant: Grant | undefined;
  /** Distinct people who must say yes. */
  readonly needed: number;
}

const MOST_MINUTES = 10_080;

/** Says yes to a request. */
export async function approve(id: string, options: ApproveCommandOptions): Promise<number> {
  const { scope = 'once' } = options;
  const minutes = options.minutes === undefined ? null : readMinutes(options.minutes, scope);
  return decide(id, options, { approved: true, scope, minutes });
}

/** Says no to a request, which is final. */
export async function deny(id: string, options: DenyCommandOptions): Promise<number> {
  return decide(id, options, { approved: false });
}

function readMinutes(text: string, scope: GrantScope): number {
  if (scope === 'once') throw new UsageError('--minutes goes with --scope session or --scope call.');
  const minutes = /^\d+$/.test(text) ? Number(text) : 0;
  if (minutes >= 1 && minutes <= MOST_MINUTES) return minutes;
  throw new UsageError(`--minutes takes a whole number from 1 to ${MOST_MINUTES}, not \`${text}\`.`);
}

async function decide(
  written: string,
  options: DenyCommandOptions,
  said: Pick<Decision, 'approved' | 'scope' | 'minutes'>,
): Promise<number> {
  return atDesk(options, async (desk) => {
    const holder = await holderFor(said.approved ? 'approve' : 'deny', desk.store.tokens, options);
    const by = whoDecides(desk, { ...options, by: nameGiven(options.by, holder) });
    const before = await findApproval(desk, written);
    checkSeen(before, said.approved, options);
    const decision = { ...said, by, note: options.note ?? null };
    const signature = options.key === undefined ? null : signed(before, decision, options.key);
    const wasWaitedFor = desk.store.approvals.hasWaiter(before);
    const after = await desk.queue.decide(before.id, { ...decision, signature });
    const grants = await desk.queue.grants({ digest: before.digest, liveAt: systemClock.now() });
    const grant = grants.find(({ approvalId }) => approvalId === before.id);
    const needed = Math.max(before.quorum, desk.quorum);
    if (options.json === true) {
      const told = { ...approvalJson(after), shown: before.shown };
      printJson({ ...told, was_waited_for: wasWaitedFor, grant: grant ? approvalJson(grant) : null });
    } else print(...textOf({ before, after, by, wasWaitedFor, grant, needed }));
    return EXIT.ok;
  });
}

/** A name beside a token may only be the token's, and without one it may not look as if there was one. */
function nameGiven(by: string | undefined, holder: string | null): string | undefined {
  if (holder === null) {
    if (by === undefined || !isTokenPerson(by)) return by;
    throw new UsageError(
      '--by: only a token gives a name with `token:` before it. Give the token, or another name.',
    );
  }
  if (by === undefined || isSamePerson(by, holder)) return holder;
  throw new UsageError(
    `--by ${printable(by)} is not ${printable(holder)}, whose token was given. Leave out --by.`,
  );
}

function whoDecides({ approvers }: Desk, { by, key }: DenyCommandOptions): string {
  if (approvers.length === 0) {
    // Kept without its signature, the decision would be void for guards that know their approvers.
    if (key === undefined) return by ?? whoAmI();
    throw new UsageError('--key needs the approvers: name the configuration of your guards with --config.');
  }
  if (by === undefined)
    throw new UsageError('Approvers are configured: say which one decides, with --by <id>.');
  if (key === undefined) {
    throw new UsageError('Approvers are configured, so a decision is signed: --key <private key, PEM>.');
  }
  return by;
}

/** Nobody signs what was changed under them: since it was asked, or since they looked at it. */
function checkSeen(request: Approval, approved: boolean, { key, fingerprint }: DenyCommandOptions): void {
  const { id, state } = request;
  // What is not pending any more is refused as that.
  if (state !== 'pending') return;
  if (key !== undefined && approved && !isIntact(request)) {
    throw new ApprovalError(NOT_INTACT, { approvalId: id, state, problem: 'changed' });
  }
  if (fingerprint === undefined || fingerprint.trim().toLowerCase() === requestFingerprint(request)) return;
  const message = 'The request is not any more what had this fingerprint. Look at it again with `show`.';
  throw new ApprovalError(message, { approvalId: id, state, problem: 'changed' });
}

function signed(approval: Approval, decision: Decision, file: string): string {
  try {
    return signVote(votePayload(approval, decision), readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be signed with: ${messageOf(error)}`);
  }
}

function textOf(decided: Decided): string[] {
  const { before, after, by } = decided;
  const { id, toolName, agentId, shown } = before;
  const what =
    after.state === 'denied' ? 'Denied' : after.state === 'approved' ? 'Approved' : 'Counted a yes';
  const call = `${toolName} ${JSON.stringify(shown?.intent ?? '')} of agent ${agentId}`;
  return [`${what} by ${personText(by)}: ${printable(call)} (${shortId(id)})`, ...nextLines(decided)];
}

function nextLines({ before, after, wasWaitedFor, grant, needed }: Decided): string[] {
  const until = `${localTime(before.expiresAt)} (${lengthOf(before.expiresAt.getTime() - systemClock.now())} left)`;
  if (after.state === 'pending') {
    return [`${needed} people must say yes; ${after.votes.length} voted. Somebody else has until ${until}.`];
  }
  if (after.state === 'denied') {
    const told = after.note === null ? '' : `, and told: ${printable(after.note)}`;
    return [
      `${wasWaitedFor ? 'The call that waits is refused' : 'The call is refused when it is made again'}${told}`,
    ];
  }
  const next = wasWaitedFor
    ? 'The call that waits is judged again and goes on now.'
    : `It runs once, when the agent makes exactly this call again before ${until}.`;
  if (grant === undefined) return [next];
  return [
    next,
    `After that exactly this call runs without asking until ${localTime(grant.expiresAt)}, by grant ${shortId(grant.id)}.`,
    `To end that: plyra-guard approvals revoke ${shortId(grant.id)}`,
  ];
}
