import { ApprovalAnnouncer } from '../../approval-announcer.ts';
import { machineTime } from '../../approvals/machine-clock.ts';
import { ApprovalQueue } from '../../approvals/queue.ts';
import { newActionId } from '../../call/action-id.ts';
import { systemClock } from '../../call/system-clock.ts';
import type { ApproverSettings } from '../../config/settings.ts';
import type { Approval, Grant } from '../../core/approval.ts';
import { ApprovalError } from '../../core/errors.ts';
import { printable } from '../../explain/printable.ts';
import type { SqliteStore } from '../../stores/sqlite.ts';
import { type JournalPlace, journalFile } from '../journal-file.ts';
import { openStore } from '../open-store.ts';
import { say } from '../output.ts';
import { onlyOne, readId } from '../part-of-id.ts';

/** A journal's requests for approval, as a person decides on them. */
export interface Desk {
  readonly store: SqliteStore;
  readonly queue: ApprovalQueue;
  /** Of the named configuration; 1 without one. */
  readonly quorum: number;
  /** Likewise; none without one. */
  readonly approvers: readonly ApproverSettings[];
}

/** How many requests, or grants, are searched for an id that is not whole. */
const MOST_SEARCHED = 100_000;

/**
 * Opens the journal's queue for `work`, and closes it behind it; what the webhook is to be told gets 5 s. Throws what the
 * journal, or `work`, throws.
 */
export async function atDesk<T>(place: JournalPlace, work: (desk: Desk) => Promise<T>): Promise<T> {
  const file = journalFile(place);
  const { store, draft, redacted } = openStore(file);
  const { quorum = 1, webhook = null } = file.config?.settings.approvals ?? {};
  const approvers = file.config?.settings.approvers ?? [];
  const announcer = new ApprovalAnnouncer({
    webhook: () => webhook,
    clock: systemClock,
    warn: (message) => say(printable(message)),
  });
  const queue = new ApprovalQueue({
    store: store.approvals,
    clock: systemClock,
    writerId: draft('approval', {}).writer.id,
    newId: newActionId,
    draft: (actionId, body) => ({ ...draft('approval', {}), actionId, body }),
    redact: redacted,
    settings: () => ({ quorum, approvers }),
    machine: machineTime,
    witness: announcer,
  });
  try {
    return await work({ store, queue, quorum, approvers });
  } finally {
    queue.close();
    store.close();
    await announcer.close();
  }
}

/** The request of an id, or of its first or last characters. Throws ApprovalError where there is none. */
export async function findApproval({ store, queue }: Desk, written: string): Promise<Approval> {
  const id = readId(written);
  const known =
    store.approvals.get(id) ?? onlyOne(id, store.approvals.list({ limit: MOST_SEARCHED }), 'request');
  const approval = known && (await queue.get(known.id));
  if (approval !== undefined) return approval;
  throw new ApprovalError(`There is no request for approval ${printable(written)}.`, {
    approvalId: written,
    problem: 'unknown',
  });
}

/** The grant of an id, or of its first or last characters. Throws ApprovalError where there is none. */
export async function findGrant({ queue }: Desk, written: string): Promise<Grant> {
  const grant = onlyOne(readId(written), await queue.grants({ limit: MOST_SEARCHED }), 'grant');
  if (grant !== undefined) return grant;
  throw new ApprovalError(`There is no grant ${printable(written)}.`, {
    grantId: written,
    problem: 'unknown',
  });
}
