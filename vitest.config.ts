import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/frameworks/**', 'node_modules/**'],
    testTimeout: 60_000,
    maxWorkers: 2,
    globalSetup: ['test/announce-seed.ts'],
    setupFiles: ['test/seed.ts'],
    // No test writes to the journal of whoever runs the tests; those about files name their own.
    env: { PLYRA_SNAPSHOT_PATH: ':memory:' },
  },
});
