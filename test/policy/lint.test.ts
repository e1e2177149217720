import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileLayer } from '../../src/policy/layers.ts';
import type { Finding } from '../../src/policy/lint/finding.ts';
import { lintLayer } from '../../src/policy/lint/lint.ts';
import { coverOf, covers } from '../../src/policy/lint/pattern-cover.ts';
import { compilePattern } from '../../src/policy/pattern/compile.ts';
import type { ConditionPolicyInput, LayerInput, RuleAction, RuleInput } from '../../src/policy/rule-input.ts';

const layer = (parts: Partial<LayerInput>) =>
  compileLayer({
    name: 'test',
    source: null,
    rules: [],
    policies: [],
    hasRules: parts.rules !== undefined,
    defaultAction: 'block',
    defaultVerdict: 'ALLOW',
    ...parts,
  });

const rulesOf = (...rules: (readonly [action: RuleAction, pattern: string])[]): RuleInput[] =>
  rules.map(([action, pattern]) => ({ action, pattern, reason: 'because' }));

const lintRules = (...rules: (readonly [action: RuleAction, pattern: string])[]): Finding[] =>
  lintLayer(layer({ rules: rulesOf(...rules) }));

const lintPolicies = (...policies: ConditionPolicyInput[]): Finding[] =>
  lintLayer(layer({ policies: policies.map((policy) => ({ message: 'because', ...policy })) }));

const brief = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, code, ruleName, otherRule }) =>
    [severity, code, ruleName, otherRule].filter(Boolean).join(' '),
  );

describe('rules that never decide are found', () => {
  test.each<[RuleAction, string, RuleAction, string]>([
    ['allow', '^/tmp/', 'block', '^/tmp/secret/'],
    ['allow', '^/tmp/.*', 'block', '^/tmp/secret/.*\\.key$'],
    ['allow', '.*', 'block', 'anything'],
    ['allow', '', 'block', '^x'],
    ['allow', 'rm', 'block', 'rm -rf'],
    ['allow', '(?i)drop', 'block', 'DROP TABLE'],
    ['allow', '(?i)drop', 'block', '(?i)x.*drop table'],
    ['allow', '\\.csv$', 'block', '^/data/.*secret\\.csv$'],
    ['allow', '^(?:a|b)c', 'block', '^bcd'],
    ['allow', '^git (?:status|log)\\b', 'block', '^git status$'],
    ['warn', '^/etc/', 'escalate', '^/etc/(?:passwd|shadow)'],
  ])('%s %s above %s %s', (first, pattern, second, other) => {
    expect(brief(lintRules([first, pattern], [second, other]))).toContain(
      `error unreachable ${second}:${other} ${first}:${pattern}`,
    );
  });

  test('one that would have said nothing stricter is only a warning', () => {
    expect(brief(lintRules(['block', '^/etc/'], ['block', '^/etc/passwd']))).toEqual([
      'warning unreachable block:^/etc/passwd block:^/etc/',
    ]);
  });

  test('the finding names both rules, their lines, and what to do', () => {
    const at = (line: number) => ({ file: 'policy.yaml', line, column: 3 });
    const [found] = lintLayer(
      layer({
        rules: [
          { pattern: '^/tmp/', action: 'allow', reason: 'r', name: 'temporary', position: at(4) },
          { pattern: '^/tmp/x', action: 'block', reason: 'r', name: 'no x', position: at(7) },
        ],
      }),
    );
    expect(found?.position).toEqual(at(7));
    expect(found?.message).toBe(
      'Rule "no x" (line 7) is never reached: rule "temporary" (line 4) matches everything that it matches. Move it up.',
    );
  });
});

