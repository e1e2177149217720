import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCases } from '../../src/cli/read-cases.ts';
import { runCases } from '../../src/cli/run-cases.ts';
import { loadBuiltIn, loadConfig } from '../../src/config/load.ts';
import { ActionGuard } from '../../src/guard.ts';
import { compileLayer } from '../../src/policy/layers.ts';
import { lintLayer } from '../../src/policy/lint/lint.ts';

const cases = fileURLToPath(new URL('../../src/builtin/cases.yaml', import.meta.url));
const policyFile = fileURLToPath(new URL('../../src/builtin/policy.yaml', import.meta.url));

describe('the built-in policy', () => {
  const { results, unreached } = runCases(readCases(cases));

  test.each(
    results.map((result) => [`${result.policyCase.expect} ${result.policyCase.name}`, result] as const),
  )('%s', (_name, { verdict, ruleName, policyCase }) => {
    expect([verdict, ruleName]).toEqual([policyCase.expect, policyCase.rule ?? null]);
  });

  test('has eleven named rules, each with a reason and a case', () => {
    const [layer] = loadBuiltIn().layers;
    const rules = layer?.rules ?? [];
    expect(rules).toHaveLength(11);
    expect(rules.filter(({ name, reason }) => !name || !reason)).toEqual([]);
    expect(unreached).toEqual([]);
  });

  test('gives the linter nothing to remark', () => {
    expect(loadConfig(policyFile).layers.flatMap((layer) => lintLayer(compileLayer(layer)))).toEqual([]);
  });

  test('allows by default, and holds no limit', () => {
    const guard = ActionGuard.default();
    const calls = Array.from(
      { length: 500 },
      () => guard.evaluate({ actionType: 'x', estimatedCost: 1000 }).verdict,
    );
    expect(new Set(calls)).toEqual(new Set(['ALLOW']));
  });
});
