import { ConfigValidationError } from '../core/errors.ts';
import { toMicroUsd } from '../core/money.ts';
import { parseRate, type Rate, RatesByName } from '../core/rate.ts';
import type { LimitSettings } from './limiter.ts';

/** Limits, read and checked. Money in whole micro-USD. */
export interface CompiledLimits {
  readonly rates: {
    readonly default: Rate | null;
    readonly perTool: RatesByName;
    readonly perAgent: RatesByName;
  } | null;
  readonly perTask: number | null;
  readonly perAgentPerRun: number | null;
  readonly maxActionsPerRun: LimitSettings['maxActionsPerRun'];
  readonly isRegistered: LimitSettings['isRegistered'];
}

/** No limit at all: calls are still counted. */
export const NO_LIMITS: LimitSettings = Object.freeze({
  rateLimits: null,
  budget: null,
  maxActionsPerRun: () => null,
  isRegistered: () => false,
});

/**
 * Reads limits.
 * @throws ConfigValidationError for a rate or an amount of money that cannot be read.
 */
export function compileLimits(settings: LimitSettings): CompiledLimits {
  const { rateLimits, budget, maxActionsPerRun, isRegistered } = settings;
  return {
    rates:
      rateLimits === null
        ? null
        : {
            default: rateLimits.default === null ? null : parseRate(rateLimits.default, 'default rate limit'),
            perTool: new RatesByName(rateLimits.perTool, 'per_tool rate limit'),
            perAgent: new RatesByName(rateLimits.perAgent, 'per_agent rate limit'),
          },
    perTask: amount(budget?.perTask ?? null, 'budget.per_task'),
    perAgentPerRun: amount(budget?.perAgentPerRun ?? null, 'budget.per_agent_per_run'),
    maxActionsPerRun,
    isRegistered,
  };
}

function amount(usd: number | null, where: string): number | null {
  if (usd === null) return null;
  const micro = toMicroUsd(usd);
  if (micro !== undefined) return micro;
  const was = typeof usd === 'number' ? String(usd) : `a ${typeof usd}`;
  throw new ConfigValidationError(
    `${where} is ${was}; write a finite number of USD, zero or more, or null for no budget`,
    {},
    { where },
  );
}
