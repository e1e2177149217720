import type { Evaluator } from './evaluator.ts';
import type { Facts } from './facts.ts';
import type { ActionIntent } from './intent.ts';
import { privateCopy } from './private-copy.ts';
import type { EvaluationResult, EvaluatorResult, ResultMetadata } from './result.ts';
import { isVerdict, severity } from './verdict.ts';

const NO_METADATA: ResultMetadata = Object.freeze({});

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
  const answers: unknown[] = [];
  for (const evaluator of evaluators) {
    try {
      answers.push(evaluator.evaluate(intent, facts));
    } catch (error) {
      answers.push(new Fault(`threw: ${messageOf(error)}`));
    }
  }
  return answers;
}

/** Reads the answers of {@link askEvaluators}: `undefined` is no opinion, garbage and promises are BLOCK. */
export function readAnswers(
  evaluators: readonly Evaluator[],
  answers: readonly unknown[],
): EvaluatorResult[] {
  const results: EvaluatorResult[] = [];
  for (let i = 0; i < evaluators.length; i++) {
    const result = readAnswer(evaluators[i]?.name ?? '', answers[i]);
    if (result !== undefined) results.push(result);
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

function readAnswer(name: string, answer: unknown): EvaluatorResult | undefined {
  if (answer === undefined) return undefined;
  try {
    return wellFormed(name, answer);
  } catch (error) {
    return evaluatorFault(name, `gave an answer that cannot be read: ${messageOf(error)}`);
  }
}

function evaluatorFault(name: string, problem: string): EvaluatorResult {
  return faultResult(name, `The evaluator ${name} ${problem}.`);
}

/** Combines opinions into the decision. No opinion at all is not an allowance: it blocks. */
export function combine(results: readonly EvaluatorResult[], latencyMs: number): EvaluationResult {
  const overridden = results.some((r) => r.evaluatorName === 'policy_engine' && r.metadata.override === true);
  let decisive: EvaluatorResult | undefined;
  let riskScore = 0;
  for (const result of results) {
    if (result.evaluatorName === 'risk_scorer') {
      const score = result.metadata.riskScore;
      if (typeof score === 'number') riskScore = score;
      // A low risk is not permission, and under ALLOW_OVERRIDE a high one is no objection.
      if (result.verdict === 'ALLOW' || (overridden && result.metadata.fault !== true)) continue;
    }
    if (decisive === undefined || severity(result.verdict) > severity(decisive.verdict)) decisive = result;
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

function wellFormed(name: string, answer: unknown): EvaluatorResult {
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
  return {
    verdict,
    reason: reason ?? '',
    confidence: confidence ?? 1,
    evaluatorName: name,
    suggestedAction: suggestedAction ?? null,
    metadata: metadata === undefined ? NO_METADATA : ownMetadata(metadata),
  };
}

/** Frozen metadata is taken as it is (the built-in evaluators'); any other is copied, so that nobody changes it later. */
function ownMetadata(metadata: ResultMetadata): ResultMetadata {
  return Object.isFrozen(metadata) ? metadata : privateCopy(metadata).value;
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
  const { riskScore } = metadata as ResultMetadata;
  const scored =
    riskScore === undefined || (typeof riskScore === 'number' && riskScore >= 0 && riskScore <= 1);
  return scored ? undefined : 'riskScore';
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
