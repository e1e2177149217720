import type { Approval, ApprovalSpentError, Grant } from '../../core/approval.ts';
import type { RecordDraft } from '../../core/chain.ts';
import { approvalOfRow, rowOfApproval } from '../approval-row.ts';
import { type ApprovalsAtHand, usedUpBy } from '../approval-rules.ts';
import type { Row } from '../columns.ts';
import type { SqlDatabase, SqlValue } from '../database.ts';
import { grantOfRow, rowOfGrant } from '../grant-row.ts';
import { readable } from './journal-row.ts';

const SELECT_APPROVALS = `SELECT id, action_id, digest, tool_name, action_type, agent_id, task_id, session_id, verdict,
  reason, rule_name, escalate_to, risk_score, policy_revision, objections, shown, shown_hash, ${readable('quorum')} AS quorum,
  ${readable('requested_at')} AS requested_at, ${readable('expires_at')} AS expires_at, expires_boot, expires_uptime,
  waiter, state, votes, decided_by, ${readable('decided_at')} AS decided_at, note, consumed_by FROM approvals`;
const SELECT_GRANTS = `SELECT id, approval_id, scope, digest, session_id, agent_id, tool_name, objections, granted_by,
  ${readable('granted_at')} AS granted_at, ${readable('expires_at')} AS expires_at,
  ${readable('revoked_at')} AS revoked_at, revoked_by FROM grants`;

const CHANGE = `UPDATE approvals SET state = ?, shown = ?, shown_hash = ?, votes = ?, decided_by = ?, decided_at = ?, note = ?,
  waiter = ? WHERE id = ?`;
const USE_UP = "UPDATE approvals SET state = 'consumed', consumed_by = ? WHERE id = ?";
const REVOKE = 'UPDATE grants SET revoked_at = ?, revoked_by = ? WHERE id = ?';

/** A request that nobody decided ends with its time; one that was decided may be used, or stay refused, until then. */
const REMOVE_APPROVALS = `DELETE FROM approvals WHERE rowid IN (SELECT rowid FROM approvals
  WHERE expires_at < ? AND max(requested_at, coalesce(decided_at, requested_at)) < ? LIMIT ?)`;
const REMOVE_GRANTS = `DELETE FROM grants WHERE rowid IN (SELECT rowid FROM grants
  WHERE min(expires_at, coalesce(revoked_at, expires_at)) < ? LIMIT ?)`;

/** Which rows to read: every given column has this value. */
export type Where = Readonly<Record<string, SqlValue | undefined>>;

/** The tables of requests for approval and of grants. Whatever writes is called within the transaction. */
export class ApprovalRows implements ApprovalsAtHand {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  approval(id: string): Approval | undefined {
    return this.approvals({ id }, 1)[0];
  }

  grant(id: string): Grant | undefined {
    return this.grants({ id }, 1)[0];
  }

  /** Newest first. */
  approvals(where: Where, limit: number): Approval[] {
    return this.#select(SELECT_APPROVALS, where, limit).map(approvalOfRow);
  }

  /** Newest first. With `liveAt` (epoch milliseconds) only those that are live then. */
  grants(where: Where, limit: number, liveAt?: number): Grant[] {
    return this.#select(SELECT_GRANTS, where, limit, liveAt).map(grantOfRow);
  }

  /** Throws for an id that is known. */
  enter(approval: Approval): void {
    if (this.approval(approval.id) !== undefined) {
      throw new Error(`There is a request with the id ${approval.id} already.`);
    }
    this.#insert('approvals', rowOfApproval(approval));
  }

  /** Throws for an id that is known. */
  enterGrant(grant: Grant): void {
    if (this.grant(grant.id) !== undefined) {
      throw new Error(`There is a grant with the id ${grant.id} already.`);
    }
    this.#insert('grants', rowOfGrant(grant));
  }

  /** Writes what may change of a request. */
  change(approval: Approval): void {
    const row = rowOfApproval(approval);
    const { id, state, shown, shown_hash, votes, decided_by, decided_at, note, waiter } = row;
    this.#run(CHANGE, [state, shown, shown_hash, votes, decided_by, decided_at, note, waiter, id]);
  }

  revoke(grant: Grant): void {
    const { id, revoked_at, revoked_by } = rowOfGrant(grant);
    this.#run(REVOKE, [revoked_at, revoked_by, id]);
  }

  /**
   * Uses up the requests that the drafts rely on. Where one of these is not there any more, or a grant is not, nothing is
   * changed and the error tells so.
   */
  useUp(drafts: readonly RecordDraft[]): ApprovalSpentError | undefined {
    const used = usedUpBy(drafts, this);
    if (used instanceof Error) return used;
    for (const [id, { actionId }] of used) this.#run(USE_UP, [actionId, id]);
    return undefined;
  }

  #run(sql: string, values: readonly (SqlValue | undefined)[]): void {
    this.#database.prepare(sql).run(...values.map((value) => value ?? null));
  }

  #insert(table: string, row: Row): void {
    const columns = Object.keys(row);
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    this.#database.prepare(sql).run(...Object.values(row));
  }

  #select(sql: string, where: Where, limit: number, liveAt?: number): Row[] {
    const given = Object.entries(where).flatMap(([column, value]) =>
      value === undefined ? [] : [{ column, value }],
    );
    const tests = given.map(({ column }) => `${column} = ?`);
    if (liveAt !== undefined) tests.push('revoked_at IS NULL', 'expires_at > ?');
    const filter = tests.length === 0 ? '' : ` WHERE ${tests.join(' AND ')}`;
    const values = [...given.map(({ value }) => value), ...(liveAt === undefined ? [] : [liveAt])];
    const most = limit > 0 ? Math.ceil(limit) : 0;
    return this.#database
      .prepare(`${sql}${filter} ORDER BY rowid DESC LIMIT ?`)
      .all(...values, Number.isSafeInteger(most) ? most : -1);
  }
}

/**
 * Removes requests and grants that ended before a time, in epoch milliseconds: at most so many of each. Answers with the
 * larger of the two counts.
 */
export function removeEnded(database: SqlDatabase, before: number, most: number): number {
  const approvals = database.prepare(REMOVE_APPROVALS).run(before, before, most);
  const grants = database.prepare(REMOVE_GRANTS).run(before, most);
  return Math.max(Number(approvals.changes), Number(grants.changes));
}
