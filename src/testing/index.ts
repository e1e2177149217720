export { entryOf } from './exporter/entries.ts';
export { type ExporterSetup, exporterSuite, type MakeExporter } from './exporter-suite.ts';
export { FakeClock } from './fake-clock.ts';
export { limiterSuite, type MakeLimiter } from './limiter-suite.ts';
export type { HarnessCall, MakeHarness, RollbackHarness } from './rollback/harness.ts';
export { rollbackHandlerSuite } from './rollback-handler-suite.ts';
export { type MakeStore, storeSuite } from './store-suite.ts';
export type { StoreSuiteTools, SuiteTools } from './suite-tools.ts';
