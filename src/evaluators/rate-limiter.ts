import type { Evaluator } from '../core/evaluator.ts';
import { rateAnswer, runAnswer } from '../core/limit-answers.ts';

/**
 * Blocks a call when a rate window that covers it is full, or its agent has used up `max_actions_per_run`.
 * It only reads counts: the limiter counts, when the call is reserved. Metadata: `limit`, e.g. `60/min`, and `scope`.
 */
export function rateLimiter(): Evaluator {
  return {
    name: 'rate_limiter',
    evaluate(_intent, { rates, agent }) {
      for (let i = 0; i < rates.length; i++) {
        const rate = rates[i];
        // Written so that a NaN blocks.
        if (rate !== undefined && !(rate.count < rate.max)) return rateAnswer(rate);
      }
      const { maxActionsPerRun, actionsThisRun } = agent;
      if (maxActionsPerRun === null || actionsThisRun < maxActionsPerRun) return undefined;
      return runAnswer(agent.id, actionsThisRun, maxActionsPerRun);
    },
  };
}
