import type { ApprovalAnswer } from '../approvals/approver.ts';
import { messageOf } from '../core/evaluate.ts';
import { DeadlineError, PromiseOnSyncPathError, perform, type Steps } from './effect.ts';
import {
  type Answer,
  actionOf,
  askingFailed,
  denied,
  type Escalated,
  failed,
  notApproved,
  timedOut,
  timeoutSecondsOf,
} from './escalated.ts';
import type { CallServices } from './services.ts';

/** Asks the `escalationHandler` alone, where nothing is kept of it but the records. Without one, or where its yes is not enough, nobody is asked. */
export function* askHandler(escalated: Escalated, services: CallServices): Steps<Answer> {
  const { call, read, decision, bodies } = escalated;
  const { approver, journal } = services;
  const { handlerSuffices } = services.approvalSettings();
  if (decision.verdict !== 'ESCALATE' || approver === null || !handlerSuffices) return notApproved(decision);
  const body = bodies.decided(decision, 'waiting');
  const gather = { gather: call.waits };
  try {
    yield* perform('journal', () => journal.append('waiting', read.intent.actionId, body, gather), 5_000);
  } catch (error) {
    journal.countFailure();
    if (!services.mayRunUnjournaled()) return failed(escalated, 'journal', error);
  }
  const seconds = timeoutSecondsOf(escalated, services);
  const request = { action: actionOf(escalated, services), escalateTo: decision.metadata.escalateTo ?? null };
  try {
    const answer = (yield* perform('ask', () => approver.ask(request), seconds * 1000)) as ApprovalAnswer;
    if (answer.approved === true) return { approved: true, by: null };
    const { approvalId, note } = answer;
    // A handler says yes or no; a note is the guard's word that it failed.
    return note === null ? denied(escalated, answer) : askingFailed(escalated, { approvalId, note });
  } catch (error) {
    if (error instanceof PromiseOnSyncPathError) return notApproved(decision);
    if (error instanceof DeadlineError) return timedOut(escalated, seconds, null);
    return askingFailed(escalated, { approvalId: null, note: `Asking failed: ${messageOf(error)}` });
  }
}
