import type { EvaluationResult, EvaluatorResult } from '../core/result.ts';
import type { Outcome, Verdict } from '../core/verdict.ts';

/** A decision as JSON, with the words of the wire. Times in milliseconds, scores 0–1. */
export interface DecisionJson {
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly rule_name: string | null;
  readonly policy_triggered: string | null;
  readonly risk_score: number;
  readonly latency_ms: number;
  readonly suggested_action: string | null;
  readonly results: readonly ResultJson[];
}

/** One evaluator's opinion as JSON. */
export interface ResultJson {
  readonly evaluator_name: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly confidence: number;
  readonly suggested_action: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A decision in the form that `--json` prints. The guard's own metadata keys become snake_case too. */
export function decisionJson(decision: EvaluationResult): DecisionJson {
  return {
    outcome: decision.outcome,
    verdict: decision.verdict,
    reason: decision.reason,
    rule_name: decision.ruleName,
    policy_triggered: decision.policyTriggered,
    risk_score: decision.riskScore,
    latency_ms: decision.latencyMs,
    suggested_action: decision.suggestedAction,
    results: decision.results.map(resultJson),
  };
}

function resultJson(result: EvaluatorResult): ResultJson {
  return {
    evaluator_name: result.evaluatorName,
    verdict: result.verdict,
    reason: result.reason,
    confidence: result.confidence,
    suggested_action: result.suggestedAction,
    metadata: snakeKeys(result.metadata),
  };
}

function snakeKeys(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [snakeCase(key), nested(value)]));
}

/** Metadata holds records one level down (risk signals, condition errors); deeper data stays as it is. */
function nested(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [snakeCase(key), item]));
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
