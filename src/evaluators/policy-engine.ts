import type { Evaluator } from '../core/evaluator.ts';
import { judgeLayers, type Layer } from '../policy/layers.ts';

/** Judges by the policy layers in force at the moment: `layers` is asked at each call, so that a reload takes effect. */
export function policyEngine(layers: () => readonly Layer[]): Evaluator {
  return {
    name: 'policy_engine',
    evaluate: (intent, facts) => judgeLayers(layers(), intent, facts).result,
  };
}
