import type { Approval } from '../../core/approval.ts';
import { ApprovalError } from '../../core/errors.ts';

/** What is wrong with a decision or a wait, in a word. */
type ApprovalProblem =
  | 'unknown'
  | 'not_pending'
  | 'not_approved'
  | 'expired'
  | 'own_request'
  | 'not_approver'
  | 'unsigned'
  | 'bad_signature'
  | 'changed'
  | 'voted'
  | 'name'
  | 'scope'
  | 'minutes'
  | 'note'
  | 'busy'
  | 'closed';

/** The error for a request that is there. */
export function refusalOf(
  { id, state }: Pick<Approval, 'id' | 'state'>,
  problem: ApprovalProblem,
  message: string,
): ApprovalError {
  return new ApprovalError(message, { approvalId: id, state, problem });
}

/** The error for a request that is not there. */
export function unknownRequest(id: string): ApprovalError {
  return new ApprovalError(`There is no request for approval ${id}.`, { approvalId: id, problem: 'unknown' });
}

/** The error for a name that nobody can be known by. */
export function badName(details: Readonly<Record<string, unknown>>): ApprovalError {
  const message = 'Say who decides: a text of 1 to 200 characters, without control characters.';
  return new ApprovalError(message, { ...details, problem: 'name' });
}