describe('rules that can decide are left alone', () => {
  test.each<[RuleAction, string, RuleAction, string]>([
    ['allow', '^/tmp/.*\\.txt$', 'block', '^/etc/'],
    ['allow', 'rm -rf', 'block', 'rm'],
    ['allow', 'DROP', 'block', '(?i)drop table'],
    ['allow', '\\brm\\b', 'block', 'rm -rf'],
    ['allow', '^/etc/hosts$', 'block', '^/etc/'],
    ['allow', '^src/', 'block', '.*'],
    ['allow', 'a\\Z', 'block', 'a$'],
    ['allow', '^a{2,3}', 'block', '^ab'],
    ['allow', '(?m)^a', 'block', '^b'],
    ['allow', '.+', 'block', '^$'],
    ['allow', '(?i)stra', 'block', '^\\u017ftra'],
  ])('%s %s above %s %s', (first, pattern, second, other) => {
    expect(brief(lintRules([first, pattern], [second, other]))).toEqual([]);
  });

  test('what covers by these rules matches wherever the other does', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'ab',
      '/',
      '^',
      '$',
      '.*',
      '.',
      'a?',
      '(?:a|b)',
      '(?i:a)',
      '\\b',
      'B',
      '\\Z',
      '(?s:.*)',
      '[ab]',
      'a{2}',
    );
    const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
    const text = fc
      .array(fc.constantFrom('a', 'b', 'A', 'B', '/', '\n', ' '), { maxLength: 6 })
      .map((parts) => parts.join(''));
    let said = 0;
    fc.assert(
      fc.property(pattern, pattern, fc.array(text, { minLength: 20, maxLength: 20 }), (one, other, texts) => {
        const earlier = compilePattern(one);
        const later = compilePattern(other);
        if (!covers(earlier, coverOf(earlier), later)) return;
        said++;
        for (const each of texts) if (later.test(each)) expect(earlier.test(each)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
    expect(said).toBeGreaterThan(100);
  });
});

describe('lists that say two things are found', () => {
  test('the same pattern with another action', () => {
    expect(brief(lintRules(['block', '^x'], ['allow', '^x']))).toEqual([
      'error contradiction allow:^x block:^x',
    ]);
  });

  test('a permissive rule above a narrower restrictive one that it takes part of', () => {
    expect(brief(lintRules(['allow', '^/tmp/.*\\.txt$'], ['block', '^/tmp/secret/']))).toEqual([
      'warning permissive-above block:^/tmp/secret/ allow:^/tmp/.*\\.txt$',
    ]);
  });

  test('a name used twice, but not the names that unnamed rules get', () => {
    const rules = rulesOf(['block', '^a'], ['block', '^b']).map((rule) => ({ ...rule, name: 'same' }));
    expect(brief(lintLayer(layer({ rules })))).toEqual(['warning duplicate-name same same']);
  });
});

test('a rule that matches everything is named unless it is the last', () => {
  expect(brief(lintRules(['block', '.*'], ['block', 'x']))).toEqual([
    'warning matches-everything block:.*',
    'warning unreachable block:x block:.*',
  ]);
  expect(brief(lintRules(['block', 'x'], ['block', '.*']))).toEqual([]);
});

test('a missing default is named for rules and for policies, and not where there is neither', () => {
  const none = { defaultAction: null, defaultVerdict: null };
  expect(brief(lintLayer(layer({ ...none, rules: rulesOf(['allow', '^a']) })))).toEqual([
    'warning missing-default',
  ]);
  expect(brief(lintLayer(layer({ ...none, policies: [{ name: 'p', message: 'm' }] })))).toEqual([
    'warning missing-default',
  ]);
  expect(lintLayer(layer(none))).toEqual([]);
});

test('a restrictive rule or policy without a reason is a note', () => {
  const rules: RuleInput[] = [
    { pattern: '^a', action: 'block' },
    { pattern: '^b', action: 'allow' },
  ];
  expect(brief(lintLayer(layer({ rules })))).toEqual(['note empty-reason block:^a']);
  expect(brief(lintPolicies({ name: 'p', message: '', condition: "tool_name == 'x'" }))).toEqual([
    'note empty-reason p',
  ]);
});

describe('condition policies', () => {
  test('one without a condition covers those below it for the same types of action', () => {
    const found = lintPolicies(
      { name: 'files', actionTypes: ['file.*'], verdict: 'ALLOW' },
      { name: 'deletes', actionTypes: ['file.delete', 'file.wipe.*'], condition: 'estimated_cost > 1' },
      { name: 'others', actionTypes: ['*.delete'], condition: 'estimated_cost > 1' },
    );
    expect(brief(found)).toEqual(['error unreachable deletes files']);
  });

  test('the same condition with another verdict is a contradiction', () => {
    const condition = "parameters.path.startswith('/etc')";
    const found = lintPolicies(
      { name: 'a', condition, verdict: 'ALLOW' },
      { name: 'b', condition, verdict: 'BLOCK' },
    );
    expect(brief(found)).toEqual(['error contradiction b a']);
  });

  test('one that only demands trust covers nothing: the walk goes on behind it', () => {
    expect(
      lintPolicies({ name: 'trusted', minTrust: 0.5 }, { name: 'b', condition: 'estimated_cost > 1' }),
    ).toEqual([]);
  });

  test('one for everything that stands above others is named', () => {
    expect(
      brief(lintPolicies({ name: 'all' }, { name: 'b', verdict: 'WARN', condition: 'estimated_cost > 1' })),
    ).toEqual(['warning matches-everything all', 'warning unreachable b all']);
  });

  test('a constant condition is named; one that never holds is an error where it was to protect', () => {
    expect(brief(lintPolicies({ name: 'always', condition: "'a' in 'abc'" }))).toEqual([
      'warning constant-condition always',
    ]);
    expect(brief(lintPolicies({ name: 'never', condition: "'x' == 'y'" }))).toEqual([
      'error constant-condition never',
    ]);
    expect(brief(lintPolicies({ name: 'never', condition: '1 > 2', verdict: 'ALLOW' }))).toEqual([
      'warning constant-condition never',
    ]);
  });

  test('one for no type of action never applies', () => {
    expect(brief(lintPolicies({ name: 'p', actionTypes: [] }))).toContain('error never-applies p');
  });
});

test('a long list is compared with what came first, and the first that covers is named', () => {
  const pattern = fc.constantFrom(
    '^/a',
    '^/a/b',
    '^/A',
    '(?i)^/a/',
    '^/a/b$',
    '/a',
    'b$',
    '.*',
    '^(?:/a|/c)/',
    '\\w+',
    '^/c/[a-z]$',
  );
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { minLength: 2, maxLength: 8 }), (patterns) => {
      const compiled = patterns.map((source) => compilePattern(source));
      const found = lintRules(...patterns.map((source) => ['block', source] as const)).filter(
        ({ code }) => code === 'unreachable',
      );
      const expected = compiled.flatMap((later, i) => {
        const first = compiled.slice(0, i).find((earlier) => covers(earlier, coverOf(earlier), later));
        return first === undefined ? [] : [`block:${later.source} block:${first.source}`];
      });
      expect(found.map(({ ruleName, otherRule }) => `${ruleName} ${otherRule}`)).toEqual(expected);
    }),
  );
});
