import { approverNamed } from '../../approvals/queue.ts';
import {
  isIntact,
  NOT_INTACT,
  requestFingerprint,
  verifyVote,
  votePayload,
} from '../../approvals/signature.ts';
import { systemClock } from '../../call/system-clock.ts';
import type { Approval, ApprovalVote } from '../../core/approval.ts';
import type { AuditEntry } from '../../core/entry.ts';
import { approvalJson } from '../../core/wire-approval.ts';
import { entryToWire } from '../../core/wire-entry.ts';
import { approvalDetails } from '../approval-text.ts';
import { EXIT } from '../exit-codes.ts';
import type { JournalPlace } from '../journal-file.ts';
import { logLine } from '../log-line.ts';
import { print, printJson } from '../output.ts';
import { atDesk, type Desk, findApproval } from './approvals-desk.ts';

/** Whose queue it is, and how the request is printed. */
export interface ApprovalsShowOptions extends JournalPlace {
  readonly json?: boolean | undefined;
}

/** How many of the agent's other actions are shown. */
const RECENT = 10;
const INDENT = '  ';

/** Shows a request as its approver is to see it, with what its agent did before. */
export async function approvalsShow(id: string, options: ApprovalsShowOptions): Promise<number> {
  return atDesk(options, async (desk) => {
    const approval = await findApproval(desk, id);
    const isWaitedFor = approval.state === 'pending' && desk.store.approvals.hasWaiter(approval);
    const recent = recentOf(desk, approval);
    if (options.json === true) {
      printJson({
        ...approvalJson(approval),
        is_waited_for: isWaitedFor,
        ...(approval.state === 'pending' ? { fingerprint: requestFingerprint(approval) } : {}),
        recent: recent.map(entryToWire),
      });
      return EXIT.ok;
    }
    const columns = process.stdout.columns === undefined ? undefined : process.stdout.columns - INDENT.length;
    const details = approvalDetails(approval, {
      now: systemClock.now(),
      isWaitedFor,
      needed: Math.max(approval.quorum, desk.quorum),
      signatureOf: (vote) => signatureText(desk, approval, vote),
      fingerprint: approval.state === 'pending' ? requestFingerprint(approval) : null,
      problem: problemOf(desk, approval),
    });
    const lines = recent.map((entry) => `${INDENT}${logLine(entry, columns)}`);
    print(...details, "the agent's last actions:", ...(lines.length > 0 ? lines : [`${INDENT}none`]));
    return EXIT.ok;
  });
}

/** Oldest first, without the action that the request is about. */
function recentOf({ store }: Desk, { agentId, actionId }: Approval): AuditEntry[] {
  const entries = store.entries({ agentId, limit: RECENT + 1 });
  return entries
    .filter((entry) => entry.actionId !== actionId)
    .slice(0, RECENT)
    .reverse();
}

/** What keeps a request from being approved; '' for nothing. */
function problemOf({ approvers }: Desk, approval: Approval): string {
  return approvers.length > 0 && approval.state === 'pending' && !isIntact(approval) ? NOT_INTACT : '';
}

/** Whoever can write to the store can write a vote into it: where approvers are configured, only signed ones count. */
function signatureText({ approvers }: Desk, approval: Approval, vote: ApprovalVote): string {
  if (approvers.length === 0) return '';
  const key = approverNamed(vote.by, approval, approvers)?.publicKey;
  if (vote.signature === null || key === undefined) return 'NOT SIGNED by an approver: does not count';
  return verifyVote(votePayload(approval, vote), vote.signature, key)
    ? 'signed'
    : 'WRONG SIGNATURE: does not count';
}
