import { BUILT_IN_EVALUATORS, type Evaluator } from './evaluator.ts';
import { copyOfFacts, copyOfIntent } from './evaluator-view.ts';
import type { Facts } from './facts.ts';
import type { ActionIntent } from './intent.ts';
import { isPlainObject, privateCopy } from './private-copy.ts';
import type { EvaluationResult, EvaluatorResult, ResultMetadata } from './result.ts';
import { isVerdict, type Outcome, severity } from './verdict.ts';

const NO_METADATA: ResultMetadata = Object.freeze({});

const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_EVALUATORS);

/**
 * An evaluator that is not the guard's own: its name and methods are read once, and its answers are never trusted
 * as they are, not even under the name of a built-in evaluator that it replaces. It is shown copies: what
 * it does to the intent or the facts changes nothing for those behind it, nor what is journaled or run.
 */
export class CustomEvaluator implements Evaluator {
  readonly name: string;
  readonly #evaluator: Evaluator;
  readonly #evaluate: Evaluator['evaluate'];
  readonly #after: Evaluator['after'];

  constructor(name: string, evaluator: Evaluator) {
    this.name = name;
    this.#evaluator = evaluator;
    this.#evaluate = evaluator.evaluate;
    this.#after = evaluator.after;
    Object.freeze(this);
  }

  evaluate(intent: ActionIntent, facts: Facts): ReturnType<Evaluator['evaluate']> {
    return this.#evaluate.call(this.#evaluator, copyOfIntent(intent), copyOfFacts(facts));
  }

  /** What the evaluator returns is handed on: an async one's promise wants its rejection handled. */
  after(intent: ActionIntent, outcome: Outcome): unknown {
    return this.#after?.call(this.#evaluator, copyOfIntent(intent), outcome);
  }
}

/**
 * The fail-closed address. Every opinion in the product passes through here, and whatever is not a well-formed
 * opinion (a throw, a promise, null, {}, a string, NaN, an unknown verdict) becomes BLOCK.
 * Every evaluator runs; the worst verdict is the decision; of equal ones the earliest gives the reason.
 */
export function evaluate(
  intent: ActionIntent,
  evaluators: readonly Evaluator[],
  facts: Facts,
  latencyMs: number = 0,
): EvaluationResult {
  return combine(readAnswers(evaluators, askEvaluators(intent, evaluators, facts)), latencyMs);
}

/** Asks every evaluator; the raw answers, in order. A throw becomes a {@link Fault}. */
export function askEvaluators(
  intent: ActionIntent,
  evaluators: readonly Evaluator[],
  facts: Facts,
): unknown[] {
  const answers: unknown[] = new Array(evaluators.length);
  for (let i = 0; i < evaluators.length; i++) {
    try {
      answers[i] = (evaluators[i] as Evaluator).evaluate(intent, facts);
    } catch (error) {
      answers[i] = new Fault(`threw: ${messageOf(error)}`);
    }
  }
  return answers;
}

/** Reads the answers of {@link askEvaluators}: `undefined` is no opinion, garbage and promises are BLOCK. */
export function readAnswers(
  evaluators: readonly Evaluator[],
  answers: readonly unknown[],
): EvaluatorResult[] {
  let opinions = 0;
  for (let i = 0; i < answers.length; i++) if (answers[i] !== undefined) opinions++;
  const results: EvaluatorResult[] = new Array(opinions);
  let at = 0;
  for (let i = 0; i < evaluators.length; i++) {
    const result = readAnswer(evaluators[i], answers[i]);
    if (result !== undefined) results[at++] = result;
  }
  return results;
}

/** Stands in for an answer that could not be had. */
export class Fault {
  readonly problem: string;

  constructor(problem: string) {
    this.problem = problem;
  }
}

function readAnswer(evaluator: Evaluator | undefined, answer: unknown): EvaluatorResult | undefined {
  if (answer === undefined) return undefined;
  const name = evaluator?.name ?? '';
  try {
    return wellFormed(name, answer, BUILT_IN.has(name) && !(evaluator instanceof CustomEvaluator));
  } catch (error) {
    return evaluatorFault(name, `gave an answer that cannot be read: ${messageOf(error)}`);
  }
}

