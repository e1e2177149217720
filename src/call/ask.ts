import type { ApprovalAnswer } from '../approvals/approver.ts';
import { combine, faultResult, messageOf, withRefusal } from '../core/evaluate.ts';
import type { EvaluationResult, EvaluatorResult } from '../core/result.ts';
import { Verdict } from '../core/verdict.ts';
import { DeadlineError, PromiseOnSyncPathError, perform, type Steps } from './effect.ts';
import type { ReadCall } from './intent-of-call.ts';
import type { RecordBodies } from './record-body.ts';
import type { CallServices } from './services.ts';
import type { ToolCall } from './tool.ts';

/** How often one call may be brought before a person, should the policy change again and again under it. */
const MAX_ROUNDS = 5;

/** What came of asking. Not approved: the decision says why the tool must not run. */
export interface Asked {
  readonly approved: boolean;
  readonly decision: EvaluationResult;
}

interface Escalated {
  readonly call: ToolCall;
  readonly read: ReadCall;
  readonly decision: EvaluationResult;
  readonly bodies: RecordBodies;
  /** Monotonic milliseconds at interception. */
  readonly started: number;
}

/**
 * Steps 3 and 3b: brings an escalated call before a person, and judges it again with fresh facts once they approve:
 * a BLOCK by now blocks, and an escalation by a rule that they did not see asks again.
 * BLOCK and DEFER are not asked about, and without an approver nothing is.
 */
export function* askPerson(
  escalated: Escalated,
  services: CallServices,
  judgeAgain: () => Steps<EvaluationResult>,
): Steps<Asked> {
  const shown = new Set<string>();
  let decision = escalated.decision;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (Verdict.isPermissive(decision.verdict)) return { approved: true, decision };
    if (decision.verdict !== 'ESCALATE' || services.approver === null) return { approved: false, decision };
    const unseen = objections(decision).filter((objection) => !shown.has(objection));
    if (round > 0 && unseen.length === 0) return afterApproval(decision);
    for (const objection of unseen) shown.add(objection);
    const answer = yield* ask({ ...escalated, decision }, services);
    if ('verdict' in answer) return { approved: false, decision: answer };
    if (answer.approved !== true) return { approved: false, decision: denied(decision, answer) };
    decision = yield* judgeAgain();
  }
  return { approved: false, decision };
}

/** A person can approve an escalation; what was put off besides stays put off. */
function afterApproval(decision: EvaluationResult): Asked {
  const deferred = decision.results.filter(({ verdict }) => verdict === 'DEFER');
  if (deferred.length === 0) return { approved: true, decision };
  const { riskScore, results, latencyMs } = decision;
  return { approved: false, decision: { ...combine(deferred, latencyMs), riskScore, results } };
}

/** Everybody who wants a person to decide. All of them are shown, so an approval covers all of them. */
function escalations(decision: EvaluationResult): EvaluatorResult[] {
  return decision.results.filter(({ verdict }) => verdict === 'ESCALATE');
}

function objections(decision: EvaluationResult): string[] {
  return escalations(decision).map(({ evaluatorName, metadata, reason }) => {
    const { ruleName = null, policyName = null, escalateTo = null } = metadata;
    // The scorer's reason has figures in it that change from one judgement to the next.
    const said = evaluatorName === 'risk_scorer' ? '' : reason;
    return JSON.stringify([evaluatorName, policyName, ruleName, escalateTo, said]);
  });
}

/** The reasons of all who escalated, the deciding one first. */
function reasonsOf(decision: EvaluationResult): string {
  const others = escalations(decision).map(({ reason }) => reason);
  return [...new Set([decision.reason, ...others])].filter((reason) => reason !== '').join(' Also: ');
}

function* ask(
  { call, read, decision, bodies, started }: Escalated,
  services: CallServices,
): Steps<ApprovalAnswer | EvaluationResult> {
  const { approver, clock, journal } = services;
  const { intent } = read;
  const seconds = decision.metadata.timeoutSeconds ?? services.approvalTimeoutMs() / 1000;
  const action = {
    id: intent.actionId,
    toolName: intent.toolName,
    intent: intent.intent,
    outcome: 'ESCALATE',
    reason: reasonsOf(decision),
    latencyMs: clock.monotonic() - started,
    timestamp: intent.timestamp,
    args: intent.parameters,
    result: null,
    error: null,
  } as const;
  const escalateTo = decision.metadata.escalateTo ?? null;
  const gather = { gather: call.waits };
  const body = bodies.decided(decision, 'waiting');
  try {
    yield* perform('journal', () => journal.append('waiting', intent.actionId, body, gather), 5_000);
  } catch (error) {
    journal.countFailure();
    if (!services.mayRunUnjournaled()) {
      const problem = `The journal cannot be written, so nobody was asked: ${messageOf(error)}.`;
      return withRefusal(decision, faultResult('journal', problem));
    }
  }
  try {
    return yield* perform(
      'ask',
      () => approver?.ask({ action, escalateTo }),
      seconds * 1000,
    ) as Steps<ApprovalAnswer>;
  } catch (error) {
    if (error instanceof PromiseOnSyncPathError) return decision;
    if (error instanceof DeadlineError) return timedOut(decision, seconds);
    return denied(decision, { approvalId: null, note: `asking failed: ${messageOf(error)}` });
  }
}

function denied(
  decision: EvaluationResult,
  { approvalId, note }: Pick<ApprovalAnswer, 'approvalId' | 'note'>,
): EvaluationResult {
  const said = note === null ? '' : ` (${note})`;
  const reason = `A person denied it${said}. It was escalated because: ${decision.reason}`;
  return refused(decision, reason, { denied: { approvalId, note } });
}

function timedOut(decision: EvaluationResult, seconds: number): EvaluationResult {
  const reason = `Nobody decided within ${seconds} s. It was escalated because: ${decision.reason}`;
  return refused(decision, reason, { approvalTimedOut: seconds });
}

function refused(
  decision: EvaluationResult,
  reason: string,
  more: EvaluationResult['metadata'],
): EvaluationResult {
  return {
    ...decision,
    verdict: 'BLOCK',
    outcome: 'BLOCK',
    reason,
    metadata: { ...decision.metadata, ...more },
  };
}
