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
import { frozenResult } from '../core/freeze.ts';
import type { ActionIntent } from '../core/intent.ts';
import { refusalFor, refusalValue } from '../core/refuse.ts';
import type { EvaluationResult, EvaluatorResult } from '../core/result.ts';
import { Verdict } from '../core/verdict.ts';
import type { Reservation } from '../limits/limiter.ts';
import { act } from './act.ts';
import { askPerson } from './ask.ts';
import { abandon, capture } from './capture.ts';
import { NOTHING_CAPTURED } from './captured.ts';
import { type About, giveBack, type Judged, journalDecision, OWN_DEADLINE_MS } from './decide.ts';
import { perform, type Steps, waitFor } from './effect.ts';
import type { ApprovedBy } from './escalated.ts';
import { type Demands, factsOf, limitCall } from './facts.ts';
import { type ReadCall, readCall } from './intent-of-call.ts';
import { RecordBodies } from './record-body.ts';
import { steered } from './repeats.ts';
import type { CallServices } from './services.ts';
import type { ToolCall } from './tool.ts';

/** How long a custom evaluator may take, in milliseconds; then it counts as BLOCK. */
const EVALUATOR_DEADLINE_MS = 1_000;

/**
 * One guarded call from interception to its end, written once for sync and async tools alike.
 * Returns the tool's result; throws the tool's error, or a PolicyViolationError when the tool did not run.
 */
export function* guardedCall(call: ToolCall, services: CallServices): Steps<unknown> {
  const started = services.clock.monotonic();
  const read = readCall(call, services);
  const about: About = { call, read, bodies: new RecordBodies(call, read, started, services) };
  const monitoring = services.mode() === 'monitor';
  if (services.acts.isClosed) return yield* refuse(about, combine([CLOSED], 0), services);

  let { decision, revision } = yield* judgeInForce(about, services);
  let approvedBy: ApprovedBy | null = null;
  if (decision.metadata.stops === true) return yield* refuse(about, decision, services);
  if (!monitoring && !Verdict.isPermissive(decision.verdict)) {
    const asked = yield* askPerson({ ...about, decision, started }, services, function* () {
      const again = yield* judgeInForce(about, services);
      revision = again.revision;
      return again.decision;
    });
    approvedBy = asked.approvedBy;
    if (!asked.approved) {
      yield* giveBack(approvedBy, services);
      return yield* refuse(about, steered(read, asked, services), services);
    }
    decision = asked.decision;
  }

  // Since then it may have waited, and an approval is not to be used up by what will not run.
  if (services.acts.isClosed) {
    yield* giveBack(approvedBy, services);
    return yield* refuse(about, withRefusal(decision, CLOSED), services);
  }
  const reserved = yield* reserve(read.intent, decision, services);
  const { reservation } = reserved;
  if (reservation === null) {
    if (!monitoring) {
      yield* giveBack(approvedBy, services);
      return yield* refuse(about, reserved.decision, services);
    }
    decision = reserved.decision;
  }

  const captured = yield* capture(about, services);
  if ('verdict' in captured) {
    return yield* withdraw({ ...about, decision, approvedBy, reservation }, captured, services);
  }
  about.bodies.captured(captured);

  const problem =
    (yield* journalDecision(about, { decision, revision, monitoring, approvedBy }, services)) ??
    // Since it was judged the call may have waited, for the limiter or for the journal.
    (yield* readFreeze(services)) ??
    (services.acts.isClosed ? CLOSED : null);
  if (problem !== null) {
    about.bodies.captured(NOTHING_CAPTURED);
    yield* abandon(captured, services);
    return yield* withdraw({ ...about, decision, approvedBy, reservation }, problem, services);
  }
  services.counted(read.intent, decision, true);
  return yield* act({ ...about, decision, revision, reservation, capture: captured }, services);
}

const CLOSED = faultResult('guard', 'The guard was closed, so nothing may run through it any more.');

/** How often a call is judged again because the policy changed while it was judged. */
const MAX_JUDGEMENTS = 5;

/** Judges by the policy that is in force when the judging ends: it may change while an evaluator is waited for. */
function* judgeInForce({ call, read }: About, services: CallServices): Steps<Judged> {
  for (let count = 1; ; count++) {
    const revision = services.revision();
    const decision = yield* judgeFresh(read, call.spec, services);
    if (count === MAX_JUDGEMENTS || services.revision() === revision) return { decision, revision };
  }
}

