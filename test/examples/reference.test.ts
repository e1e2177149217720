import { describe, expect, it } from 'vitest';
import { readCases } from '../../src/cli/read-cases.ts';
import { runCases } from '../../src/cli/run-cases.ts';
import { loadConfig } from '../../src/config/load.ts';
import { compileLayer } from '../../src/policy/layers.ts';
import { lintLayer } from '../../src/policy/lint/lint.ts';
import { ROOT } from '../architecture/repository.ts';

const FILE = `${ROOT}/examples/reference.yaml`;

describe('examples/reference.yaml', () => {
  it('does what its cases say, and every rule is reached', () => {
    const { results, unreached } = runCases(readCases(`${ROOT}/examples/reference-cases.yaml`));
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results.length).toBeGreaterThan(10);
    expect(unreached).toEqual([]);
  });

  it('has nothing that `check` would remark on', () => {
    const { layers } = loadConfig(FILE, { env: {} });
    expect(layers.flatMap((layer) => lintLayer(compileLayer(layer)))).toEqual([]);
  });

  it('takes the budget from the environment, as a number', () => {
    expect(loadConfig(FILE, { env: {} }).settings.budget.perTask).toBe(5);
    expect(loadConfig(FILE, { env: { TASK_BUDGET: '2.5' } }).settings.budget.perTask).toBe(2.5);
  });
});
