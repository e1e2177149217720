import type { BudgetFact, RateFact } from './facts.ts';
import { usdText } from './money.ts';
import type { EvaluatorAnswer, ResultMetadata } from './result.ts';

/** A BLOCK for a limit that is used up. The evaluators (before) and the limiters (at the reservation) say the same. */
export interface LimitAnswer extends EvaluatorAnswer {
  readonly verdict: 'BLOCK';
  readonly reason: string;
  readonly suggestedAction: string;
  readonly metadata: ResultMetadata;
}

/** A rate window without room. Metadata: `limit` as written, `scope`, `count`, and `retryAfterMs` where known. */
export function rateAnswer(rate: RateFact): LimitAnswer {
  const { scope, limit, count, retryAfterMs = 0 } = rate;
  const when = rate.max === 0 ? 'it allows no call at all' : `retry ${waitText(retryAfterMs)}`;
  return {
    verdict: 'BLOCK',
    reason: `The rate limit ${limit} of ${scopeText(scope)} is used up (${count} calls counted); ${when}`,
    suggestedAction:
      rate.max === 0
        ? `raise rate_limits for ${scopeText(scope)} if it should be callable`
        : `wait, then make the same call ${waitText(retryAfterMs)}; or raise rate_limits`,
    metadata: { limit, scope, count, ...(retryAfterMs > 0 ? { retryAfterMs } : undefined) },
  };
}

/** An agent that has used up its actions for this run. Metadata: `limit`, e.g. `100/run`, `scope` and `count`. */
export function runAnswer(agentId: string, count: number, max: number): LimitAnswer {
  return {
    verdict: 'BLOCK',
    reason: `The agent ${agentId} has used up its ${max} actions for this run (${count} counted); a new session starts a new run`,
    suggestedAction: `finish with what is there, start a new session, or raise max_actions_per_run of ${agentId}`,
    metadata: { limit: `${max}/run`, scope: `agent:${agentId}`, count },
  };
}

/** A budget that the cost would exceed. Metadata: `currentSpend` and `budgetLimit` (USD), `scope`, `estimatedCost`. */
export function budgetAnswer(budget: BudgetFact, estimatedCost: number): LimitAnswer {
  const { scope, id, spent, limit } = budget;
  const key = scope === 'task' ? 'budget.per_task' : 'budget.per_agent_per_run';
  return {
    verdict: 'BLOCK',
    reason:
      `This call costs ${usdText(estimatedCost)}, and the ${scope} ${id} has spent or reserved ` +
      `${usdText(spent)} of its ${usdText(limit)}`,
    suggestedAction: `choose a cheaper call, or raise ${key}`,
    metadata: { currentSpend: spent, budgetLimit: limit, scope, estimatedCost },
  };
}

/** A cost that is no amount of money. Never 0: a NaN would pass every comparison. */
export function costAnswer(cost: unknown): LimitAnswer {
  const was = typeof cost === 'number' ? String(cost) : `a ${cost === null ? 'null' : typeof cost}`;
  return {
    verdict: 'BLOCK',
    reason: `The estimated cost is ${was}; a finite number of USD, zero or more, is expected`,
    suggestedAction: 'give the tool an estimatedCost in USD, or none',
    metadata: { field: 'estimatedCost' },
  };
}

function scopeText(scope: string): string {
  if (scope.startsWith('tool:')) return `the tool ${scope.slice(5)}`;
  if (scope.startsWith('agent:')) return `the agent ${scope.slice(6)}`;
  return scope === 'default' ? "this agent's calls" : scope;
}

function waitText(milliseconds: number): string {
  if (!(milliseconds > 0)) return 'shortly';
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 2) return 'in a second';
  if (seconds < 120) return `in ${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`;
}
