import type { Approval } from '../../core/approval.ts';
import { asProse } from '../../core/prose.ts';
import { shownHash } from '../signature.ts';
import type { NewRequest } from './options.ts';

/** What an approver would be shown of a call if it was asked now, and by what it is known. */
export type AsShown = Pick<
  NewRequest,
  | 'digest'
  | 'toolName'
  | 'actionType'
  | 'agentId'
  | 'taskId'
  | 'sessionId'
  | 'verdict'
  | 'reason'
  | 'ruleName'
  | 'escalateTo'
  | 'shown'
>;

/** Behind the reason of a request that was asked because another one shows something else. */
export function askedAgain(id: string): string {
  return ` (asked again: what request ${id} shows is not what this call would show now)`;
}

const ASKED_AGAIN = /^ \(asked again: what request [\w-]{1,64} shows is not what this call would show now\)$/;

/**
 * Whether a request shows a call as it would be shown now. A digest alone does not tell: who can write to the store can
 * put the texts of one call beside the digest of another. The score of the risk, the age and the quorum are not compared.
 */
export function showsThis(request: Approval, now: AsShown): boolean {
  return (
    request.digest === now.digest &&
    request.toolName === now.toolName &&
    request.actionType === now.actionType &&
    request.agentId === now.agentId &&
    request.taskId === now.taskId &&
    request.sessionId === now.sessionId &&
    request.verdict === now.verdict &&
    request.escalateTo === now.escalateTo &&
    request.ruleName === (now.ruleName === null ? null : asProse(now.ruleName)) &&
    isReason(request.reason, asProse(now.reason)) &&
    request.shownHash === shownHash(now.shown)
  );
}

function isReason(kept: string, now: string): boolean {
  return kept === now || (kept.startsWith(now) && ASKED_AGAIN.test(kept.slice(now.length)));
}
