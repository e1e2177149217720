import { ApprovalSpentError } from '../core/approval.ts';
import { isThenable } from '../core/awaitable.ts';
import { faultResult, messageOf } from '../core/evaluate.ts';
import type { EvaluationResult, EvaluatorResult } from '../core/result.ts';
import { perform, type Steps, waitFor } from './effect.ts';
import type { ApprovedBy } from './escalated.ts';
import type { ReadCall } from './intent-of-call.ts';
import type { RecordBodies } from './record-body.ts';
import type { CallServices } from './services.ts';
import type { ToolCall } from './tool.ts';

/** How long the guard's own parts (limiter, store) may take to answer, in milliseconds; then the call is refused. */
export const OWN_DEADLINE_MS = 5_000;

/** One call, what was read of it, and what is told of it in the journal. */
export interface About {
  readonly call: ToolCall;
  readonly read: ReadCall;
  readonly bodies: RecordBodies;
}

/** A decision, and the policy revision that judged. */
export interface Judged {
  readonly decision: EvaluationResult;
  readonly revision: string;
}

/**
 * Step 5: if the decision cannot be written, the act does not happen. What approved it is used up in the same transaction.
 */
export function* journalDecision(
  { call, read, bodies }: About,
  { decision, revision, monitoring, approvedBy }: Decided,
  services: CallServices,
): Steps<EvaluatorResult | null> {
  const { journal } = services;
  const { actionId } = read.intent;
  const body = bodies.decided(decision, 'running', monitoring);
  const consumes = approvedBy === null ? undefined : { ...approvedBy, now: services.clock.now() };
  try {
    const written = journal.append('decided', actionId, body, { gather: call.waits, revision, consumes });
    if (isThenable(written)) yield* waitFor('journal', written, OWN_DEADLINE_MS);
    return null;
  } catch (error) {
    if (error instanceof ApprovalSpentError) return SPENT;
    // Without a journal nobody could tell that an approval was used, and it would be used again.
    if (services.mayRunUnjournaled() && approvedBy === null) {
      journal.owe('decided', actionId, body, revision);
      return null;
    }
    journal.countFailure();
    return faultResult('journal', `The journal cannot be written, so nothing may run: ${messageOf(error)}.`);
  }
}

interface Decided extends Judged {
  readonly monitoring: boolean;
  readonly approvedBy: ApprovedBy | null;
}

/** Somebody else ran by the same approval, or it ended, after the call was judged. */
const SPENT: EvaluatorResult = Object.freeze({
  verdict: 'BLOCK',
  reason: 'The approval for this call was used, revoked or expired before the call could run.',
  confidence: 1,
  evaluatorName: 'approvals',
  suggestedAction: 'make the same call again, which asks a person again',
  metadata: Object.freeze({}),
});

/** An approval that was not used after all is for the same call when it is made again. */
export function* giveBack(approvedBy: ApprovedBy | null, { approvals, journal }: CallServices): Steps<void> {
  const id = approvedBy?.approvalId;
  if (id === undefined || approvals === null) return;
  try {
    yield* perform('settle', () => approvals.release(id), OWN_DEADLINE_MS);
  } catch {
    journal.countFailure();
  }
}
