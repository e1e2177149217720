import type { Limiter, LimitSettings } from '../limits/limiter.ts';
import { FakeClock } from './fake-clock.ts';
import { creditCases } from './limiter/credits.ts';
import { idCases } from './limiter/ids.ts';
import { configureCases, countingCases, rateCases, scopeCases } from './limiter/rates.ts';
import { recordCases } from './limiter/records.ts';
import {
  agentsOfTaskCases,
  budgetCases,
  placeCases,
  reservationCases,
  runCases,
} from './limiter/runs-and-money.ts';
import { type Started, UNLIMITED } from './limiter/setup.ts';
import type { SuiteTools } from './suite-tools.ts';

/** How the suite makes the limiter that it tests: fresh, on the given clock, with the given limits. */
export type MakeLimiter = (options: {
  readonly now: () => number;
  readonly limits: LimitSettings;
}) => Limiter | Promise<Limiter>;

/** What every limiter must do. Register it within a test file: `limiterSuite('memory', make, { describe, it, expect })`. */
export function limiterSuite(name: string, make: MakeLimiter, tools: SuiteTools): void {
  const start = async (limits: Partial<LimitSettings>): Promise<Started> => {
    const clock = new FakeClock();
    return { clock, limiter: await make({ now: clock.now, limits: { ...UNLIMITED, ...limits } }) };
  };
  tools.describe(`limiter contract: ${name}`, () => {
    rateCases(start, tools);
    countingCases(start, tools);
    scopeCases(start, tools);
    configureCases(start, tools);
    runCases(start, tools);
    budgetCases(start, tools);
    placeCases(start, tools);
    reservationCases(start, tools);
    creditCases(start, tools);
    agentsOfTaskCases(start, tools);
    recordCases(start, tools);
    idCases(start, tools);
  });
}
