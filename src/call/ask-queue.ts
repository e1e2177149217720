import { type ApprovalQueue, type AsShown, askedAgain, type Matched } from '../approvals/queue.ts';
import type { Approval, ApprovalAsk } from '../core/approval.ts';
import { ignoreRejection, isThenable } from '../core/awaitable.ts';
import { messageOf } from '../core/evaluate.ts';
import { abortSignalOf } from './abort-signal.ts';
import { PromiseOnSyncPathError, perform, type Steps } from './effect.ts';
import {
  type Answer,
  actionOf,
  askingFailed,
  cancelled,
  denied,
  type Escalated,
  failed,
  notThisCall,
  reasonsOf,
  steadyReasonsOf,
  timedOut,
  timeoutSecondsOf,
  waitsFor,
} from './escalated.ts';
import type { CallServices } from './services.ts';

/** How long the queue may take to answer, in milliseconds; then the call is refused. */
const QUEUE_MS = 5_000;

/** Who an `escalationHandler` decides as. */
const HANDLER = 'escalationHandler';

/** Nobody has decided on this call before, or was asked, or that is over. */
export interface Unanswered {
  /** Why what was decided on a call that looks the same does not count for this one. */
  readonly unlike?: string | undefined;
}

/** What people have decided on exactly this call before, or were asked and have not decided yet. */
export function* answerSoFar(
  escalated: Escalated,
  services: CallServices,
  queue: ApprovalQueue,
): Steps<Answer | Unanswered> {
  const { read, bodies, objections } = escalated;
  let matched: Matched;
  try {
    const { sessionId } = read.intent;
    const asShown = (): AsShown => asShownOf(escalated, services);
    const match = () => queue.match(bodies.digest(), sessionId, objections, asShown);
    matched = (yield* perform('ask', match, QUEUE_MS)) as Matched;
  } catch (error) {
    return failed(escalated, 'approvals', error);
  }
  if (matched.kind === 'granted') return { approved: true, by: { grantId: matched.grant.id } };
  if (matched.kind === 'approved') return { approved: true, by: { approvalId: matched.approval.id } };
  if (matched.kind === 'denied') return deniedBy(escalated, matched.approval);
  if (matched.kind === 'none') return { unlike: matched.unlike };
  return yield* resume(escalated, matched.approval, services, queue);
}

/** What a person would be shown of the call now. */
function asShownOf({ read, decision, bodies }: Escalated, services: CallServices): AsShown {
  const { toolName, actionType, agentId, taskId, sessionId } = read.intent;
  const { signed } = services.approvalSettings();
  return {
    digest: bodies.digest(),
    ...{ toolName, actionType, agentId, taskId, sessionId },
    verdict: decision.verdict === 'DEFER' ? 'DEFER' : 'ESCALATE',
    // A signed reason is compared with that of the same call made again.
    reason: bodies.redacted(signed ? steadyReasonsOf(decision) : reasonsOf(decision)),
    ruleName: decision.ruleName,
    escalateTo: decision.metadata.escalateTo ?? null,
    shown: bodies.shown(),
  };
}

/** The same call waits for a person already, and no other one waits for the answer. */
function* resume(
  escalated: Escalated,
  approval: Approval,
  services: CallServices,
  queue: ApprovalQueue,
): Steps<Answer> {
  if (!mayWait(escalated, services)) return waitsFor(escalated, approval.id);
  try {
    const adopted = (yield* perform('ask', () => queue.adopt(approval), QUEUE_MS)) as Approval | undefined;
    if (adopted === undefined) return waitsFor(escalated, approval.id);
  } catch (error) {
    return failed(escalated, 'approvals', error);
  }
  const left = Math.max(0, approval.expiresAt.getTime() - services.clock.now());
  const answer = (): unknown => wait(escalated, approval, left, queue);
  return yield* answerTo(escalated, approval.id, answer, services, queue);
}

/**
 * Brings a call before people by a new request in the queue. An async call waits for the answer; any other is refused for
 * now, and may come again.
 */