/** Steps 1 and 2: gathers facts and has every evaluator judge. Whatever goes wrong here is a BLOCK. */
export function* judgeFresh(
  read: ReadCall,
  demands: Demands | null,
  services: CallServices,
): Steps<EvaluationResult> {
  if (read.problem !== null)
    return combine([faultResult('arguments', `The arguments cannot be read: ${read.problem}.`)], 0);
  const started = services.clock.monotonic();
  let facts: Facts;
  try {
    const stop = yield* readStore(services);
    if (stop !== null) return combine([stop], services.clock.monotonic() - started);
    const found = services.limiter.facts(limitCall(read.intent));
    const limits = isThenable(found) ? yield* waitFor('facts', found, OWN_DEADLINE_MS) : found;
    facts = factsOf(limits, read, demands, services);
  } catch (error) {
    return combine([faultResult('facts', `What judging needs could not be read: ${messageOf(error)}.`)], 0);
  }
  const evaluators = services.evaluators();
  const answers = askEvaluators(read.intent, evaluators, facts);
  if (hasPromise(answers)) yield* settleAnswers(answers);
  return combine(readAnswers(evaluators, answers), services.clock.monotonic() - started);
}

/**
 * What the store must say before anything is judged: that nothing is frozen, and that it has what is owed to it. Where it
 * cannot say so nothing may run, in monitor mode neither.
 */
function* readStore(services: CallServices): Steps<EvaluatorResult | null> {
  const stop = yield* readFreeze(services);
  if (stop !== null || !services.journal.owes) return stop;
  try {
    yield* perform('journal', () => services.journal.catchUp(), OWN_DEADLINE_MS);
    return null;
  } catch (error) {
    return unreadable(error, services);
  }
}

/** The freeze in force as a refusal, or `null`. */
function* readFreeze(services: CallServices): Steps<EvaluatorResult | null> {
  try {
    const told = services.frozen();
    const frozen = isThenable(told) ? yield* waitFor('facts', told, OWN_DEADLINE_MS) : told;
    return frozen === null ? null : frozenResult(frozen);
  } catch (error) {
    return unreadable(error, services);
  }
}

function unreadable(error: unknown, services: CallServices): EvaluatorResult | null {
  if (services.mayRunUnjournaled()) {
    services.journal.countFailure();
    return null;
  }
  const fault = faultResult('facts', `What judging needs could not be read: ${messageOf(error)}.`);
  return { ...fault, metadata: { ...fault.metadata, stops: true } };
}

function hasPromise(answers: readonly unknown[]): boolean {
  for (let i = 0; i < answers.length; i++) {
    const answer = answers[i];
    if (answer !== undefined && isThenable(answer)) return true;
  }
  return false;
}

/** Puts what the promises among the answers come to in their places. */
function* settleAnswers(answers: unknown[]): Steps<void> {
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
}

interface Reserved {
  readonly reservation: Reservation | null;
  readonly decision: EvaluationResult;
}

/** Step 4: takes the quota that judging only looked at. A refusal, or a limiter that fails, is a BLOCK. */
function* reserve(intent: ActionIntent, decision: EvaluationResult, services: CallServices): Steps<Reserved> {
  try {
    const told = services.limiter.reserve(limitCall(intent));
    const answer = isThenable(told) ? yield* waitFor('reserve', told, OWN_DEADLINE_MS) : told;
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

/** A call that was cleared must not run after all: what was taken for it is given back. */
function* withdraw(
  { reservation, approvedBy, ...about }: About & Taken,
  problem: EvaluatorResult,
  services: CallServices,
): Steps<unknown> {
  if (reservation !== null) yield* release(reservation, services);
  yield* giveBack(approvedBy, services);
  return yield* refuse(about, withRefusal(about.decision, problem), services);
}

/** What a call holds once it is decided. */
interface Taken {
  readonly decision: EvaluationResult;
  readonly approvedBy: ApprovedBy | null;
  readonly reservation: Reservation | null;
}

function* release(reservation: Reservation, services: CallServices): Steps<void> {
  try {
    yield* perform('settle', () => services.limiter.release(reservation), OWN_DEADLINE_MS);
  } catch {
    services.journal.countFailure();
  }
}

/** Journals a refusal and throws it, or hands it out as a value. One that cannot be written is one all the same, and owed. */
function* refuse(
  { call, read, bodies }: About,
  decision: EvaluationResult,
  services: CallServices,
): Steps<unknown> {
  const { intent } = read;
  const body = bodies.decided(decision, 'refused');
  const gather = { gather: call.waits };
  try {
    yield* perform(
      'journal',
      () => services.journal.append('decided', intent.actionId, body, gather),
      OWN_DEADLINE_MS,
    );
  } catch {
    services.journal.owe('decided', intent.actionId, body);
  }
  services.counted(intent, decision, false);
  services.ended(intent, decision.verdict);
  services.written(intent);
  const refusal = refusalFor(intent, decision);
  if (call.spec.onBlock === 'return') return refusalValue(refusal);
  throw refusal;
}
