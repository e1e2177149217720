import type { EvaluationResult, EvaluatorResult } from '../core/result.ts';
import { Verdict } from '../core/verdict.ts';
import { askHandler } from './ask-handler.ts';
import { answerSoFar, askQueue } from './ask-queue.ts';
import { OWN_DEADLINE_MS } from './decide.ts';
import { perform, type Steps } from './effect.ts';
import type { Answer, ApprovedBy, Escalated, Refused } from './escalated.ts';
import { forgetRefusals, refusedTooOften } from './repeats.ts';
import type { CallServices } from './services.ts';

/** How often one call may be brought before a person, should the policy change again and again under it. */
const MAX_ROUNDS = 5;

/** What came of asking. Not approved: the decision says why the tool must not run. */
export interface Asked extends Refused {
  readonly approved: boolean;
  /** What approved it, and is used up when the decision is journaled; `null` where nothing did, or was kept of it. */
  readonly approvedBy: ApprovedBy | null;
}

/**
 * Steps 3 and 3b: brings a call that was escalated or deferred before a person, and judges it again with fresh facts once
 * they approve: a BLOCK by now blocks, and an escalation by a rule that they did not see asks again.
 */
export function* askPerson(
  escalated: Omit<Escalated, 'objections'>,
  services: CallServices,
  judgeAgain: () => Steps<EvaluationResult>,
): Steps<Asked> {
  const shown = new Set<string>();
  let approvedBy: ApprovedBy | null = null;
  let decision = escalated.decision;
  for (let round = 0; ; round++) {
    if (Verdict.isPermissive(decision.verdict)) return approved(decision, approvedBy);
    if (decision.verdict === 'BLOCK') {
      return { approved: false, decision, approvedBy, counts: isAboutIntent(decision) };
    }
    const objections = objectionsOf(decision, services);
    if (round > 0 && objections.every((objection) => shown.has(objection))) {
      return approved(decision, approvedBy);
    }
    if (round === MAX_ROUNDS) return { approved: false, decision, approvedBy, counts: false };
    for (const objection of objections) shown.add(objection);
    // What objected before and does not now is not shown: this answer, or its grant, is none on that.
    const answer = yield* ask({ ...escalated, decision, objections }, services);
    if (!answer.approved) return { ...answer, approvedBy };
    forgetRefusals(escalated.read, services);
    yield* withdrawFormer(approvedBy, answer.by, services);
    approvedBy = answer.by;
    decision = yield* judgeAgain();
  }
}

/**
 * Ends the approval that was not enough, once there is one of all that was objected to: both are for this one call, which
 * uses up only the latter. The former would let it run again.
 */
function* withdrawFormer(
  former: ApprovedBy | null,
  by: ApprovedBy | null,
  { approvals, journal }: CallServices,
): Steps<void> {
  const id = former?.approvalId;
  if (id === undefined || id === by?.approvalId || approvals === null) return;
  try {
    yield* perform('settle', () => approvals.cancel(id), OWN_DEADLINE_MS);
  } catch {
    journal.countFailure();
  }
}

/** What was decided on this very call goes first; then a call that was refused too often is not brought before anybody. */
function* ask(escalated: Escalated, services: CallServices): Steps<Answer> {
  const approvals = services.approvalSettings().asksQueue ? services.approvals : null;
  const before = approvals === null ? {} : yield* answerSoFar(escalated, services, approvals);
  if ('approved' in before) return before;
  const tooOften = refusedTooOften(escalated, services);
  if (tooOften !== null) return tooOften;
  if (approvals !== null) return yield* askQueue(escalated, before, services, approvals);
  return yield* askHandler(escalated, services);
}

/** Whether a BLOCK says something of the intent: not a fault or a freeze, and not a limit that the same call can outlive. */
function isAboutIntent({ evaluatorName, metadata }: EvaluationResult): boolean {
  if (metadata.fault === true || metadata.frozen === true) return false;
  switch (evaluatorName) {
    case 'rate_limiter':
      return false;
    case 'cost_estimator':
      return metadata.budgetLimit === undefined;
    case 'cascade':
      return metadata.maxConcurrent === undefined;
    default:
      return true;
  }
}

function approved(decision: EvaluationResult, approvedBy: ApprovedBy | null): Asked {
  if (approvedBy === null) return { approved: true, decision, approvedBy, counts: false };
  const told = { ...decision, metadata: { ...decision.metadata, ...approvedBy } };
  return { approved: true, decision: told, approvedBy, counts: false };
}

/** Everybody who wants a person to decide. All of them are shown, so an approval covers all of them. */
function objectionsOf({ results }: EvaluationResult, { digest }: CallServices): string[] {
  const said = results.filter(({ verdict }) => verdict === 'ESCALATE' || verdict === 'DEFER');
  // Kept as digests: a reason may quote a secret, and is shown without it.
  return [...new Set(said.map((result) => digest(objectionOf(result))))];
}

function objectionOf({ evaluatorName, verdict, metadata, reason }: EvaluatorResult): string {
  const { ruleName = null, policyName = null, escalateTo = null } = metadata;
  // The scorer's reason has figures in it that change from one judgement to the next.
  const told = evaluatorName === 'risk_scorer' ? '' : reason;
  return JSON.stringify([verdict, evaluatorName, policyName, ruleName, escalateTo, told]);
}