export function* askQueue(
  escalated: Escalated,
  { unlike: again }: Unanswered,
  services: CallServices,
  queue: ApprovalQueue,
): Steps<Answer> {
  const { read, decision, bodies, objections } = escalated;
  const { intent } = read;
  const asked =
    again === undefined ? decision : { ...decision, reason: `${decision.reason}${askedAgain(again)}` };
  const timeoutMs = timeoutSecondsOf(escalated, services) * 1000;
  const handled = handlerFor(escalated, services);
  const waits = mayWait(escalated, services) || (escalated.call.waits && handled !== null);
  let ask: ApprovalAsk;
  try {
    ask = queue.newAsk({
      ...asShownOf(escalated, services),
      actionId: intent.actionId,
      riskScore: decision.riskScore,
      policyRevision: services.revision(),
      objections,
      timeoutMs,
      waits,
      again,
    });
    const told = { ...asked, metadata: { ...asked.metadata, approvalId: ask.id } };
    const record = services.journal.draft('waiting', intent.actionId, bodies.decided(told, 'waiting'));
    yield* perform('journal', () => queue.enter(ask, record), QUEUE_MS);
  } catch (error) {
    services.journal.countFailure();
    return failed(escalated, 'approvals', error);
  }
  if (!waits && handled === null) return waitsFor({ decision: asked }, ask.id);
  const answer = (): unknown => {
    const answered = handled?.(ask.id, queue);
    if (!waits) return answered;
    if (isThenable(answered)) ignoreRejection(answered);
    return wait(escalated, ask, timeoutMs, queue);
  };
  return yield* answerTo(escalated, ask.id, answer, services, queue);
}

/** An async call waits, unless it was put off or the settings say otherwise. */
function mayWait({ call, decision }: Escalated, services: CallServices): boolean {
  return call.waits && decision.verdict === 'ESCALATE' && services.approvalSettings().wait;
}

/** Has the `escalationHandler` decide, where there is one that may: among signed decisions its word does not count. */
function handlerFor(
  escalated: Escalated,
  services: CallServices,
): ((id: string, queue: ApprovalQueue) => unknown) | null {
  const { approver } = services;
  const { asksHandler } = services.approvalSettings();
  if (approver === null || !asksHandler || escalated.decision.verdict !== 'ESCALATE') return null;
  const escalateTo = escalated.decision.metadata.escalateTo ?? null;
  return (id, queue) => {
    const answer = approver.ask({ action: actionOf(escalated, services), escalateTo });
    const decide = ({ approved, note }: { approved: boolean; note: string | null }): unknown =>
      queue.decide(id, {
        by: HANDLER,
        approved: approved === true,
        // It may quote the action's own secrets, which only the action knows.
        note: note === null ? null : escalated.bodies.redacted(note),
      });
    if (!isThenable(answer)) return decide(answer);
    // Somebody else may have decided meanwhile: the first decision counts.
    const decided = Promise.resolve(answer).then(decide);
    return decided.then(undefined, () => queue.get(id));
  };
}

function wait(
  { read }: Escalated,
  approval: Pick<Approval, 'id' | 'expiresAt'>,
  timeoutMs: number,
  queue: ApprovalQueue,
): Promise<Approval> {
  return queue.wait(approval, { timeoutMs, signal: abortSignalOf(read.args) });
}

/** What came of a request. */
function* answerTo(
  escalated: Escalated,
  id: string,
  decided: () => unknown,
  services: CallServices,
  queue: ApprovalQueue,
): Steps<Answer> {
  let approval: Approval | undefined;
  try {
    approval = (yield* perform('ask', decided)) as Approval | undefined;
  } catch (error) {
    if (error instanceof PromiseOnSyncPathError) return waitsFor(escalated, id);
    return askingFailed(escalated, { approvalId: id, note: `Asking failed: ${messageOf(error)}` });
  }
  switch (approval?.state) {
    case 'approved':
      return isForThis(escalated, approval, services, queue)
        ? { approved: true, by: { approvalId: id } }
        : notThisCall(escalated, id);
    case 'denied':
      return deniedBy(escalated, approval);
    case 'expired':
      return timedOut(escalated, secondsOf(approval), id);
    case 'cancelled':
      return cancelled(escalated, id);
    default:
      return waitsFor(escalated, id);
  }
}

/** An `escalationHandler` says yes or no, without a note: one with a note is the guard's word that it failed. */
function deniedBy(escalated: Escalated, { id, decidedBy, note }: Approval): Answer {
  if (decidedBy === HANDLER && note !== null) return askingFailed(escalated, { approvalId: id, note });
  return denied(escalated, { approvalId: id, note });
}

/** Somebody may have changed what the approver was shown while the call waited. In doubt it is not. */
function isForThis(
  escalated: Escalated,
  approval: Approval,
  services: CallServices,
  queue: ApprovalQueue,
): boolean {
  try {
    return queue.isFor(approval, () => asShownOf(escalated, services));
  } catch {
    return false;
  }
}

function secondsOf({ expiresAt, requestedAt }: Approval): number {
  return Math.max(0, (expiresAt.getTime() - requestedAt.getTime()) / 1000);
}
