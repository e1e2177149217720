import { systemClock } from '../../call/system-clock.ts';
import { approvalJson } from '../../core/wire-approval.ts';
import { printable } from '../../explain/printable.ts';
import { grantLine, shortId } from '../approval-text.ts';
import { type CredentialOptions, holderFor } from '../credential.ts';
import { EXIT } from '../exit-codes.ts';
import type { JournalPlace } from '../journal-file.ts';
import { whoAmI } from '../open-store.ts';
import { jsonLine, print, printJson } from '../output.ts';
import { OutputSink } from '../sink.ts';
import { atDesk, findGrant } from './approvals-desk.ts';

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

/** Ends a grant: the next call of its kind asks again. */
export async function approvalsRevoke(id: string, options: RevokeGrantOptions): Promise<number> {
  return atDesk(options, async (desk) => {
    const by = (await holderFor('revoke_grants', desk.store.tokens, options)) ?? whoAmI();
    const grant = await desk.queue.revoke((await findGrant(desk, id)).id, by);
    if (options.json === true) printJson(approvalJson(grant));
    else {
      const call = `${printable(grant.toolName)} of agent ${printable(grant.agentId)}`;
      print(`Revoked grant ${shortId(grant.id)}: that call of ${call} asks a person again.`);
    }
    return EXIT.ok;
  });
}
