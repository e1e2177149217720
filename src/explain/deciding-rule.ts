import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { ResultMetadata } from '../core/result.ts';
import type { ConditionPolicy } from '../policy/condition-policies.ts';
import type { Layer } from '../policy/layers.ts';
import type { Rule } from '../policy/rule.ts';
import { IntentScope } from '../policy/scope.ts';

/** The rule or condition policy that a decision names, and where it stands in its list (from 1). */
export type DecidingRule = { readonly layer: Layer; readonly place: number; readonly of: number } & (
  | { readonly kind: 'rule'; readonly rule: Rule }
  | { readonly kind: 'policy'; readonly policy: ConditionPolicy }
);

/** Finds what decided by the names in the policy engine's metadata; `undefined` for a default, or after a reload. */
export function findDecidingRule(
  layers: readonly Layer[],
  { ruleName, policyName, spelling }: ResultMetadata,
  intent: ActionIntent,
): DecidingRule | undefined {
  if (ruleName === undefined || ruleName === null) return undefined;
  for (const layer of layers) {
    const matched = spelling ?? intent.intent;
    const found =
      ruleOf(layers, layer, ruleName, policyName, matched) ?? policyOf(layer, ruleName, policyName);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ruleOf(
  layers: readonly Layer[],
  layer: Layer,
  ruleName: string,
  policyName: string | null | undefined,
  matched: string,
): DecidingRule | undefined {
  if (layer.policy === null || layer.policy.name !== policyName) return undefined;
  const index = layer.policy.ruleNames.indexOf(ruleName);
  const rule = layer.policy.rules[index];
  if (rule === undefined) return undefined;
  // Two layers may have a rule of this name: the one that decided is the one that matches. A form may have matched
  // within the whole intent only.
  const others = layers.filter((one) => one !== layer && one.policy?.ruleNames.includes(ruleName));
  if (others.length > 0 && !rule.compiled.test(matched)) return undefined;
  return { kind: 'rule', layer, place: index + 1, of: layer.policy.rules.length, rule };
}

function policyOf(
  layer: Layer,
  ruleName: string,
  policyName: string | null | undefined,
): DecidingRule | undefined {
  if (layer.conditions === null || policyName !== ruleName) return undefined;
  const { policies } = layer.conditions;
  const index = policies.findIndex(({ name }) => name === ruleName);
  const policy = policies[index];
  return policy === undefined
    ? undefined
    : { kind: 'policy', layer, place: index + 1, of: policies.length, policy };
}

/** A condition policy that covers this type of action and did not hold, with its first test that failed. */
export interface NearMiss {
  readonly policy: ConditionPolicy;
  readonly expression: string;
  readonly value: unknown;
}

/** The first `most` condition policies that would have covered this action, had their condition held. */
export function nearMisses(
  layers: readonly Layer[],
  intent: ActionIntent,
  facts: Facts,
  most: number,
): NearMiss[] {
  const scope = new IntentScope(intent, facts);
  const found: NearMiss[] = [];
  for (const { conditions } of layers) {
    for (const policy of conditions?.policies ?? []) {
      if (found.length >= most) return found;
      if (policy.condition === null || !policy.actionTypes.some((glob) => glob.test(intent.actionType)))
        continue;
      const failed = policy.condition.trace(scope).find((step) => step.result === false);
      if (failed !== undefined) found.push({ policy, expression: failed.expression, value: failed.value });
    }
  }
  return found;
}
