import { interruptionCases, stateCases } from './rollback/careful-cases.ts';
import type { MakeHarness } from './rollback/harness.ts';
import { dataCases, restoreCases } from './rollback/restore-cases.ts';
import type { SuiteTools } from './suite-tools.ts';

/**
 * What every rollback handler must do. Register it within a test file:
 * `rollbackHandlerSuite('rooms', makeHarness, { describe, it, expect })`.
 */
export function rollbackHandlerSuite(name: string, make: MakeHarness, tools: SuiteTools): void {
  tools.describe(`rollback handler contract: ${name}`, () => {
    restoreCases(make, tools);
    dataCases(make, tools);
    stateCases(make, tools);
    interruptionCases(make, tools);
  });
}
