import { describe, expect, test } from 'vitest';
import { workspace } from './run-cli.ts';

const { run, json } = workspace({
  'policy.yaml': [
    'default_action: block',
    'rules:',
    '  - {pattern: ^/tmp/, action: allow, name: tmp, reason: scratch}',
    '  - {pattern: ^/etc/, action: block, name: etc, reason: system}',
    '  - {pattern: ^/var/, action: escalate, name: var, reason: ask}',
    'policies:',
    '  - {name: big, condition: "parameters.amount > 100", verdict: ESCALATE, message: Too much}',
  ].join('\n'),
  'good.yaml': [
    'config: policy.yaml',
    'cases:',
    '  - {intent: /tmp/x, expect: allow, rule: tmp}',
    '  - {name: system files, intent: /etc/x, expect: BLOCK}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: cases are taken as written.
    '  - {intent: "echo ${HOME}", expect: block, rule: null}',
    '  - {intent: {action_type: pay, parameters: {amount: 500, note: /tmp/}}, expect: escalate, rule: big}',
  ].join('\n'),
  'bad.yaml': [
    'config: policy.yaml',
    'cases:',
    '  - {intent: /tmp/x, expect: block}',
    '  - {intent: /etc/x, expect: block, rule: var}',
    '  - {intent: /tmp/y, expect: allow}',
  ].join('\n'),
  'builtin.yaml': 'cases: [{intent: rm -rf /, expect: block, rule: recursive-delete}]',
  'typo.yaml': 'config: policy.yaml\ncases:\n  - intent: x\n    expcet: block\n',
  'word.yaml': 'config: policy.yaml\ncases:\n  - intent: x\n    expect: blok\n',
  'field.yaml': 'cases:\n  - intent: {tool: x}\n    expect: block\n',
  'none.yaml': 'config: policy.yaml\n',
  'empty.yaml': 'config: policy.yaml\ncases: []\n',
  'latin1.yaml': Buffer.from('cases: [{intent: "caf\xe9", expect: allow}]', 'latin1'),
});

describe('test', () => {
  test('prints a table of the cases and the rules that none of them reached', () => {
    expect(run(['test', 'good.yaml'])).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'good.yaml',
        '  pass  ALLOW     tmp  /tmp/x',
        '  pass  BLOCK     etc  system files',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: cases are taken as written.
        '  pass  BLOCK     -    echo ${HOME}',
        '  pass  ESCALATE  big  pay',
        '  no case reached: var',
        '4 passed, 0 failed',
        '',
      ].join('\n'),
    });
  });

  test('a wrong verdict and a wrong rule fail, with what was expected and why it came out so', () => {
    const { code, stdout } = run(['test', 'bad.yaml']);
    expect(code).toBe(1);
    expect(stdout).toContain('line 3: expected BLOCK; the reason was: scratch');
    expect(stdout).toContain('line 4: expected BLOCK by "var"; the reason was: system');
    expect(stdout).toContain('1 passed, 2 failed');
  });

  test('without `config` the built-in policy is tested', () => {
    expect(run(['test', 'builtin.yaml']).code).toBe(0);
  });

  test('--json has the same, for several files', () => {
    const ran = json('test', 'good.yaml', 'bad.yaml');
    expect(ran).toMatchObject({ ok: false, passed: 5, failed: 2 });
    expect(ran.files[0]).toMatchObject({ file: 'good.yaml', unreached: ['var'] });
    expect(ran.files[1].cases[1]).toEqual({
      name: '/etc/x',
      line: 4,
      passed: false,
      expected: 'BLOCK',
      expected_rule: 'var',
      verdict: 'BLOCK',
      rule_name: 'etc',
      reason: 'system',
    });
  });

  test.each([
    ['typo.yaml', 'typo.yaml:4:5: There is no key `expcet` here. Did you mean `expect`?'],
    ['word.yaml', 'Did you mean `block`?'],
    ['field.yaml', 'field.yaml:2:5: An intent is text or an action. An action has no field `tool`.'],
    ['none.yaml', 'has `cases`'],
    ['empty.yaml', 'empty.yaml:2:1: `cases` is empty'],
    ['latin1.yaml', 'latin1.yaml: The file is not UTF-8.'],
    ['missing.yaml', 'missing.yaml: There is no such file.'],
  ])('%s is a failure that says where and why', (file, message) => {
    const ran = run(['test', file]);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(message);
  });

  test('with --json a failure is an object with its place', () => {
    expect(run(['test', 'typo.yaml', '--json'])).toMatchObject({ code: 1, stderr: '' });
    expect(json('test', 'typo.yaml')).toEqual({
      error: {
        code: 'CONFIG_SCHEMA',
        message: 'typo.yaml:4:5: There is no key `expcet` here. Did you mean `expect`?',
        file: 'typo.yaml',
        line: 4,
        column: 5,
      },
    });
  });
});
