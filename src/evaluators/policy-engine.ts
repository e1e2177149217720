import type { Evaluator } from '../core/evaluator.ts';
import { judgeLayers, type Layer } from '../policy/layers.ts';

/**
 * Judges by the policy layers in force at the moment: `layers` is asked at each call, so that a reload takes effect.
 * `unreadable` is what becomes of a command or a statement that cannot be read.
 */
export function policyEngine(
  layers: () => readonly Layer[],
  unreadable: 'escalate' | 'allow' | 'block' = 'escalate',
): Evaluator {
  return {
    name: 'policy_engine',
    evaluate: (intent, facts) => judgeLayers(layers(), intent, facts, unreadable).result,
  };
}
