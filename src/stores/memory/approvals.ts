import type { Approval, ApprovalAsk, Grant } from '../../core/approval.ts';
import type { RecordDraft } from '../../core/chain.ts';
import { approvalOfRow, rowOfApproval } from '../approval-row.ts';
import { type ApprovalsAtHand, changedOf, enteredOf, isLive, usedUpBy } from '../approval-rules.ts';
import type {
  ApprovalBefore,
  ApprovalChange,
  ApprovalFilter,
  ApprovalStore,
  GrantFilter,
} from '../approval-store.ts';
import type { Row } from '../columns.ts';
import { grantOfRow, rowOfGrant } from '../grant-row.ts';
import { builtOf } from './built-draft.ts';

const DEFAULT_LIMIT = 100;

/**
 * Requests for approval and grants of this process. Kept as rows, so that what was handed out can be changed without
 * changing what is here. Of what is decided, and of grants, only the newest are kept: who is not found must ask again.
 */
export class MemoryApprovals implements ApprovalStore, ApprovalsAtHand {
  readonly #most: number;
  readonly #append: (draft: RecordDraft) => void;
  /** In the order in which they were entered. */
  readonly #approvals = new Map<string, Row>();
  /** Requests that are not pending any more, in the order in which they came to it. */
  readonly #decided = new Set<string>();
  readonly #grants = new Map<string, Row>();
  #version = 0;

  /** `most`: how many decided requests, and how many grants, are kept. `append` takes a record whose body can be built. */
  constructor(most: number, append: (draft: RecordDraft) => void) {
    this.#most = most;
    this.#append = append;
  }

  enter(ask: ApprovalAsk, draft: RecordDraft): void {
    if (this.#approvals.has(ask.id)) throw new Error(`There is a request with the id ${ask.id} already.`);
    const row = rowOfApproval(enteredOf(ask));
    this.#append(builtOf(draft));
    this.#set(ask.id, row);
  }

  get(id: string): Approval | undefined {
    return this.approval(id);
  }

  approval(id: string): Approval | undefined {
    const row = this.#approvals.get(id);
    return row && approvalOfRow(row);
  }

  grant(id: string): Grant | undefined {
    const row = this.#grants.get(id);
    return row && grantOfRow(row);
  }

  list({ state, digest, agentId, limit = DEFAULT_LIMIT }: ApprovalFilter): readonly Approval[] {
    const found = newest(this.#approvals.values(), limit, (row) => {
      const fits = state === undefined || row.state === state;
      return fits && (digest ?? row.digest) === row.digest && (agentId ?? row.agent_id) === row.agent_id;
    });
    return found.map(approvalOfRow);
  }

  change(
    id: string,
    from: ApprovalBefore,
    change: ApprovalChange,
    draft: RecordDraft | null,
  ): Approval | undefined {
    const changed = changedOf(this.approval(id), from, change);
    if (changed === undefined) return undefined;
    const row = rowOfApproval(changed);
    const { grant } = change;
    if (grant !== undefined && this.#grants.has(grant.id)) {
      throw new Error(`There is a grant with the id ${grant.id} already.`);
    }
    const grantRow = grant && rowOfGrant(grant);
    if (draft !== null) this.#append(builtOf(draft));
    if (grant !== undefined && grantRow !== undefined) {
      this.#grants.set(grant.id, grantRow);
      forgetOldest(this.#grants, this.#most);
    }
    this.#set(id, row);
    return approvalOfRow(row);
  }

  /** Only this process can wait for what is in its memory. */
  hasWaiter({ waiter }: Approval): boolean {
    return waiter !== null;
  }

  grants({ digest, liveAt, limit = DEFAULT_LIMIT }: GrantFilter): readonly Grant[] {
    const found = newest(this.#grants.values(), limit, (row) => {
      const fits = digest === undefined || row.digest === digest;
      return fits && (liveAt === undefined || isLive(grantOfRow(row), liveAt));
    });
    return found.map(grantOfRow);
  }

  revoke(grantId: string, by: string, at: Date, draft: RecordDraft): Grant | undefined {
    const grant = this.grant(grantId);
    if (grant === undefined || grant.revokedAt !== null) return undefined;
    const row = rowOfGrant({ ...grant, revokedAt: at, revokedBy: by });
    this.#append(builtOf(draft));
    this.#grants.set(grantId, row);
    this.#version++;
    return grantOfRow(row);
  }

  version(): number {
    return this.#version;
  }

  /**
   * Uses up what the drafts rely on, and answers with drafts whose bodies can be built. Throws, and changes nothing,
   * where something is not there any more, or a draft that relies on something has no body.
   */
  useUp(drafts: readonly RecordDraft[]): readonly RecordDraft[] {
    if (drafts.every(({ consumes }) => consumes === undefined)) return drafts;
    const built = drafts.map(builtOf);
    const used = usedUpBy(built, this);
    if (used instanceof Error) throw used;
    for (const [id, { actionId }] of used) {
      const row = this.#approvals.get(id);
      if (row !== undefined) this.#set(id, { ...row, state: 'consumed', consumed_by: actionId });
    }
    return built;
  }

  #set(id: string, row: Row): void {
    this.#version++;
    this.#approvals.set(id, row);
    if (row.state === 'pending') return;
    this.#decided.delete(id);
    this.#decided.add(id);
    for (const oldest of this.#decided) {
      if (this.#decided.size <= this.#most) break;
      this.#decided.delete(oldest);
      this.#approvals.delete(oldest);
    }
  }
}

function newest(rows: Iterable<Row>, limit: number, fits: (row: Row) => boolean): Row[] {
  const found = [...rows].filter(fits).reverse();
  return limit > 0 ? found.slice(0, Math.ceil(limit)) : [];
}

function forgetOldest(rows: Map<string, Row>, most: number): void {
  for (const oldest of rows.keys()) {
    if (rows.size <= most) return;
    rows.delete(oldest);
  }
}
