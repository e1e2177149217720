import type { Evaluator } from '../core/evaluator.ts';
import type { BudgetFact } from '../core/facts.ts';
import { budgetAnswer, costAnswer } from '../core/limit-answers.ts';
import { toMicroUsd, usdText } from '../core/money.ts';

/** What the cost estimator asks about. */
export interface CostEstimatorOptions {
  /** USD; a call that costs more needs a person. `null`: none does. */
  readonly escalateAbove: number | null;
}

/**
 * Blocks a call whose estimated cost would exceed a budget that covers it (what is spent and reserved counts), and
 * escalates one that costs more than `escalateAbove`. Amounts are compared as whole micro-USD; anything that is no
 * amount of money blocks. Metadata: `currentSpend` and `budgetLimit` (USD), or `estimatedCost` and `escalateAbove`.
 */
export function costEstimator({ escalateAbove }: CostEstimatorOptions): Evaluator {
  const askAbove = escalateAbove === null ? null : (toMicroUsd(escalateAbove) ?? -1);
  return {
    name: 'cost_estimator',
    evaluate({ estimatedCost }, { budgets }) {
      const cost = toMicroUsd(estimatedCost);
      if (cost === undefined) return costAnswer(estimatedCost);
      for (let i = 0; i < budgets.length; i++) {
        const budget = budgets[i];
        if (budget !== undefined && !fits(budget, cost)) return budgetAnswer(budget, estimatedCost);
      }
      if (askAbove === null || cost <= askAbove) return undefined;
      return {
        verdict: 'ESCALATE',
        reason: `This call costs ${usdText(estimatedCost)}; above ${usdText(escalateAbove ?? 0)} a person must approve it`,
        suggestedAction: 'choose a cheaper call, or raise budget.escalate_above',
        metadata: { estimatedCost, escalateAbove },
      };
    },
  };
}

function fits({ spent, limit }: BudgetFact, cost: number): boolean {
  const spentMicro = toMicroUsd(spent);
  const limitMicro = toMicroUsd(limit);
  return spentMicro !== undefined && limitMicro !== undefined && spentMicro + cost <= limitMicro;
}
