import type { ActionRecord } from '../core/action-record.ts';
import type { Awaitable } from '../core/awaitable.ts';

/** What a person is asked. */
export interface ApprovalRequest {
  readonly action: ActionRecord;
  /** Whom the rule names, or `null` for anybody. */
  readonly escalateTo: string | null;
}

/** What a person answered. Anything but `approved: true` is a denial. */
export interface ApprovalAnswer {
  readonly approved: boolean;
  readonly approvalId: string | null;
  /** Shown to the model when the action was denied. */
  readonly note: string | null;
}

/** Asks somebody to decide on an escalated action. What it throws is a denial. */
export interface Approver {
  ask(request: ApprovalRequest): Awaitable<ApprovalAnswer>;
}
