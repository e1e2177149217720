export { entryOf } from './exporter/entries.ts';
export { type ExporterSetup, exporterSuite, type MakeExporter } from './exporter-suite.ts';
export { FakeClock } from './fake-clock.ts';
export { limiterSuite, type MakeLimiter } from './limiter-suite.ts';
export { type MakeStore, type StoreSuiteTools, storeSuite } from './store-suite.ts';
export type { SuiteTools } from './suite-tools.ts';
