import type { Facts } from './facts.ts';
import type { ActionIntent } from './intent.ts';
import type { EvaluatorAnswer } from './result.ts';
import type { Outcome } from './verdict.ts';

/**
 * Judges one aspect of an intent. Built-in evaluators answer at once; a custom one may return a promise, which
 * is awaited (1,000 ms, then BLOCK) on the async path and is a BLOCK on the sync one.
 */
export interface Evaluator {
  readonly name: string;
  /** `undefined` is "no opinion". Anything that is not a well-formed answer blocks. */
  evaluate(
    intent: ActionIntent,
    facts: Facts,
  ): EvaluatorAnswer | undefined | Promise<EvaluatorAnswer | undefined>;
  /** Told once the call has ended. What it throws is ignored. */
  after?(intent: ActionIntent, outcome: Outcome): void;
}

/** The built-in evaluators in pipeline order; the earliest gives the reason when verdicts are equal. */
export const BUILT_IN_EVALUATORS = Object.freeze([
  'schema_validator',
  'policy_engine',
  'trust',
  'cascade',
  'rate_limiter',
  'cost_estimator',
  'risk_scorer',
  'human_gate',
  'rollback',
] as const);
