import type { Layer } from '../layers.ts';
import { type Finding, finding } from './finding.ts';
import { lintConditions } from './lint-conditions.ts';
import { lintRules } from './lint-rules.ts';

/**
 * What is odd about a layer that loads: rules that never decide, contradictions, names used twice, conditions that
 * are constant, a missing default. In the order of the list; the layer's own findings come last. What it calls
 * unreachable is so for every intent; it does not find all that are.
 */
export function lintLayer(layer: Layer): Finding[] {
  const found: Finding[] = [];
  if (layer.policy !== null) found.push(...lintRules(layer.policy));
  if (layer.conditions !== null) found.push(...lintConditions(layer.conditions));
  if (layer.stated === null && (layer.policy !== null || layer.conditions !== null))
    found.push(missingDefault(layer));
  return found;
}

function missingDefault({ policy, alone }: Layer): Finding {
  const key = policy === null ? 'global: { default_verdict: … }' : 'default_action: …';
  const { verdict } = alone.result;
  const message = `No default is stated: what matches nothing is ${verdict} when this file stands alone, and left to the other files beside them. Say what you mean with \`${key}\`.`;
  return finding('warning', 'missing-default', null, message);
}
