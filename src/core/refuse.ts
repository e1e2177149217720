import type { ActionIntent } from './intent.ts';
import {
  ActionDeferredError,
  ActionEscalatedError,
  ActionGuardExecutionError,
  BudgetExceededError,
  CascadeDepthExceededError,
  ExecutionBlockedError,
  HumanApprovalTimeoutError,
  type PolicyViolationError,
  RateLimitExceededError,
  type Refusal,
  TrustViolationError,
} from './refusals.ts';
import type { EvaluationResult } from './result.ts';

/** The typed error for a decision that keeps the tool from running. */
export function refusalFor(intent: ActionIntent, decision: EvaluationResult): PolicyViolationError {
  const refusal = refusalOf(intent, decision);
  const { metadata } = decision;
  if (decision.verdict === 'ESCALATE') {
    return new ActionEscalatedError(refusal, { escalateTo: metadata.escalateTo ?? null });
  }
  if (decision.verdict === 'DEFER') {
    return new ActionDeferredError(refusal, { deferSeconds: metadata.deferSeconds ?? null });
  }
  if (metadata.denied !== undefined) return new ExecutionBlockedError(refusal, metadata.denied);
  if (metadata.approvalTimedOut !== undefined) {
    return new HumanApprovalTimeoutError(refusal, { timeoutSeconds: metadata.approvalTimedOut });
  }
  if (metadata.requiredTrust !== undefined) {
    const { requiredTrust, actualTrust = 0 } = metadata;
    return new TrustViolationError(refusal, { agentId: intent.agentId, requiredTrust, actualTrust });
  }
  if (metadata.fault === true) return new ActionGuardExecutionError(refusal);
  return limitRefusal(intent, decision, refusal) ?? new ExecutionBlockedError(refusal);
}

function limitRefusal(
  intent: ActionIntent,
  { evaluatorName, metadata }: EvaluationResult,
  refusal: Refusal,
): PolicyViolationError | undefined {
  if (evaluatorName === 'cascade') {
    const { currentDepth = 0, maxDepth = 0 } = metadata;
    return new CascadeDepthExceededError(refusal, { currentDepth, maxDepth });
  }
  if (evaluatorName === 'rate_limiter') {
    const { agentId, toolName } = intent;
    return new RateLimitExceededError(refusal, { agentId, toolName, limit: metadata.limit ?? '' });
  }
  if (evaluatorName === 'cost_estimator' && metadata.budgetLimit !== undefined) {
    const { currentSpend = 0, budgetLimit } = metadata;
    return new BudgetExceededError(refusal, { currentSpend, budgetLimit });
  }
  return undefined;
}

const DO_NOT_RETRY = 'Do not retry this call unchanged.';

/** The built-in evaluators as a reader of a refusal would call them. */
const CALLED: Readonly<Record<string, string>> = Object.freeze({
  schema_validator: 'the check of its form',
  policy_engine: 'the policy',
  trust: 'the trust check',
  cascade: 'the delegation limits',
  rate_limiter: 'the rate limit',
  cost_estimator: 'the budget',
  risk_scorer: 'the risk limit',
  human_gate: 'the human gate',
});

/** Every refusal's parts: what happened, which rule, how to fix it. */
export function refusalOf(intent: ActionIntent, decision: EvaluationResult): Refusal {
  const because = decision.reason === '' ? '' : `: ${decision.reason}`;
  const dot = because.endsWith('.') || because.endsWith('!') || because.endsWith('?') ? '' : '.';
  return {
    verdict: decision.verdict,
    reason: decision.reason,
    ruleName: decision.ruleName,
    intent: intent.intent,
    whatHappened: `\`${intent.toolName}\` ${whatBecame(decision)}${because}${dot}`,
    policyTriggered: decision.policyTriggered,
    howToFix: howToFix(decision),
    actionId: intent.actionId,
  };
}

function whatBecame(decision: EvaluationResult): string {
  const by = source(decision);
  switch (decision.verdict) {
    case 'BLOCK':
      return `was not run; it was blocked by ${by}`;
    case 'ESCALATE':
      return `was not run; ${by} wants a person to approve it first`;
    case 'DEFER':
      return `was not run; it was put off by ${by}`;
    case 'WARN':
      return `was allowed with a warning by ${by}`;
    case 'ALLOW':
      return `was allowed by ${by}`;
  }
}

function source({ ruleName, policyTriggered, metadata, evaluatorName }: EvaluationResult): string {
  if (ruleName !== null) {
    const rule = `rule "${ruleName}"`;
    return policyTriggered === null || policyTriggered === ruleName
      ? rule
      : `${rule} of policy "${policyTriggered}"`;
  }
  if (metadata.defaulted === true) return `the default of policy "${policyTriggered}"`;
  return Object.hasOwn(CALLED, evaluatorName)
    ? `${CALLED[evaluatorName]}`
    : `the evaluator "${evaluatorName}"`;
}

/** Concrete steps: the rule's suggestion first, then what can be done about the kind of decision. */
export function howToFix(decision: EvaluationResult): string {
  const { verdict, suggestedAction, metadata, evaluatorName } = decision;
  const advice =
    suggestedAction === null || suggestedAction.endsWith('.') ? suggestedAction : `${suggestedAction}.`;
  const instead = advice === null ? '' : ` Instead: ${advice}`;
  // The one refusal that the same call can outlive: its own advice says when to try again.
  if (evaluatorName === 'rate_limiter' && advice !== null) return `To go on: ${advice}`;
  if (verdict === 'ESCALATE') {
    const who = metadata.escalateTo == null ? 'a person' : metadata.escalateTo;
    return `Ask ${who} to approve this exact call, or choose another way.${instead}`;
  }
  if (verdict === 'DEFER') {
    const wait = metadata.deferSeconds == null ? 'later' : `in ${metadata.deferSeconds} s`;
    return `Try the same call again ${wait}; until then go on with other work.${instead}`;
  }
  if (verdict === 'BLOCK' && metadata.defaulted === true) {
    return `${DO_NOT_RETRY} If it should be possible, add a rule that allows it.${instead}`;
  }
  return verdict === 'BLOCK' ? `${DO_NOT_RETRY}${instead}` : instead.trim();
}

/** A refusal as plain data: what a tool wrapped with `onBlock: 'return'` hands to the model. */
export interface RefusalValue {
  readonly refused: true;
  /** `action_blocked`, `action_escalated` or `action_deferred`. */
  readonly error: string;
  readonly verdict: string;
  readonly policy: string | null;
  readonly rule: string | null;
  readonly reason: string;
  /** What happened and how to fix it, in words. */
  readonly message: string;
  /** True when the same call may succeed later. */
  readonly retryable: boolean;
}

/** The plain-data form of a refusal. */
export function refusalValue(error: PolicyViolationError): RefusalValue {
  const word =
    error.verdict === 'ESCALATE' ? 'escalated' : error.verdict === 'DEFER' ? 'deferred' : 'blocked';
  return {
    refused: true,
    error: `action_${word}`,
    verdict: error.verdict,
    policy: error.policyTriggered,
    rule: error.ruleName,
    reason: error.reason,
    message: error.message,
    retryable: error.verdict === 'DEFER' || error instanceof RateLimitExceededError,
  };
}
