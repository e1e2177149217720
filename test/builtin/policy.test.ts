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

  test('has 56 named rules, each with a reason, a suggestion and a case that it catches', () => {
    const [layer] = loadBuiltIn().layers;
    const rules = layer?.rules ?? [];
    expect(rules).toHaveLength(56);
    expect(rules.filter(({ name, reason, suggestion }) => !name || !reason || !suggestion)).toEqual([]);
    expect(unreached).toEqual([]);
  });

  test('has a near miss, which is let through, behind the cases of every rule that forbids', () => {
    const withNearMiss = new Set<string | null>();
    let rule: string | null = null;
    for (const { policyCase } of results) {
      if (policyCase.expect === 'ALLOW') withNearMiss.add(rule);
      else rule = policyCase.rule ?? null;
    }
    const forbidding = (loadBuiltIn().layers[0]?.rules ?? []).filter(({ action }) => action !== 'allow');
    expect(forbidding.filter(({ name }) => !withNearMiss.has(name ?? null))).toEqual([]);
  });

  test('decides about hostile lines of 64 KB in time', () => {
    const guard = ActionGuard.default();
    const pieces = [
      'rm -r a ',
      'curl x | ',
      'echo a >> ',
      '( ',
      '/a b',
      'DELETE FROM a WHERE ',
      "UPDATE a SET b = '",
    ];
    for (const piece of pieces) {
      const start = performance.now();
      guard.evaluate({ actionType: 'file.write', parameters: { path: piece.repeat(65_536 / piece.length) } });
      expect(performance.now() - start).toBeLessThan(1000);
    }
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
