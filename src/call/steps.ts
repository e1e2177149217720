import { ignoreRejection, isThenable } from '../core/awaitable.ts';
import {
  askEvaluators,
  combine,
  Fault,
  faultResult,
  messageOf,
  readAnswers,
  withRefusal,
} from '../core/evaluate.ts';
import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import { refusalFor, refusalValue } from '../core/refuse.ts';
import type { EvaluationResult } from '../core/result.ts';
import { Verdict } from '../core/verdict.ts';
import type { Reservation } from '../limits/limiter.ts';
import { act } from './act.ts';
import { askPerson } from './ask.ts';
import { perform, type Steps } from './effect.ts';
import { factsOf, limitCall } from './facts.ts';
import { type ReadCall, readCall } from './intent-of-call.ts';
import { decidedBody } from './record-body.ts';
import type { CallServices } from './services.ts';
import type { ToolCall } from './tool.ts';

/** How long the guard's own parts (limiter, store) may take to answer, in milliseconds; then the call is refused. */
const OWN_DEADLINE_MS = 5_000;
/** How long a custom evaluator may take, in milliseconds; then it counts as BLOCK. */
const EVALUATOR_DEADLINE_MS = 1_000;

/**
 * One guarded call from interception to its end, written once for sync and async tools alike.
 * Returns the tool's result; throws the tool's error, or a PolicyViolationError when the tool did not run.
 */
export function* guardedCall(call: ToolCall, services: CallServices): Steps<unknown> {
  const started = services.clock.monotonic();
  const read = readCall(call, services);
  const monitoring = services.mode() === 'monitor';

  let decision = yield* judgeFresh(read, call.spec.minTrust, services);
  if (!monitoring && !Verdict.isPermissive(decision.verdict)) {
    const asked = yield* askPerson({ call, read, decision, started }, services, () =>
      judgeFresh(read, call.spec.minTrust, services),
    );
    if (!asked.approved) return yield* refuse(call, read, asked.decision, started, services);
    decision = asked.decision;
  }

  const reserved = yield* reserve(read.intent, decision, services);
  if (reserved.reservation === null) {
    if (!monitoring) return yield* refuse(call, read, reserved.decision, started, services);
    decision = reserved.decision;
  }

  const problem = yield* journalDecision({ call, read, decision, started, monitoring }, services);
  if (problem !== null) {
    if (reserved.reservation !== null) yield* release(reserved.reservation, services);
    return yield* refuse(call, read, withRefusal(decision, problem), started, services);
  }
  services.counted(read.intent, decision, true);
  return yield* act({ call, read, decision, started, reservation: reserved.reservation }, services);
}

/** Steps 1 and 2: gathers facts and has every evaluator judge. Whatever goes wrong here is a BLOCK. */
export function* judgeFresh(
  read: ReadCall,
  minTrust: number | null,
  services: CallServices,
): Steps<EvaluationResult> {
  if (read.problem !== null)
    return combine([faultResult('arguments', `The arguments cannot be read: ${read.problem}.`)], 0);
  const started = services.clock.monotonic();
  let facts: Facts;
  try {
    if (services.journal.owes) yield* perform('journal', () => services.journal.catchUp(), OWN_DEADLINE_MS);
    const limits = yield* perform(
      'facts',
      () => services.limiter.facts(limitCall(read.intent)),
      OWN_DEADLINE_MS,
    );
    facts = factsOf(limits, read, minTrust, services);
  } catch (error) {
    return combine([faultResult('facts', `What judging needs could not be read: ${messageOf(error)}.`)], 0);
  }
  return yield* judge(read.intent, facts, services, started);
}

function* judge(
  intent: ActionIntent,
  facts: Facts,
  services: CallServices,
  started: number,
): Steps<EvaluationResult> {
  const evaluators = services.evaluators();
  const answers = askEvaluators(intent, evaluators, facts);
  // They are awaited one after the other: one that rejects before its turn must not end the process.
  for (const answer of answers) if (isThenable(answer)) ignoreRejection(answer);
  for (let i = 0; i < answers.length; i++) {
    const answer = answers[i];
    if (answer === undefined || !isThenable(answer)) continue;
    try {
      answers[i] = yield* perform('evaluate', () => answer, EVALUATOR_DEADLINE_MS);
    } catch (error) {
      answers[i] = new Fault(`failed: ${messageOf(error)}`);
    }
  }
  return combine(readAnswers(evaluators, answers), services.clock.monotonic() - started);
}

interface Reserved {
  readonly reservation: Reservation | null;
  readonly decision: EvaluationResult;
}

/** Step 4: takes the quota that judging only looked at. A refusal, or a limiter that fails, is a BLOCK. */
function* reserve(intent: ActionIntent, decision: EvaluationResult, services: CallServices): Steps<Reserved> {
  try {
    const answer = yield* perform(
      'reserve',
      () => services.limiter.reserve(limitCall(intent)),
      OWN_DEADLINE_MS,
    );
    if (answer.refused === false) return { reservation: answer, decision };
    const { reason, evaluatorName, suggestedAction, metadata } = answer;
    const refusal = {
      verdict: 'BLOCK',
      reason,
      evaluatorName,
      metadata,
      confidence: 1,
      suggestedAction,
    } as const;
    return { reservation: null, decision: withRefusal(decision, refusal) };
  } catch (error) {
    const fault = faultResult('limiter', `The limiter could not reserve: ${messageOf(error)}.`);
    return { reservation: null, decision: withRefusal(decision, fault) };
  }
}

function* release(reservation: Reservation, services: CallServices): Steps<void> {
  try {
    yield* perform('settle', () => services.limiter.release(reservation), OWN_DEADLINE_MS);
  } catch {
    services.journal.countFailure();
  }
}

/** Step 5: if the decision cannot be written, the act does not happen. */
function* journalDecision(
  told: Parameters<typeof decidedBody>[0],
  services: CallServices,
): Steps<ReturnType<typeof faultResult> | null> {
  const body = decidedBody(told, 'running', services);
  try {
    yield* perform(
      'journal',
      () => services.journal.append('decided', told.read.intent.actionId, body),
      OWN_DEADLINE_MS,
    );
    return null;
  } catch (error) {
    services.journal.countFailure();
    return faultResult('journal', `The journal cannot be written, so nothing may run: ${messageOf(error)}.`);
  }
}

/** Journals a refusal and throws it, or hands it out as a value. One that cannot be written is still a refusal. */
function* refuse(
  call: ToolCall,
  read: ReadCall,
  decision: EvaluationResult,
  started: number,
  services: CallServices,
): Steps<unknown> {
  const { intent } = read;
  const body = decidedBody({ call, read, decision, started, monitoring: false }, 'refused', services);
  try {
    yield* perform(
      'journal',
      () => services.journal.append('decided', intent.actionId, body),
      OWN_DEADLINE_MS,
    );
  } catch {
    services.journal.countFailure();
  }
  services.counted(intent, decision, false);
  services.ended(intent, decision.verdict);
  const refusal = refusalFor(intent, decision);
  if (call.spec.onBlock === 'return') return refusalValue(refusal);
  throw refusal;
}
