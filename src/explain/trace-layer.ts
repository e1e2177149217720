import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import { Verdict } from '../core/verdict.ts';
import type { ConditionPolicy } from '../policy/condition-policies.ts';
import type { ConditionTraceStep } from '../policy/conditions/trace.ts';
import type { Layer } from '../policy/layers.ts';
import { IntentScope } from '../policy/scope.ts';
import { readIntent } from '../policy/spellings/subjects.ts';

/** A trace is for reading: it ends here. */
const MOST_STEPS = 1_000;

/** Everything a layer tests for an intent, in order, up to what decides in each of its two lists. */
export function traceLayer(
  { policy, conditions }: Layer,
  intent: ActionIntent,
  facts: Facts,
): ConditionTraceStep[] {
  const steps: ConditionTraceStep[] = [];
  const { subjects } = readIntent(intent.intent, facts.source, facts);
  for (const { pattern, compiled, verdict } of policy?.rules ?? []) {
    const spellings = subjects.flatMap(({ canonical, other, shared }) =>
      Verdict.isPermissive(verdict) ? canonical : [...canonical, ...other, ...shared.flat()],
    );
    const matched = spellings.find(({ text }) => compiled.test(text));
    steps.push({ expression: pattern, value: matched?.form ?? intent.intent, result: matched !== undefined });
    if (matched !== undefined || steps.length >= MOST_STEPS) break;
  }
  const scope = new IntentScope(intent, facts);
  for (const one of conditions?.policies ?? []) {
    if (steps.length >= MOST_STEPS) break;
    const traced = tracePolicy(one, scope);
    steps.push(...traced.steps);
    if (traced.decides) break;
  }
  return steps.slice(0, MOST_STEPS);
}

function tracePolicy(
  { actionTypes, condition, minTrust, match }: ConditionPolicy,
  scope: IntentScope,
): { readonly steps: readonly ConditionTraceStep[]; readonly decides: boolean } {
  if (!actionTypes.some((glob) => glob.test(scope.action_type))) {
    const expression = `action_types: [${actionTypes.map(({ source }) => source).join(', ')}]`;
    return { steps: [{ expression, value: scope.action_type, result: false }], decides: false };
  }
  const steps = condition === null ? [] : [...condition.trace(scope)];
  if (condition !== null && !holds(condition, scope)) return { steps, decides: false };
  if (minTrust === undefined) return { steps, decides: true };
  const value = scope.agent.trust_level;
  const result = value >= minTrust;
  return {
    steps: [...steps, { expression: `min_trust: ${minTrust}`, value, result }],
    // A policy that only demands trust says nothing where it is there.
    decides: !result || match !== undefined,
  };
}

/** A condition that fails lets the walk go on; its error is a step of the trace. */
function holds(condition: { evaluate(scope: IntentScope): boolean }, scope: IntentScope): boolean {
  try {
    return condition.evaluate(scope);
  } catch {
    return false;
  }
}
