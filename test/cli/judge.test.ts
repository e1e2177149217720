import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { workspace } from './run-cli.ts';

const { folder, run, json } = workspace({
  'policy.yaml': [
    'name: mine',
    'default_action: block',
    'rules:',
    "  - {pattern: '^/tmp/', action: allow, name: tmp, reason: scratch}",
    "  - {pattern: '^/etc/', action: block, name: etc, reason: 'No system files', suggestion: use /tmp}",
    "  - {pattern: '^drop', action: escalate, reason: Ask first, escalate_to: dba}",
    "  - {pattern: '^later', action: defer, reason: Not now, defer_seconds: 60}",
    "  - {pattern: '^hm', action: warn, reason: Careful}",
  ].join('\n'),
  'pay.yaml': [
    'policies:',
    '  - {name: big, action_types: ["pay.*"], condition: "parameters.amount > 100", verdict: ESCALATE, message: Too much}',
    'evaluators: {human_gate: {enabled: true}}',
    'agents: [{id: bot, trust_level: 0.9}]',
  ].join('\n'),
  'journaled.yaml': 'storage: {path: policy.db}\nrules: [{pattern: x, action: block, reason: never}]\n',
  'cases.yaml': 'config: journaled.yaml\ncases: [{intent: x, expect: block}]\n',
  'broken.yaml': 'rules:\n  - {pattern: "a(?=b)", action: block}\n',
});
const withPolicy = ['--config', 'policy.yaml'];

