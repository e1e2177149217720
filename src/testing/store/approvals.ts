import type { Approval, ApprovalAsk, ApprovalVote, Consumption, Grant } from '../../core/approval.ts';
import type { RecordDraft } from '../../core/chain.ts';
import type { ApprovalStore } from '../../stores/approval-store.ts';
import type { Store } from '../../stores/store.ts';
import type { SuiteTools } from '../suite-tools.ts';
import { decided, draftOf, START } from './records.ts';

/** Until when the suite's requests and grants hold, epoch milliseconds. */
export const EXPIRES = START + 60_000;

/** A request to read a file, that the writer `first` waits for. */
export function askOf(id: string, changes: Partial<ApprovalAsk> = {}): ApprovalAsk {
  return {
    id,
    actionId: `action-${id}`,
    digest: `digest-${id}`,
    toolName: 'read_file',
    actionType: 'file.read',
    agentId: 'worker',
    taskId: null,
    sessionId: 'session',
    verdict: 'ESCALATE',
    reason: 'A person must look at it',
    ruleName: 'ask first',
    escalateTo: 'ops',
    riskScore: 0.5,
    policyRevision: 'r1',
    objections: ['policy: ask first'],
    shown: { intent: 'read notes', parameters: { path: '/etc/passwd', $n: [1, null, { '': 'ü\0' }] } },
    shownHash: 'hash-of-what-is-shown',
    quorum: 1,
    requestedAt: new Date(START),
    expiresAt: new Date(EXPIRES),
    expiresOn: { boot: 'machine', at: 1234.5 },
    waiter: 'first',
    ...changes,
  };
}

/** A vote of one person. */
export function voteBy(by: string, changes: Partial<ApprovalVote> = {}): ApprovalVote {
  const vote = { by, approved: true, at: new Date(START + 1), note: null, scope: 'once' } as const;
  return { ...vote, minutes: null, signature: null, ...changes };
}

/** A grant of a request's call. */
export function grantOf(id: string, approvalId: string, changes: Partial<Grant> = {}): Grant {
  return {
    id,
    approvalId,
    scope: 'session',
    digest: `digest-${approvalId}`,
    sessionId: 'session',
    agentId: 'worker',
    toolName: 'read_file',
    objections: ['policy: ask first'],
    grantedBy: 'ann',
    grantedAt: new Date(START),
    expiresAt: new Date(EXPIRES),
    revokedAt: null,
    revokedBy: null,
    ...changes,
  };
}

/** The record that tells of something about a request. */
export const told = (event: string): RecordDraft => draftOf('approval', `action-${event}`, { event });

/** A record that cannot be written. */
export const BROKEN: RecordDraft = Object.freeze({
  ...told('broken'),
  body: () => {
    throw new Error('no body');
  },
});

/** A decision that relies on something. */
export function relying(actionId: string, consumes: Partial<Consumption>): RecordDraft {
  return { ...decided(actionId), consumes: { now: START, ...consumes } };
}

/** Enters a request and has it approved, with what else comes of it. */
export async function approve(
  approvals: ApprovalStore,
  id: string,
  { ask = {}, grant }: { readonly ask?: Partial<ApprovalAsk>; readonly grant?: Grant } = {},
): Promise<Approval | undefined> {
  await approvals.enter(askOf(id, ask), draftOf('waiting', `action-${id}`, {}));
  const votes = [voteBy('ann')];
  const change = {
    state: 'approved',
    votes,
    decidedBy: 'ann',
    decidedAt: new Date(START + 1),
    grant,
  } as const;
  return approvals.change(id, { state: 'pending', votes: 0 }, change, told(`${id} approved`));
}

/** What an attempt came to: `done`, or the name of the error that it threw or rejected with. */
export async function nameOfFailure(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
    return 'done';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

/** Registers cases of stores that keep requests; a store without `approvals` has nothing to do in them. */
export function casesWithApprovals(
  make: () => Store | Promise<Store>,
  it: SuiteTools['it'],
): (name: string, body: (approvals: ApprovalStore, store: Store) => Promise<void>) => void {
  return (name, body) => {
    it(name, async () => {
      const store = await make();
      if (store.approvals !== undefined) await body(store.approvals, store);
    });
  };
}
