import { ActionGuardError, type ErrorDetails } from './errors.ts';
import type { Verdict } from './verdict.ts';

/** What every refusal says, to people, programs and the model. */
export interface Refusal {
  readonly verdict: Verdict;
  /** The deciding rule's reason, verbatim; with what else there is to say, such as a person's denial. */
  readonly reason: string;
  readonly ruleName: string | null;
  /** The intent string that was judged. */
  readonly intent: string;
  /** One sentence: what was attempted and what became of it. */
  readonly whatHappened: string;
  readonly policyTriggered: string | null;
  /** Concrete steps. */
  readonly howToFix: string;
  readonly actionId?: string | undefined;
  /** Which try of the same intent in its session this was, where it was refused too often before. */
  readonly repeats?: number | undefined;
}

/** Base of every error that keeps a tool from running. The message is written for the model to act on. */
export class PolicyViolationError extends ActionGuardError {
  static override readonly code: string = 'POLICY_VIOLATION';
  static override readonly errorName: string = 'PolicyViolationError';
  readonly verdict: Verdict;
  readonly reason: string;
  readonly ruleName: string | null;
  readonly intent: string;
  readonly whatHappened: string;
  readonly policyTriggered: string | null;
  readonly howToFix: string;
  /** Which try of the same intent in its session this was, where it was refused too often before; else `null`. */
  readonly repeats: number | null;

  constructor(refusal: Refusal, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(`${refusal.whatHappened} ${refusal.howToFix}`, { ...refusal, ...details }, options);
    this.verdict = refusal.verdict;
    this.reason = refusal.reason;
    this.ruleName = refusal.ruleName;
    this.intent = refusal.intent;
    this.whatHappened = refusal.whatHappened;
    this.policyTriggered = refusal.policyTriggered;
    this.howToFix = refusal.howToFix;
    this.repeats = refusal.repeats ?? null;
  }
}

/** The action is denied. After a person's denial, `approvalId` and `note` are set. */
export class ExecutionBlockedError extends PolicyViolationError {
  static override readonly code = 'EXECUTION_BLOCKED';
  static override readonly errorName = 'ExecutionBlockedError';
  readonly approvalId: string | null;
  readonly note: string | null;

  constructor(refusal: Refusal, more: { approvalId?: string | null; note?: string | null } = {}) {
    super(refusal, more);
    this.approvalId = more.approvalId ?? null;
    this.note = more.note ?? null;
  }
}

/** The guard could not do its part (unreadable arguments, a store that cannot be written), so the tool did not run. */
export class ActionGuardExecutionError extends PolicyViolationError {
  static override readonly code = 'ACTION_GUARD_EXECUTION';
  static override readonly errorName = 'ActionGuardExecutionError';
}

/** A person must decide before this action may run. */
export class ActionEscalatedError extends PolicyViolationError {
  static override readonly code = 'ACTION_ESCALATED';
  static override readonly errorName = 'ActionEscalatedError';
  readonly escalateTo: string | null;
  readonly approvalId: string | null;

  constructor(refusal: Refusal, more: { escalateTo?: string | null; approvalId?: string | null } = {}) {
    super(refusal, more);
    this.escalateTo = more.escalateTo ?? null;
    this.approvalId = more.approvalId ?? null;
  }
}

/** The action is put off; the same call may succeed later. */
export class ActionDeferredError extends PolicyViolationError {
  static override readonly code = 'ACTION_DEFERRED';
  static override readonly errorName = 'ActionDeferredError';
  /** Seconds to wait before trying again, or `null` when the policy names none. */
  readonly deferSeconds: number | null;
  readonly approvalId: string | null;

  constructor(refusal: Refusal, more: { deferSeconds?: number | null; approvalId?: string | null } = {}) {
    super(refusal, more);
    this.deferSeconds = more.deferSeconds ?? null;
    this.approvalId = more.approvalId ?? null;
  }
}

/** The agent (or a hop of its chain) is trusted too little. Trust is 0–1. */
export class TrustViolationError extends PolicyViolationError {
  static override readonly code = 'TRUST_VIOLATION';
  static override readonly errorName = 'TrustViolationError';
  readonly agentId: string;
  readonly requiredTrust: number;
  readonly actualTrust: number;

  constructor(refusal: Refusal, more: { agentId: string; requiredTrust: number; actualTrust: number }) {
    super(refusal, more);
    this.agentId = more.agentId;
    this.requiredTrust = more.requiredTrust;
    this.actualTrust = more.actualTrust;
  }
}

/** The delegation chain is too deep, too wide or runs in a circle. */
export class CascadeDepthExceededError extends PolicyViolationError {
  static override readonly code = 'CASCADE_DEPTH_EXCEEDED';
  static override readonly errorName = 'CascadeDepthExceededError';
  readonly currentDepth: number;
  readonly maxDepth: number;

  constructor(refusal: Refusal, more: { currentDepth: number; maxDepth: number }) {
    super(refusal, more);
    this.currentDepth = more.currentDepth;
    this.maxDepth = more.maxDepth;
  }
}

/** The agent or the tool is called too often. `limit` as written, e.g. `60/min`. */
export class RateLimitExceededError extends PolicyViolationError {
  static override readonly code = 'RATE_LIMIT_EXCEEDED';
  static override readonly errorName = 'RateLimitExceededError';
  readonly agentId: string;
  readonly toolName: string;
  readonly limit: string;

  constructor(refusal: Refusal, more: { agentId: string; toolName: string; limit: string }) {
    super(refusal, more);
    this.agentId = more.agentId;
    this.toolName = more.toolName;
    this.limit = more.limit;
  }
}

/** The action would exceed a budget. USD. */
export class BudgetExceededError extends PolicyViolationError {
  static override readonly code = 'BUDGET_EXCEEDED';
  static override readonly errorName = 'BudgetExceededError';
  readonly currentSpend: number;
  readonly budgetLimit: number;

  constructor(refusal: Refusal, more: { currentSpend: number; budgetLimit: number }) {
    super(refusal, more);
    this.currentSpend = more.currentSpend;
    this.budgetLimit = more.budgetLimit;
  }
}

/** Nobody decided in time; the action is denied. */
export class HumanApprovalTimeoutError extends PolicyViolationError {
  static override readonly code = 'HUMAN_APPROVAL_TIMEOUT';
  static override readonly errorName = 'HumanApprovalTimeoutError';
  readonly approvalId: string | null;
  readonly timeoutSeconds: number;

  constructor(refusal: Refusal, more: { approvalId?: string | null; timeoutSeconds: number }) {
    super(refusal, more);
    this.approvalId = more.approvalId ?? null;
    this.timeoutSeconds = more.timeoutSeconds;
  }
}