describe('evaluate', () => {
  test.each([
    ['/tmp/x', 0, 'ALLOW'],
    ['hm', 0, 'WARN'],
    ['/etc/passwd', 3, 'BLOCK'],
    ['anything else', 3, 'BLOCK'],
    ['drop it', 4, 'ESCALATE'],
    ['later please', 4, 'DEFER'],
  ])('%s ends with exit code %i and says %s', (intent, code, verdict) => {
    const ran = run(['evaluate', intent, ...withPolicy]);
    expect(ran).toMatchObject({ code, stderr: '' });
    expect(ran.stdout).toMatch(new RegExp(`^${verdict} `));
  });

  test('names the rule, its reason and what to do', () => {
    const { stdout } = run(['evaluate', '/etc/passwd', ...withPolicy]);
    expect(stdout).toBe(
      'BLOCK  etc: No system files\nDo not retry this call unchanged. Instead: use /tmp.\n',
    );
  });

  test('without --config judges by the built-in policy', () => {
    expect(run(['evaluate', 'rm -rf /']).code).toBe(3);
    expect(run(['evaluate', 'ls']).code).toBe(0);
  });

  test('--json prints the decision in snake_case', () => {
    expect(json('evaluate', '/etc/passwd', ...withPolicy)).toMatchObject({
      outcome: 'BLOCK',
      verdict: 'BLOCK',
      reason: 'No system files',
      rule_name: 'etc',
      policy_triggered: 'mine',
      risk_score: expect.any(Number),
      latency_ms: expect.any(Number),
      results: expect.arrayContaining([
        expect.objectContaining({
          evaluator_name: 'policy_engine',
          verdict: 'BLOCK',
          metadata: {
            rule_name: 'etc',
            policy_name: 'mine',
            spelling: '/etc/passwd',
            matched_as: 'path',
            read_as: 'path',
          },
        }),
      ]),
    });
  });

  test('an action is a JSON object with snake_case or camelCase keys', () => {
    const config = ['--config', 'pay.yaml'];
    const snake = { action_type: 'pay.card', tool_name: 'pay', parameters: { amount: 500 }, agent_id: 'bot' };
    const camel = { actionType: 'pay.card', toolName: 'pay', parameters: { amount: 500 }, agentId: 'bot' };
    for (const action of [snake, camel]) {
      expect(json('evaluate', JSON.stringify(action), ...config)).toMatchObject({
        verdict: 'ESCALATE',
        rule_name: 'big',
      });
    }
    expect(
      json('evaluate', JSON.stringify({ ...snake, parameters: { amount: 5 } }), ...config).rule_name,
    ).toBe(null);
  });

  test('a gate that asks a person says so: a dry run has nobody to ask', () => {
    const action = JSON.stringify({ action_type: 'x', risk_level: 'CRITICAL', agent_id: 'bot' });
    expect(json('evaluate', action, '--config', 'pay.yaml').verdict).toBe('ESCALATE');
  });

  test('several files are layers: the worst verdict wins', () => {
    expect(run(['evaluate', '/etc/x', '--config', 'policy.yaml', 'pay.yaml']).code).toBe(3);
  });

  test('- reads text or an action from standard input', () => {
    expect(run(['evaluate', '-', ...withPolicy], '/etc/passwd\n').code).toBe(3);
    expect(
      run(['evaluate', '-', ...withPolicy], '{"action_type": "file.read", "parameters": {"path": "/tmp/x"}}')
        .code,
    ).toBe(0);
  });

  test.each([
    ['{"action_type": "x"', 'not valid JSON'],
    ['{"tool": "x"}', 'no field `tool`'],
    ['{"tool_nam": "x"}', 'Did you mean `tool_name`?'],
    ['{"parameters": {}}', 'needs an `action_type`'],
    ['{"action_type": "x", "actionType": "y"}', 'twice'],
    ['[1]', 'not a JSON list'],
    [' [{"action_type": "x"}]', 'not a JSON list'],
    ['[{"action_type": "x"}', 'not valid JSON'],
  ])('%s is a usage error', (intent, message) => {
    const ran = run(['evaluate', intent]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(message);
  });

  test('braces and brackets that are no JSON are text', () => {
    expect(run(['evaluate', '{ rm -rf /; }']).code).toBe(3);
    expect(run(['evaluate', '[ -f x ] && rm -rf /']).code).toBe(3);
    expect(run(['evaluate', '[ -f x ] && ls']).code).toBe(0);
  });

  test('a value of the wrong type is refused by the guard, not by the command line', () => {
    expect(json('evaluate', '{"action_type": "x", "estimated_cost": "free"}')).toMatchObject({
      verdict: 'BLOCK',
      policy_triggered: 'schema_validator',
    });
  });

  test('`__proto__` in an action is a key like any other that is not known', () => {
    expect(run(['evaluate', '{"action_type": "x", "__proto__": {"polluted": 1}}']).code).toBe(2);
    expect(
      run(['evaluate', '{"action_type": "x", "parameters": {"__proto__": {"a": "rm -rf /"}}}']).code,
    ).toBe(3);
  });

  test('a policy that does not load, or is not there, is a failure with a message on stderr', () => {
    const broken = run(['evaluate', 'x', '--config', 'broken.yaml']);
    expect(broken).toMatchObject({ code: 1, stdout: '' });
    expect(broken.stderr).toContain('broken.yaml:2');
    expect(run(['evaluate', 'x', '--config', 'missing.yaml'])).toMatchObject({ code: 1, stdout: '' });
  });

  test('bytes on standard input that are not UTF-8 are refused', () => {
    const ran = run(['evaluate', '-'], Uint8Array.of(0x72, 0x6d, 0xff));
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('not UTF-8');
    expect(run(['evaluate', '-'], '\ufeff/etc/passwd').code).toBe(3);
  });

  test('an intent behind --config counts as a file, and the message says where it belongs', () => {
    const ran = run(['evaluate', '--config', 'policy.yaml', '/etc/passwd']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('Put the intent first');
    expect(run(['evaluate']).stderr).not.toContain('Put the intent first');
  });

  test('what an intent or a rule holds does not act on the terminal', () => {
    const { stdout } = run(['evaluate', '-', '--config', 'policy.yaml'], 'hm\x1b[2J');
    expect(stdout).not.toContain('\x1b');
  });
});

describe.each(['evaluate', 'explain'])('an error of %s with --json is an object', (command) => {
  test.each([
    [['x', '--config', 'broken.yaml'], 1, { code: 'CONFIG_VALIDATION', file: 'broken.yaml', line: 2 }],
    [
      ['x', '--config', 'missing.yaml'],
      1,
      { code: 'CONFIG_FILE_NOT_FOUND', file: 'missing.yaml', line: null },
    ],
    [['{"tool": "x"}'], 2, { code: 'USAGE', file: null, line: null, column: null }],
    [
      ['--config', 'policy.yaml', 'x'],
      2,
      { code: 'USAGE', message: expect.stringContaining('Put the intent') },
    ],
    [['x', '--nonsense'], 2, { code: 'USAGE', message: "unknown option '--nonsense'" }],
  ])('%j', (args, code, error) => {
    const ran = run([command, '--json', ...args]);
    expect(ran.code).toBe(code);
    expect(JSON.parse(ran.stdout)).toEqual({ error: expect.objectContaining(error) });
  });

  test('`--json` behind `--` is an intent', () => {
    expect(run([command, '--', '--json']).stdout).not.toContain('{');
  });
});

describe('explain', () => {
  test('prints the explanation and ends well whatever the verdict', () => {
    const { code, stdout } = run(['explain', '/etc/passwd', ...withPolicy]);
    expect(code).toBe(0);
    expect(stdout).toContain('Decision: BLOCK by rule "etc" of policy "mine"');
    expect(stdout).toMatch(/pattern +\^\/etc\//);
    expect(stdout).toMatch(/place +rule 2 of 5, policy\.yaml:5:/);
    expect(stdout).toContain('risk_scorer');
    expect(stdout).toContain('Instead: use /tmp.');
  });

  test('--json has the text and the decision', () => {
    const explained = json('explain', '/etc/passwd', ...withPolicy);
    expect(explained.explanation).toContain('Decision: BLOCK');
    expect(explained.decision).toMatchObject({ verdict: 'BLOCK', rule_name: 'etc' });
  });
});

describe('what is only tried out', () => {
  test.each([
    [['evaluate', 'rm -rf /']],
    [['explain', 'rm -rf /', '--config', 'journaled.yaml']],
    [['test', 'cases.yaml']],
    [['check', 'journaled.yaml']],
  ])('%j leaves no trace in a journal', (command) => {
    const home = join(folder, 'home');
    const env = { NO_COLOR: '1', HOME: home, PLYRA_SNAPSHOT_PATH: join(home, 'named.db') };
    expect(run(command, '', env).stderr).toBe('');
    expect([home, join(folder, 'policy.db')].filter(existsSync)).toEqual([]);
  });
});

describe('the command line', () => {
  test('says how it is used', () => {
    const help = run(['--help']);
    expect(help.code).toBe(0);
    for (const command of [
      'init',
      'check',
      'evaluate',
      'explain',
      'test',
      'log',
      'audit',
      'freeze',
      'unfreeze',
    ])
      expect(help.stdout).toContain(command);
    expect(help.stdout).toContain('Exit codes');
    expect(run(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test.each([[['nonsense']], [['evaluate']], [['evaluate', 'x', '--nonsense']], [['check']], [[]]])(
    'ends with 2 for %j',
    (args) => {
      const ran = run(args);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).not.toBe('');
    },
  );

  test('has colours unless NO_COLOR is set', () => {
    const coloured = run(['evaluate', 'hm', ...withPolicy], '', { FORCE_COLOR: '1' });
    expect(coloured.stdout).toContain('\x1b[33mWARN');
    expect(run(['evaluate', 'hm', ...withPolicy], '', { NO_COLOR: '1' }).stdout).not.toContain('\x1b');
  });
});
