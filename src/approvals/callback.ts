import type { ActionRecord } from '../core/action-record.ts';
import { type Awaitable, isThenable } from '../core/awaitable.ts';
import { messageOf } from '../core/evaluate.ts';
import type { ApprovalAnswer, Approver } from './approver.ts';

/** Decides on an escalated action. Only `true` approves; `false`, any other value and a throw deny. */
export type EscalationHandler = (action: ActionRecord) => Awaitable<boolean>;

/** An approver that asks a function of the host program. */
export function callbackApprover(handler: EscalationHandler): Approver {
  return {
    ask({ action }) {
      try {
        const answer = handler(action);
        return isThenable(answer) ? Promise.resolve(answer).then(read, failed) : read(answer);
      } catch (error) {
        return failed(error);
      }
    },
  };
}

function read(answer: unknown): ApprovalAnswer {
  return { approved: answer === true, approvalId: null, note: null };
}

function failed(error: unknown): ApprovalAnswer {
  return { approved: false, approvalId: null, note: `The approver failed: ${messageOf(error)}` };
}
