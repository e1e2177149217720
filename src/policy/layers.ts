import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import { ConditionPolicies } from './condition-policies.ts';
import { type Match, makeMatch, worseMatch } from './match.ts';
import { Policy } from './policy.ts';
import type { LayerInput } from './rule-input.ts';
import { IntentScope } from './scope.ts';

/** One layer, compiled: a rule list, a list of condition policies, and what it says when neither matches. */
export interface Layer {
  readonly source: string | null;
  readonly policy: Policy | null;
  readonly conditions: ConditionPolicies | null;
  /** The default that the layer itself states; `null` when it states none. */
  readonly stated: Match | null;
  /** The default that holds when the layer stands alone. */
  readonly alone: Match;
}

/** Said when several layers are in force, nothing matched and none states a default. */
const NO_LAYER_DEFAULT: Match = makeMatch({
  verdict: 'BLOCK',
  reason: 'No rule matched, and no layer states a default action.',
  ruleName: null,
  policyName: null,
  defaulted: true,
});

/** Compiles what a file says. Throws PolicyParseError and PolicyConditionError. */
export function compileLayer(input: LayerInput): Layer {
  const { name, source, rules, defaultAction, defaultVerdict } = input;
  const policy = input.hasRules
    ? new Policy({ rules, name, ...(defaultAction === null ? {} : { defaultAction }) }).prepare()
    : null;
  const conditions = input.policies.length === 0 ? null : new ConditionPolicies(input.policies);
  const verdict = defaultVerdict ?? 'ALLOW';
  const reason = `No rule or policy matched, and the default verdict is ${verdict}.`;
  const byVerdict = makeMatch({ verdict, reason, ruleName: null, policyName: name, defaulted: true });
  if (policy !== null) {
    return {
      source,
      policy,
      conditions,
      stated: policy.statesDefault ? policy.fallback : null,
      alone: policy.fallback,
    };
  }
  return { source, policy, conditions, stated: defaultVerdict === null ? null : byVerdict, alone: byVerdict };
}

/** A Policy made in code as a layer of its own. */
export function layerOfPolicy(policy: Policy): Layer {
  const stated = policy.statesDefault ? policy.fallback : null;
  return { source: null, policy: policy.prepare(), conditions: null, stated, alone: policy.fallback };
}

/**
 * Each layer judges, and the worst verdict wins: a later layer cannot weaken an earlier one. A single layer falls
 * back on its default; among several, one that states none has no opinion where nothing matches.
 */
export function judgeLayers(layers: readonly Layer[], intent: ActionIntent, facts: Facts): Match {
  const only = layers.length === 1 ? layers[0] : undefined;
  if (only !== undefined) return matchLayer(only, intent, facts) ?? only.alone;
  let worst: Match | undefined;
  for (const layer of layers) {
    worst = worseMatch(worst, matchLayer(layer, intent, facts) ?? layer.stated ?? undefined);
  }
  return worst ?? NO_LAYER_DEFAULT;
}

function matchLayer(layer: Layer, intent: ActionIntent, facts: Facts): Match | undefined {
  const byRule = layer.policy?.match(intent.intent);
  if (layer.conditions === null) return byRule;
  return worseMatch(byRule, layer.conditions.match(new IntentScope(intent, facts)));
}
