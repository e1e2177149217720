import type { Approval, ApprovalAsk, Grant } from '../../core/approval.ts';
import type { RecordDraft } from '../../core/chain.ts';
import { approvalOfRow, rowOfApproval } from '../approval-row.ts';
import { changedOf, enteredOf, isLive } from '../approval-rules.ts';
import type {
  ApprovalBefore,
  ApprovalChange,
  ApprovalFilter,
  ApprovalStore,
  GrantFilter,
} from '../approval-store.ts';
import { ApprovalRows } from './approval-rows.ts';
import type { SqliteDatabase } from './database.ts';

/** What the queue needs of the store that it is part of. */
export interface SqliteApprovalsOptions {
  readonly database: SqliteDatabase;
  /** Appends one record, within the transaction. */
  readonly append: (draft: RecordDraft) => void;
  /** Writes the records that wait to be written, so that none is overtaken. */
  readonly writeGathered: () => void;
  /** Whether a writer may still write; in doubt true. */
  readonly writerIsAlive: (writerId: string) => boolean;
}

const VERSION = 'SELECT data_version, total_changes() AS own FROM pragma_data_version';
const DEFAULT_LIMIT = 100;

/**
 * Requests for approval and grants, in tables beside the journal: what tells of a change is written with it, in one
 * transaction. Every method throws what the database says. As with any transaction, what was changed may be there all
 * the same when COMMIT itself throws: ask again.
 */
export class SqliteApprovals implements ApprovalStore {
  readonly #options: SqliteApprovalsOptions;
  readonly #rows: ApprovalRows;
  #version = 0;
  #seen = '';

  constructor(options: SqliteApprovalsOptions) {
    this.#options = options;
    this.#rows = new ApprovalRows(options.database);
  }

  enter(ask: ApprovalAsk, draft: RecordDraft): void {
    this.#write(() => {
      this.#rows.enter(enteredOf(ask));
      this.#options.append(draft);
    });
  }

  get(id: string): Approval | undefined {
    return this.#rows.approval(id);
  }

  list({ state, digest, agentId, limit = DEFAULT_LIMIT }: ApprovalFilter): readonly Approval[] {
    const found = this.#rows.approvals({ state, digest, agent_id: agentId }, limit);
    // One that cannot be read is not in the state that its column says.
    return found.filter((approval) => state === undefined || approval.state === state);
  }

  change(
    id: string,
    from: ApprovalBefore,
    change: ApprovalChange,
    draft: RecordDraft | null,
  ): Approval | undefined {
    return this.#write(() => {
      const changed = changedOf(this.#rows.approval(id), from, change);
      if (changed === undefined) return undefined;
      this.#rows.change(changed);
      if (change.grant !== undefined) this.#rows.enterGrant(change.grant);
      if (draft !== null) this.#options.append(draft);
      return approvalOfRow(rowOfApproval(changed));
    });
  }

  hasWaiter({ waiter }: Approval): boolean {
    return waiter !== null && this.#options.writerIsAlive(waiter);
  }

  grants({ digest, liveAt, limit = DEFAULT_LIMIT }: GrantFilter): readonly Grant[] {
    const found = this.#rows.grants({ digest }, limit, liveAt);
    return found.filter((grant) => liveAt === undefined || isLive(grant, liveAt));
  }

  revoke(grantId: string, by: string, at: Date, draft: RecordDraft): Grant | undefined {
    return this.#write(() => {
      const grant = this.#rows.grant(grantId);
      if (grant === undefined || grant.revokedAt !== null) return undefined;
      const revoked = Object.freeze({ ...grant, revokedAt: new Date(at), revokedBy: by });
      this.#rows.revoke(revoked);
      this.#options.append(draft);
      return revoked;
    });
  }

  /** Changes with every write to the file, whoever's it is. */
  version(): number {
    const { database } = this.#options;
    const row = database.prepare(VERSION).get();
    const seen = `${row?.data_version} ${row?.own} ${database.openings}`;
    if (seen !== this.#seen) this.#version++;
    this.#seen = seen;
    return this.#version;
  }

  #write<T>(fn: () => T): T {
    this.#options.writeGathered();
    return this.#options.database.transaction(fn);
  }
}