function evaluatorFault(name: string, problem: string): EvaluatorResult {
  return faultResult(name, `The evaluator ${name} ${problem}.`);
}

/** Combines opinions into the decision. No opinion at all is not an allowance: it blocks. */
export function combine(results: readonly EvaluatorResult[], latencyMs: number): EvaluationResult {
  const overridden = isOverridden(results);
  let decisive: EvaluatorResult | undefined;
  let worst = 0;
  let riskScore = 0;
  for (let i = 0; i < results.length; i++) {
    const result = results[i] as EvaluatorResult;
    const { verdict } = result;
    if (result.evaluatorName === 'risk_scorer') {
      const score = result.metadata.riskScore;
      if (typeof score === 'number') riskScore = score;
      // A low risk is not permission, and under ALLOW_OVERRIDE a high one is no objection.
      if (verdict === 'ALLOW' || (overridden && result.metadata.fault !== true)) continue;
    }
    const rank = severity(verdict);
    if (decisive !== undefined && !(rank > worst)) continue;
    worst = rank;
    decisive = result;
  }
  decisive ??= faultResult('core', 'No evaluator had an opinion, and no opinion is not permission.');
  const { metadata } = decisive;
  return {
    verdict: decisive.verdict,
    outcome: decisive.verdict,
    reason: decisive.reason,
    confidence: decisive.confidence,
    evaluatorName: decisive.evaluatorName,
    suggestedAction: decisive.suggestedAction,
    metadata,
    ruleName: metadata.ruleName ?? null,
    policyTriggered: metadata.policyName ?? decisive.evaluatorName,
    riskScore,
    latencyMs,
    results,
  };
}

/** Whether the policy engine said ALLOW_OVERRIDE. */
function isOverridden(results: readonly EvaluatorResult[]): boolean {
  for (let i = 0; i < results.length; i++) {
    const result = results[i] as EvaluatorResult;
    if (result.evaluatorName === 'policy_engine' && result.metadata.override === true) return true;
  }
  return false;
}

/** A decision made outside the evaluators (a refused reservation, unreadable arguments) on top of their opinions. */
export function withRefusal(decision: EvaluationResult, refusal: EvaluatorResult): EvaluationResult {
  const { latencyMs, results } = decision;
  return { ...combine([refusal], latencyMs), riskScore: decision.riskScore, results: [...results, refusal] };
}

/** BLOCK on behalf of an evaluator, or another part of the guard, that failed. */
export function faultResult(name: string, reason: string): EvaluatorResult {
  return {
    verdict: 'BLOCK',
    reason,
    confidence: 1,
    evaluatorName: name,
    suggestedAction: null,
    metadata: { fault: true },
  };
}

function wellFormed(name: string, answer: unknown, builtIn: boolean): EvaluatorResult {
  if (answer instanceof Fault) return evaluatorFault(name, answer.problem);
  if (typeof answer !== 'object' || answer === null)
    return evaluatorFault(name, `answered ${describe(answer)}`);
  const { verdict, reason, confidence, suggestedAction, metadata } = answer as Partial<EvaluatorResult>;
  if (typeof (answer as { then?: unknown }).then === 'function') {
    return evaluatorFault(name, 'answered with a promise where the call could not wait; make the tool async');
  }
  if (!isVerdict(verdict)) return evaluatorFault(name, `gave no verdict but ${describe(verdict)}`);
  const wrong = wrongField(reason, confidence, suggestedAction, metadata);
  if (wrong !== undefined) return evaluatorFault(name, `gave a wrong ${wrong}`);
  const own = metadata === undefined ? NO_METADATA : ownMetadata(metadata, name, builtIn);
  const key = own === metadata || own === NO_METADATA ? undefined : wrongKey(own);
  if (key !== undefined) return evaluatorFault(name, `gave a wrong ${key} in its metadata`);
  return {
    verdict,
    reason: reason ?? '',
    confidence: confidence ?? 1,
    evaluatorName: name,
    suggestedAction: suggestedAction ?? null,
    metadata: own,
  };
}

