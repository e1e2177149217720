import { PolicyParseError } from '../core/errors.ts';

/** The budget of a policy, in the unit of `patternCost`: so much for each rule, and at least the lower bound. */
const EACH_RULE = 8;
const ANY_POLICY = 1000;

/** What the check reads of a rule. */
export interface RuleCost {
  readonly defaultName: string;
  readonly compiled: { readonly cost: number };
}

/**
 * Refuses rules that together would take too long for a long intent: the budget is 10 ms for 10 KB, from 125
 * rules on 80 µs a rule, on a slow machine. Rules of ordinary size stay far below it. Throws PolicyParseError, which
 * names the costliest rules. `names`: the names of the rules, in their order.
 */
export function checkPolicyCost(
  rules: readonly RuleCost[],
  names: readonly string[],
  policyName: string,
): void {
  const total = rules.reduce((sum, { compiled }) => sum + compiled.cost, 0);
  const budget = Math.max(ANY_POLICY, EACH_RULE * rules.length);
  if (total <= budget) return;
  const costliest = rules
    .map(({ compiled, defaultName }, i) => ({ name: names[i] ?? defaultName, cost: compiled.cost }))
    .sort((a, b) => b.cost - a.cost)
    .slice(0, 3)
    .map(({ name, cost }) => `"${shortened(name)}" (${Math.ceil(cost)})`);
  throw new PolicyParseError(
    `The patterns of policy "${policyName}" together cost ${Math.ceil(total)}, and ${rules.length} rules may cost ` +
      `${budget}: matching a long intent would be slow. The costliest are ${costliest.join(', ')}. ` +
      'Split them, or give them fewer repeats with different parts between them.',
  );
}

function shortened(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
