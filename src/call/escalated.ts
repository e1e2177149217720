import { faultResult, messageOf, withRefusal } from '../core/evaluate.ts';
import { endSentence } from '../core/refuse.ts';
import type { EvaluationResult, EvaluatorResult } from '../core/result.ts';
import type { ReadCall } from './intent-of-call.ts';
import type { RecordBodies } from './record-body.ts';
import type { CallServices } from './services.ts';
import type { ToolCall } from './tool.ts';

/** A call that a person is to decide on. */
export interface Escalated {
  readonly call: ToolCall;
  readonly read: ReadCall;
  readonly decision: EvaluationResult;
  readonly bodies: RecordBodies;
  /** Monotonic milliseconds at interception. */
  readonly started: number;
  /** Everything that asks for a person, as they are shown it. */
  readonly objections: readonly string[];
}

/** The request, or the grant, by which a call is approved. */
export interface ApprovedBy {
  readonly approvalId?: string;
  readonly grantId?: string;
}

/** The decision that says why a call must not run. */
export interface Refused {
  readonly decision: EvaluationResult;
  /**
   * True where the refusal is about the intent and for good, so that it counts when the same is tried again: a rule or a
   * person said no, or nobody answered. False for what only waits, was cancelled, is over a rate or could not be asked.
   */
  readonly counts: boolean;
}

/** A person's answer: by what the call is approved, or why it must not run. */
export type Answer =
  | { readonly approved: true; readonly by: ApprovedBy | null }
  | ({ readonly approved: false } & Refused);

/** Not approved, for now. */
export function notApproved(decision: EvaluationResult): Answer {
  return { approved: false, decision, counts: false };
}

function refusedForGood(decision: EvaluationResult): Answer {
  return { approved: false, decision, counts: true };
}

/** A person said no. */
export function denied(
  { decision }: Pick<Escalated, 'decision'>,
  { approvalId, note }: { readonly approvalId: string | null; readonly note: string | null },
): Answer {
  const said = note === null || note === '' ? '' : ` (${note})`;
  const reason = `A person denied it${said}. It was escalated because: ${decision.reason}`;
  return refusedForGood(blocked(decision, reason, { approvalId, denied: { approvalId, note } }));
}

/** Whoever was to decide failed, which is a no, but no person's, and says nothing of the intent. */
export function askingFailed(
  { decision }: Pick<Escalated, 'decision'>,
  { approvalId, note }: { readonly approvalId: string | null; readonly note: string },
): Answer {
  const reason = `Nobody decided. ${endSentence(note)} It was escalated because: ${decision.reason}`;
  return notApproved(blocked(decision, reason, { approvalId, denied: { approvalId, note } }));
}

/** The same was refused too often to ask a person once more. */
export function notAskedAgain(decision: EvaluationResult): EvaluationResult {
  return blocked(
    decision,
    `Nobody was asked about it any more. It was escalated because: ${decision.reason}`,
    {},
  );
}

/** Nobody decided in time. */
export function timedOut(
  { decision }: Pick<Escalated, 'decision'>,
  seconds: number,
  approvalId: string | null,
): Answer {
  const reason = `Nobody decided within ${seconds} s. It was escalated because: ${decision.reason}`;
  return refusedForGood(blocked(decision, reason, { approvalId, approvalTimedOut: seconds }));
}

/** The caller does not want the call any more. */
export function cancelled({ decision }: Pick<Escalated, 'decision'>, approvalId: string): Answer {
  const reason = `The call was cancelled while it waited for a person. It was escalated because: ${decision.reason}`;
  return notApproved(blocked(decision, reason, { approvalId }));
}

/** It waits for a person, and may be made again once they have approved it. */
export function waitsFor({ decision }: Pick<Escalated, 'decision'>, approvalId: string): Answer {
  return notApproved({ ...decision, metadata: { ...decision.metadata, approvalId } });
}

/** What was approved is not shown to be this call: it does not run, and is asked anew when it is made again. */
export function notThisCall({ decision }: Pick<Escalated, 'decision'>, approvalId: string): Answer {
  const reason =
    `The request ${approvalId} was approved, but what it shows is not this call: somebody changed it in the database. ` +
    'So nobody has approved this call.';
  const refusal = {
    verdict: 'BLOCK',
    reason,
    confidence: 1,
    evaluatorName: 'approvals',
    suggestedAction: 'make the same call again, which asks a person again',
    metadata: {},
  } as const;
  return waitsFor({ decision: withRefusal(decision, refusal) }, approvalId);
}

/** Nobody could be asked, or nothing could be kept of it. */
export function failed({ decision }: Pick<Escalated, 'decision'>, part: string, error: unknown): Answer {
  const problem =
    part === 'journal'
      ? `The journal cannot be written, so nobody was asked: ${messageOf(error)}.`
      : `Approvals cannot be read or written, so nobody was asked: ${messageOf(error)}.`;
  return notApproved(withRefusal(decision, faultResult(part, problem)));
}

/** How long a person is waited for, in seconds. */
export function timeoutSecondsOf({ decision }: Pick<Escalated, 'decision'>, services: CallServices): number {
  return decision.metadata.timeoutSeconds ?? services.approvalTimeoutMs() / 1000;
}

/** The call as an `escalationHandler` is shown it. */
export function actionOf({ read, decision, started }: Escalated, { clock }: CallServices) {
  const { intent } = read;
  return {
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
}

/** The reasons of all who want a person, the deciding one first. */
export function reasonsOf(decision: EvaluationResult): string {
  return joined(decision, ({ reason }) => reason);
}

/** The same as it is signed: without figures that change from one judgement to the next. */
export function steadyReasonsOf(decision: EvaluationResult): string {
  return joined(decision, ({ evaluatorName, reason }) =>
    evaluatorName === 'risk_scorer' ? 'The risk score is above what the agent may do alone' : reason,
  );
}

function joined(decision: EvaluationResult, told: (result: EvaluatorResult) => string): string {
  const asking = decision.results.filter(({ verdict }) => verdict === 'ESCALATE' || verdict === 'DEFER');
  const deciding = asking.find(({ reason }) => reason === decision.reason);
  const first = deciding === undefined ? decision.reason : told(deciding);
  return [...new Set([first, ...asking.map(told)])].filter((reason) => reason !== '').join(' Also: ');
}

function blocked(
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
