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
import type { EvaluationResult, ResultMetadata } from './result.ts';

/** The typed error for a decision that keeps the tool from running. */
export function refusalFor(intent: ActionIntent, decision: EvaluationResult): PolicyViolationError {
  const refusal = refusalOf(intent, decision);
  const { metadata } = decision;
  if (decision.verdict === 'ESCALATE') {
    const { approvalId = null } = metadata;
    return new ActionEscalatedError(refusal, { escalateTo: metadata.escalateTo || null, approvalId });
  }
  if (decision.verdict === 'DEFER') {
    const { approvalId = null, deferSeconds = null } = metadata;
    return new ActionDeferredError(refusal, { deferSeconds, approvalId });
  }
  if (metadata.denied !== undefined) return new ExecutionBlockedError(refusal, metadata.denied);
  if (metadata.approvalTimedOut !== undefined) {
    const { approvalId = null, approvalTimedOut: timeoutSeconds } = metadata;
    return new HumanApprovalTimeoutError(refusal, { timeoutSeconds, approvalId });
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
const DO_NOT_REPEAT = 'Do not try it again in this session, in any spelling.';
/** What to do where no rule says it. */
const GIVE_UP = ' Choose another way, or tell a person what you need it for.';

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

/** The guard's own parts that can fail: how a reader would call them, and what mends them. */
const FAILED: Readonly<Record<string, { readonly called: string; readonly fix: string }>> = Object.freeze({
  arguments: {
    called: 'the guard, which could not read the arguments',
    fix: 'Pass plain data (texts, numbers, lists, objects) without cycles or getters that throw.',
  },
  facts: {
    called: 'the guard, which could not read what judging needs',
    fix: 'Make the limiter answer, and pass a chain and a context of plain data.',
  },
  journal: {
    called: 'the guard, which could not write its journal',
    fix: 'Make the store of the journal writable.',
  },
  limiter: {
    called: 'the guard, which could not count the call',
    fix: 'Make the limiter answer.',
  },
  approvals: {
    called: 'the guard, which could not read or write its approvals',
    fix: 'Make the store of the approvals readable and writable.',
  },
  guard: {
    called: 'the guard, which was closed',
    fix: 'Call before the guard is closed, or make a new one.',
  },
  core: {
    called: 'the guard itself',
    fix: 'Leave the policy engine on, or add an evaluator that allows.',
  },
});

/** Names longer than this are cut in messages. */
const MAX_NAME = 200;

function brief(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1).toWellFormed()}…`;
}

/** The end of a sentence, or of a lead-in such as `Stop:`, perhaps within quotes or brackets. */
const ENDED = /[.!?…。！？:;,][\p{Pe}\p{Pf}"'`]*$/u;

/** The text with a full stop, unless it ends in punctuation already; without white space at its end. */
export function endSentence(text: string): string {
  const trimmed = text.trimEnd();
  // The end alone is looked at, so that a long text costs no more than a short one.
  return ENDED.test(trimmed.slice(-20)) ? trimmed : `${trimmed}.`;
}

/** Every refusal's parts: what happened, which rule, how to fix it. */
export function refusalOf(intent: ActionIntent, decision: EvaluationResult): Refusal {
  const because = decision.reason.trim() === '' ? '' : `: ${decision.reason}`;
  return {
    verdict: decision.verdict,
    reason: decision.reason,
    ruleName: decision.ruleName,
    intent: intent.intent,
    whatHappened: endSentence(`\`${brief(intent.toolName)}\` ${whatBecame(decision)}${because}`),
    policyTriggered: decision.policyTriggered,
    howToFix: howToFix(decision),
    actionId: intent.actionId,
    ...(decision.metadata.repeats === undefined ? {} : { repeats: decision.metadata.repeats }),
  };
}

function whatBecame(decision: EvaluationResult): string {
  const by = source(decision);
  switch (decision.verdict) {
    case 'BLOCK':
      return `was not run; it was blocked by ${by}`;
    case 'ESCALATE':
      return `was not run; ${by}${by.endsWith(')') ? ',' : ''} wants a person to approve it first`;
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
    const rule = `rule "${brief(ruleName)}"`;
    const of =
      policyTriggered === null || policyTriggered === ruleName
        ? ''
        : ` of policy "${brief(policyTriggered)}"`;
    return `${rule}${of}${matched(metadata)}`;
  }
  if (metadata.defaulted === true) return `the default of policy "${brief(policyTriggered ?? '')}"`;
  if (metadata.fault === true && Object.hasOwn(FAILED, evaluatorName)) {
    return FAILED[evaluatorName]?.called ?? 'the guard';
  }
  return Object.hasOwn(CALLED, evaluatorName)
    ? `${CALLED[evaluatorName]}`
    : `the evaluator "${brief(evaluatorName)}"`;
}

/** Which form of an argument the rule matched, where that is not what was given. */
function matched({ spelling, matchedAs, givenAs }: ResultMetadata): string {
  if (spelling === undefined || givenAs === undefined) return '';
  return `, which matched the ${matchedAs} \`${brief(spelling)}\` (given as \`${brief(givenAs)}\`)`;
}

/** Concrete steps: the rule's suggestion first, then what can be done about the kind of decision. */
export function howToFix(decision: EvaluationResult): string {
  const { verdict, suggestedAction, metadata, evaluatorName } = decision;
  const advice =
    suggestedAction === null || suggestedAction.trim() === '' ? null : endSentence(suggestedAction);
  const instead = advice === null ? '' : ` Instead: ${advice}`;
  // Refusals that the same call can outlive: their own advice says when to try again.
  const isPassing =
    evaluatorName === 'rate_limiter' || (evaluatorName === 'approvals' && metadata.fault !== true);
  if (isPassing && advice !== null) return `To go on: ${advice}`;
  if (verdict === 'ESCALATE') {
    const who = brief(metadata.escalateTo || 'a person');
    return `Ask ${who} to approve this exact call, or choose another way.${instead}`;
  }
  if (verdict === 'DEFER') {
    if (metadata.deferSeconds === 0) return `Try the same call again now.${instead}`;
    const wait = metadata.deferSeconds == null ? 'later' : `in ${metadata.deferSeconds} s`;
    return `Try the same call again ${wait}; until then go on with other work.${instead}`;
  }
  if (verdict === 'BLOCK' && metadata.repeats !== undefined) {
    return DO_NOT_REPEAT + (advice === null ? GIVE_UP : instead);
  }
  if (verdict === 'BLOCK' && metadata.defaulted === true) {
    return `${DO_NOT_RETRY} If it should be possible, add a rule that allows it.${instead}`;
  }
  if (verdict === 'BLOCK' && metadata.fault === true) {
    return `${DO_NOT_RETRY} ${mend(evaluatorName)}${instead}`;
  }
  return verdict === 'BLOCK' ? `${DO_NOT_RETRY}${instead}` : instead.trim();
}

function mend(failed: string): string {
  const known = Object.hasOwn(FAILED, failed) ? FAILED[failed] : undefined;
  return known?.fix ?? `Repair the evaluator "${brief(failed)}", or remove it.`;
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
  /** Which try of the same intent in its session this was, where it was refused too often before. */
  readonly repeats?: number;
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
    ...(error.repeats === null ? {} : { repeats: error.repeats }),
  };
}
