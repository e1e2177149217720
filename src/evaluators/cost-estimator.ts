import type { Evaluator } from '../core/evaluator.ts';
import type { BudgetFact } from '../core/facts.ts';
import { budgetAnswer, costAnswer } from '../core/limit-answers.ts';
import { toMicroUsd, usdText } from '../core/money.ts';
import type { EvaluatorAnswer } from '../core/result.ts';

/** What the cost estimator asks about. */
export interface CostEstimatorOptions {
  /** USD; a call that costs more needs a person. `null`: none does. */
  readonly escalateAbove: number | null;
}

/** More agents than these spend most of a task's budget together only if a person agrees. */
const FEW_AGENTS = 3;

/**
 * Blocks a call whose estimated cost would exceed a budget that covers it (what is spent and reserved counts).
 * Escalates one that costs more than `escalateAbove`, and one with which more than three agents together have used
 * more than 80 % of a task's budget. Amounts are compared as whole micro-USD; anything that is no amount of money
 * blocks. Metadata: `currentSpend` and `budgetLimit` (USD) of the budget, with `agents` where they are too many; or
 * `estimatedCost` and `escalateAbove`.
 */
export function costEstimator({ escalateAbove }: CostEstimatorOptions): Evaluator {
  const askAbove = escalateAbove === null ? null : (toMicroUsd(escalateAbove) ?? -1);
  return {
    name: 'cost_estimator',
    evaluate({ estimatedCost }, { budgets }) {
      const cost = toMicroUsd(estimatedCost);
      if (cost === undefined) return costAnswer(estimatedCost);
      let crowded: BudgetFact | undefined;
      for (let i = 0; i < budgets.length; i++) {
        const budget = budgets[i];
        if (budget === undefined) continue;
        if (!fits(budget, cost)) return budgetAnswer(budget, estimatedCost);
        if (isCrowded(budget, cost)) crowded ??= budget;
      }
      const dear =
        askAbove !== null && cost > askAbove ? dearAnswer(estimatedCost, escalateAbove ?? 0) : undefined;
      if (crowded === undefined) return dear;
      return dear === undefined ? crowdedAnswer(crowded) : both(dear, crowdedAnswer(crowded));
    },
  };
}

function fits({ spent, limit }: BudgetFact, cost: number): boolean {
  const spentMicro = toMicroUsd(spent);
  const limitMicro = toMicroUsd(limit);
  return spentMicro !== undefined && limitMicro !== undefined && spentMicro + cost <= limitMicro;
}

/** Written so that garbage in place of a number of agents asks. */
function isCrowded({ scope, spent, limit, agents }: BudgetFact, cost: number): boolean {
  if (scope !== 'task' || agents <= FEW_AGENTS) return false;
  const spentMicro = toMicroUsd(spent) ?? 0;
  const limitMicro = toMicroUsd(limit) ?? 0;
  return (spentMicro + cost) * 5 > limitMicro * 4;
}

interface Escalation extends EvaluatorAnswer {
  readonly reason: string;
  readonly suggestedAction: string;
}

function dearAnswer(estimatedCost: number, escalateAbove: number): Escalation {
  return {
    verdict: 'ESCALATE',
    reason: `This call costs ${usdText(estimatedCost)}; above ${usdText(escalateAbove)} a person must approve it`,
    suggestedAction: 'choose a cheaper call, or raise budget.escalate_above',
    metadata: { estimatedCost, escalateAbove },
  };
}

/** The reason names no amount that changes from call to call: who has approved it need not be asked the same again. */
function crowdedAnswer({ id, spent, limit, agents }: BudgetFact): Escalation {
  return {
    verdict: 'ESCALATE',
    reason:
      `More than ${FEW_AGENTS} agents together have spent or reserved over 80 % of the ${usdText(limit)} of the ` +
      `task ${id}, this call included; a person must approve what is left`,
    suggestedAction: 'finish the task with fewer calls, or raise budget.per_task',
    metadata: { currentSpend: spent, budgetLimit: limit, scope: 'task', agents },
  };
}

function both(first: Escalation, second: Escalation): EvaluatorAnswer {
  return {
    verdict: 'ESCALATE',
    reason: `${first.reason}. Also: ${second.reason}`,
    suggestedAction: `${first.suggestedAction}; and ${second.suggestedAction}`,
    metadata: { ...first.metadata, ...second.metadata },
  };
}
