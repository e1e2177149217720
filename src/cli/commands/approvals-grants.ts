import { systemClock } from '../../call/system-clock.ts';
import type { Approval, Grant } from '../../core/approval.ts';
import { ApprovalError } from '../../core/errors.ts';
import { approvalJson } from '../../core/wire-approval.ts';
import { printable } from '../../explain/printable.ts';
import { grantLine, shortId } from '../approval-text.ts';
import { type CredentialOptions, holderFor } from '../credential.ts';
import { EXIT } from '../exit-codes.ts';
import type { JournalPlace } from '../journal-file.ts';
import { whoAmI } from '../open-store.ts';
import { jsonLine, print, printJson } from '../output.ts';
import { OutputSink } from '../sink.ts';
import { atDesk, type Desk, findApproval, findGrant } from './approvals-desk.ts';

/** Whose grants they are, and how they are printed. */
export interface GrantsOptions extends JournalPlace {
  /** Whether those that expired or were revoked are shown too. */
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const MOST = 10_000;

/** Shows the grants that let calls through, newest last. */
export async function approvalsGrants({ all, json, ...place }: GrantsOptions): Promise<number> {
  return atDesk(place, async ({ queue }) => {
    const now = systemClock.now();
    const grants = await queue.grants(all === true ? { limit: MOST } : { liveAt: now, limit: MOST });
    const out = new OutputSink();
    for (const grant of grants.toReversed()) {
      await out.write(json === true ? jsonLine(approvalJson(grant)) : `${grantLine(grant, now)}\n`);
    }
    await out.end();
    return EXIT.ok;
  });
}

/** Which journal's grant ends, who ends it, and how the answer is printed. */
export interface RevokeGrantOptions extends JournalPlace, CredentialOptions {
  readonly json?: boolean | undefined;
}

/** Ends a grant, or takes a yes back that no call has used yet: the next call of its kind asks again. */
export async function approvalsRevoke(id: string, options: RevokeGrantOptions): Promise<number> {
  return atDesk(options, async (desk) => {
    const by = (await holderFor('revoke_grants', desk.store.tokens, options)) ?? whoAmI();
    const ended = await end(desk, id, by);
    if (options.json === true) printJson(approvalJson(ended));
    else {
      const what = 'scope' in ended ? 'Revoked grant' : 'Took back the yes to request';
      const call = `${printable(ended.toolName)} of agent ${printable(ended.agentId)}`;
      print(`${what} ${shortId(ended.id)}: that call of ${call} asks a person again.`);
    }
    return EXIT.ok;
  });
}

/** What the id is of: a grant, else a request. */
async function end(desk: Desk, written: string, by: string): Promise<Grant | Approval> {
  const grant = await findGrant(desk, written).catch((error: unknown) => {
    if (error instanceof ApprovalError && error.details.problem === 'unknown') return undefined;
    throw error;
  });
  if (grant !== undefined) return desk.queue.revoke(grant.id, by);
  return desk.queue.withdraw((await findApproval(desk, written)).id, by);
}
