import { describe, expect, test } from 'vitest';
import { gapRules } from '../../bench/workloads/gaps.ts';
import { PolicyParseError } from '../../src/core/errors.ts';
import { compilePattern } from '../../src/policy/pattern/compile.ts';
import { Policy } from '../../src/policy/policy.ts';
import type { RuleInput } from '../../src/policy/rule-input.ts';

const rulesOf = (patterns: readonly string[]): RuleInput[] =>
  patterns.map((pattern) => ({ pattern, action: 'block' }));

/** A pattern of so many counted gaps between parts that occur everywhere. */
const heavy = (gaps: number, i: number): string => `[ab]${`[^${i}]{0,${i + 9}}[ab]`.repeat(gaps)}!`;

describe('patterns that together would be slow do not load', () => {
  test('the error names the costliest rules and says what to do', () => {
    const patterns = Array.from({ length: 100 }, (_, i) => heavy(60, i % 10));
    expect(() => new Policy({ name: 'big', rules: rulesOf(patterns) })).toThrow(PolicyParseError);
    expect(() => new Policy({ name: 'big', rules: rulesOf(patterns) })).toThrow(
      /policy "big" together cost \d+, and 100 rules may cost 1000.*costliest are "block:\[ab\].*Split them/,
    );
    expect(new Policy({ rules: rulesOf(patterns.slice(0, 5)) }).rules).toHaveLength(5);
  });

  test('a rule that is one too many is not added', () => {
    const policy = new Policy({ rules: rulesOf(Array.from({ length: 6 }, () => heavy(60, 1))) });
    const add = (): void => {
      for (let i = 0; i < 20; i++) policy.addRule({ pattern: heavy(60, 2), action: 'block' });
    };
    expect(add).toThrow(PolicyParseError);
    const { length } = policy.rules;
    expect(add).toThrow(PolicyParseError);
    expect(policy.rules).toHaveLength(length);
    expect(policy.ruleNames).toHaveLength(length);
  });

  test.each(['dots', 'mixed'] as const)('a thousand rules with gaps (%s) load', (kind) => {
    const { rules } = gapRules(1000, 10_240, kind);
    const patterns = rules.flatMap((rule) => ('source' in rule ? [rule.source] : []));
    expect(patterns).toHaveLength(1000);
    expect(new Policy({ rules: rulesOf(patterns) }).rules).toHaveLength(1000);
  });
});

describe('a pattern whose automaton has too many states does not load', () => {
  test.each(['a(?:[ab]|cc){20}[!?]', 'a(?:[ab]|cc){60}[!?]', '(?:0|1)*1(?:[01]|22){30}x'])(
    '%s',
    (pattern) => {
      expect(() => compilePattern(pattern)).toThrow(/ever new states.*lower the counts/);
    },
  );

  test.each([
    'a(?:[ab]|cc){8}[!?]',
    '(?:a|bc*){20}x',
    '\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b',
    '\\b\\d{4}(?:[- ]?\\d{4}){3}\\b',
    '\\b[A-Z]{2}\\d{2}(?: ?[0-9A-Z]{4}){4,7}\\b',
    '(?i)(?:password|passwd|pwd|secret|token)\\s*[:=]\\s*\\S{8,}',
    '(?:[A-Za-z0-9+/]{4}){10,}={0,2}',
    '(?:[0-9a-f]{2}:){5}[0-9a-f]{2}',
    '(?:\\+?\\d{1,3}[ -]?)?\\(?\\d{3}\\)?[ -]?\\d{3}[ -]?\\d{4}',
  ])('ordinary counts load: %s', (pattern) => {
    expect(compilePattern(pattern).cost).toBeLessThan(20);
  });
});
