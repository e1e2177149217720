import type { BudgetFact } from '../core/facts.ts';
import { budgetAnswer, type LimitAnswer, runAnswer } from '../core/limit-answers.ts';
import { toUsd } from '../core/money.ts';
import type { CompiledLimits } from './compiled-limits.ts';
import type { LimitAccount, LimitCall, LimitRefusal } from './limiter.ts';
import { BoundedCounters, type CounterKind } from './windows/bounded-counters.ts';

/** What a run has used. */
export interface RunUse {
  actions: number;
  /** Micro-USD, spent and reserved. */
  spent: number;
}

/** What a task has used. */
export interface TaskUse {
  /** Micro-USD, spent and reserved. */
  readonly spent: number;
  /** Distinct agents with money in it, the caller included. */
  readonly agents: number;
}

/** A run that nothing was counted in. */
export const NO_USE: RunUse = Object.freeze({ actions: 0, spent: 0 });
/** A task that nothing was counted in, or none. */
export const NO_TASK: TaskUse = Object.freeze({ spent: 0, agents: 1 });

/** The most that is counted, in micro-USD. What has reached it stays there: nobody knows any more what lies beyond. */
export const MOST = Number.MAX_SAFE_INTEGER;

/** A run or a task may be forgotten to make room once nothing was counted in it for this long. */
const FORGET_MS = 3_600_000;

const NO_BUDGETS: readonly BudgetFact[] = Object.freeze([]);

/** `spent` and another amount, which may be negative: never less than 0 or more than {@link MOST}. */
export function addMoney(spent: number, microUsd: number): number {
  return spent >= MOST ? MOST : Math.max(0, Math.min(spent + microUsd, MOST));
}

/** Counters of runs or of tasks, at most `max` by name. */
export function usesByName<T>(max: number, make: CounterKind<T>['make']): BoundedCounters<T> {
  return new BoundedCounters({
    max,
    make,
    idle: (_use, now, touched) => now - touched >= FORGET_MS,
    eager: false,
  });
}

/** A run's name in memory. Unambiguous: an agent's id cannot be made to look like another agent's session. */
export function runKey({ agentId, sessionId }: LimitAccount): string {
  return sessionId === null ? `-${agentId}` : `${agentId.length}:${agentId}${sessionId}`;
}

/** The first limit on a run or a task that has no room for a call of `cost` micro-USD. */
export function usedUp(
  call: LimitCall,
  cost: number,
  limits: CompiledLimits,
  run: RunUse,
  taskSpent: number,
): LimitRefusal | undefined {
  const { agentId, taskId } = call;
  const { perTask, perAgentPerRun } = limits;
  const max = limits.maxActionsPerRun(agentId);
  // All written so that a NaN refuses.
  if (max !== null && !(run.actions < max)) {
    return refusal('rate_limiter', runAnswer(agentId, run.actions, max));
  }
  if (perTask !== null && taskId !== null && !(taskSpent + cost <= perTask)) {
    return refusal('cost_estimator', budgetAnswer(budget('task', taskId, taskSpent, perTask), call.cost));
  }
  if (perAgentPerRun !== null && !(run.spent + cost <= perAgentPerRun)) {
    const own = budget('agent', agentId, run.spent, perAgentPerRun);
    return refusal('cost_estimator', budgetAnswer(own, call.cost));
  }
  return undefined;
}

/** The budgets that cover a call, as they stand. */
export function budgetsOf(
  { agentId, taskId }: LimitCall,
  { perTask, perAgentPerRun }: CompiledLimits,
  runSpent: number,
  task: TaskUse,
): readonly BudgetFact[] {
  if (perTask === null && perAgentPerRun === null) return NO_BUDGETS;
  const found: BudgetFact[] = [];
  if (perTask !== null && taskId !== null) {
    found.push(budget('task', taskId, task.spent, perTask, task.agents));
  }
  if (perAgentPerRun !== null) found.push(budget('agent', agentId, runSpent, perAgentPerRun));
  return found;
}

/** A refusal that says what the evaluators say of the same limit. */
export function refusal(evaluatorName: LimitRefusal['evaluatorName'], answer: LimitAnswer): LimitRefusal {
  const { reason, suggestedAction, metadata } = answer;
  return { refused: true, evaluatorName, reason, suggestedAction, metadata };
}

function budget(
  scope: BudgetFact['scope'],
  id: string,
  spent: number,
  limit: number,
  agents: number = 1,
): BudgetFact {
  return { scope, id, spent: toUsd(spent), limit: toUsd(limit), agents };
}
