import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testSnippet } from '../../src/explain/test-policy.ts';
import { factsWith, intentWith } from './scene.ts';

const pay = (amount: unknown) =>
  intentWith({ actionType: 'payment.card', toolName: 'pay', intent: 'pay 4 cards', parameters: { amount } });

const tried = (snippet: string, intent = pay(500)) => {
  let time = 0;
  return testSnippet(snippet, intent, factsWith(), () => (time += 2));
};

describe('one policy', () => {
  const snippet = [
    'name: large',
    'action_types: ["payment.*"]',
    'condition: "parameters.amount > 100 and tool_name == \'pay\'"',
    'verdict: ESCALATE',
    'message: Too much at once',
  ].join('\n');

  test('that matches shows its verdict and what every part of the condition saw', () => {
    expect(tried(snippet)).toEqual({
      matched: true,
      verdict: 'ESCALATE',
      conditionTrace: [
        { expression: 'parameters.amount > 100', value: 500, result: true },
        { expression: "tool_name == 'pay'", value: 'pay', result: true },
        { expression: "parameters.amount > 100 and tool_name == 'pay'", value: true, result: true },
      ],
      summary: 'ESCALATE by "large": Too much at once',
      parseError: null,
      evaluationTimeMs: 2,
    });
  });

  test('that does not match has no verdict, and shows the part that failed', () => {
    const result = tried(snippet, pay(50));
    expect(result).toMatchObject({ matched: false, verdict: null, parseError: null });
    expect(result.conditionTrace[0]).toEqual({
      expression: 'parameters.amount > 100',
      value: 50,
      result: false,
    });
    expect(result.summary).toContain('no opinion');
  });

  test('whose condition cannot be computed shows the error, and its verdict still counts', () => {
    const result = tried(snippet, pay('lots'));
    expect(result).toMatchObject({ matched: true, verdict: 'ESCALATE' });
    expect(result.conditionTrace.some((step) => step.result === null)).toBe(true);
  });

  test('for another type of action shows that', () => {
    const { conditionTrace } = tried(snippet, intentWith({ actionType: 'file.read' }));
    expect(conditionTrace).toEqual([
      { expression: 'action_types: [payment.*]', value: 'file.read', result: false },
    ]);
  });

  test('needs no name, and trust is traced like a condition', () => {
    const result = tried('condition: "parameters.amount > 1"\nmin_trust: 1');
    expect(result).toMatchObject({ matched: false, verdict: null });
    expect(result.conditionTrace.at(-1)).toEqual({ expression: 'min_trust: 1', value: 1, result: true });
  });
});

test('one rule, and a list of rules, are matched against the intent', () => {
  expect(tried("pattern: '\\d+ cards'\naction: warn\nreason: Several")).toMatchObject({
    matched: true,
    verdict: 'WARN',
    conditionTrace: [{ expression: '\\d+ cards', value: 'pay 4 cards', result: true }],
  });
  expect(tried("- {pattern: '^x', action: allow}\n- {pattern: pay, action: block}")).toMatchObject({
    matched: true,
    verdict: 'BLOCK',
    conditionTrace: [{ result: false }, { expression: 'pay', result: true }],
  });
  expect(tried("- {pattern: '^x', action: allow}")).toMatchObject({ matched: false, verdict: null });
});

test('a list of policies goes by the first that matches', () => {
  const list = '- {name: a, condition: "parameters.amount > 1000"}\n- {name: b, verdict: DEFER}';
  expect(tried(list)).toMatchObject({ matched: true, verdict: 'DEFER' });
});

test('a whole file has its default, too', () => {
  const file = 'name: mine\ndefault_action: escalate\nrules:\n  - {pattern: ^x, action: allow}';
  expect(tried(file)).toMatchObject({ matched: false, verdict: 'ESCALATE' });
  expect(tried(file).summary).toMatch(/^ESCALATE by default: /);
});

describe('a snippet that cannot be used', () => {
  test.each([
    ['rules: [', 'no YAML'],
    ['', 'nothing'],
    ['- 5', 'a list of numbers'],
    ['pattern: "a(?=b)"\naction: block', 'look-ahead'],
    ['patern: a\naction: block', 'a misspelt key'],
    ['condition: "parameters.amount >"', 'half a condition'],
    ['verdict: MAYBE', 'no verdict'],
  ])('%j (%s) says why in parseError', (snippet) => {
    const result = tried(snippet);
    expect(result).toMatchObject({ matched: false, verdict: null, conditionTrace: [], evaluationTimeMs: 0 });
    expect(result.parseError).toBeTruthy();
    expect(result.summary).toContain('cannot be used');
  });

  test('never throws, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof tried(text).summary === 'string'));
    expect(tried(7 as unknown as string).parseError).toContain('number');
  });
});