/**
 * Frozen metadata of a built-in evaluator is taken as it is. Any other is copied, and what the copy holds is checked:
 * a frozen object may have getters that answer otherwise the next time.
 */
function ownMetadata(metadata: ResultMetadata, name: string, builtIn: boolean): ResultMetadata {
  if (builtIn && Object.isFrozen(metadata)) return metadata;
  const { override, ...rest } = metadata;
  // What silences the risk scorer is the word of the guard's own policy engine, not of one that took its name.
  const kept =
    override === undefined || (name === 'policy_engine' && !builtIn) ? rest : { override, ...rest };
  return privateCopy(kept).value;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isTextOrNull: Check = (value) => value === null || typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isAmount: Check = (value) => typeof value === 'number' && value >= 0 && value < Infinity;
/** Infinity is no bound at all. */
const isBound: Check = (value) => typeof value === 'number' && value >= 0;
const isShare: Check = (value) => typeof value === 'number' && value >= 0 && value <= 1;
/** Longest time that a timer can be set to, in whole seconds; beyond it a timer fires at once. */
const MAX_TIMER_SECONDS = 2_147_483;
const isTimeout: Check = (value) =>
  value === null || (typeof value === 'number' && value > 0 && value <= MAX_TIMER_SECONDS);
const isDenial: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  isPlainObject(value) &&
  isTextOrNull(value.approvalId) &&
  isTextOrNull(value.note);

/** What the guard reads out of metadata; other keys are the evaluator's own affair. */
const WELL_KNOWN: readonly (readonly [string, Check])[] = Object.freeze([
  ['ruleName', isTextOrNull],
  ['policyName', isTextOrNull],
  ['defaulted', isFlag],
  ['override', isFlag],
  ['escalateTo', isTextOrNull],
  ['deferSeconds', (value) => value === null || isAmount(value)],
  ['timeoutSeconds', isTimeout],
  ['requiredTrust', isShare],
  ['actualTrust', isShare],
  ['currentDepth', isBound],
  ['maxDepth', isBound],
  ['limit', isText],
  ['currentSpend', isAmount],
  ['budgetLimit', isBound],
  ['riskScore', isShare],
  ['approvalId', isTextOrNull],
  ['grantId', isTextOrNull],
  ['denied', isDenial],
  ['approvalTimedOut', isAmount],
  ['repeats', isAmount],
  ['spelling', isText],
  ['matchedAs', isText],
  ['givenAs', isText],
  ['unreadable', isText],
  ['readAs', isText],
  ['fault', isFlag],
]);

function wrongKey(metadata: ResultMetadata): string | undefined {
  return WELL_KNOWN.find(([key, holds]) => metadata[key] !== undefined && !holds(metadata[key]))?.[0];
}

function wrongField(
  reason: unknown,
  confidence: unknown,
  suggestedAction: unknown,
  metadata: unknown,
): string | undefined {
  if (reason !== undefined && typeof reason !== 'string') return 'reason';
  if (confidence !== undefined && !(typeof confidence === 'number' && confidence >= 0 && confidence <= 1)) {
    return 'confidence';
  }
  if (suggestedAction !== undefined && suggestedAction !== null && typeof suggestedAction !== 'string') {
    return 'suggestedAction';
  }
  if (metadata === undefined) return undefined;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return 'metadata';
  return undefined;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`;
  return value === null || typeof value !== 'object' ? String(value) : 'an object of another shape';
}

/** The text of anything thrown, without ever throwing itself. */
export function messageOf(error: unknown): string {
  try {
    const message: unknown = error instanceof Error ? error.message : error;
    return typeof message === 'string' ? message : `a thrown ${typeof error}`;
  } catch {
    return 'an unreadable error';
  }
}
