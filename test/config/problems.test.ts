import { describe, expect, it } from 'vitest';
import { configFromObject, parseConfig } from '../../src/config/load.ts';
import { type ConfigError, ConfigSchemaError, ConfigValidationError } from '../../src/core/errors.ts';

function problemOf(text: string): ConfigError {
  try {
    parseConfig(text, { file: 'p.yaml', env: {} });
  } catch (error) {
    return error as ConfigError;
  }
  throw new Error('The text loads.');
}

const rule = (line: string) => `rules:\n  - pattern: x\n    action: block\n    ${line}\n`;
const policy = (line: string) => `policies:\n  - name: p\n    ${line}\n`;

describe('unknown keys, with what was meant', () => {
  it.each([
    ['ruels: []', 1, 1, '`ruels` is not a key of a configuration. Did you mean `rules`?'],
    [rule('resaon: x'), 4, 5, '`resaon` is not a key of a rule. Did you mean `reason`?'],
    [
      policy('actiontypes: [x]'),
      3,
      5,
      '`actiontypes` is not a key of a policy. Did you mean `action_types`?',
    ],
    ['budget: {per_taks: 1}', 1, 10, '`per_taks` is not a key of `budget`. Did you mean `per_task`?'],
    ['agents: [{id: a, trust: 1}]', 1, 18, '`trust` is not a key of an agent. Known: `id`, `trust_level`'],
    ['evaluators: {risk_score: {}}', 1, 14, 'Did you mean `risk_scorer`?'],
    ['observability: {exporters: [{stdot: {}}]}', 1, 30, 'Did you mean `stdout`?'],
    ['constructor: 1', 1, 1, '`constructor` is not a key of a configuration.'],
  ])('%j', (text, line, column, message) => {
    const error = problemOf(text);
    expect(error).toBeInstanceOf(ConfigSchemaError);
    expect(error.message).toContain(`p.yaml:${line}:${column}: `);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ file: 'p.yaml', line, column });
  });

  it('a misspelled required key is one problem, not two', () => {
    expect(problemOf('rules: [{patern: x, action: block}]').message).not.toContain('needs `pattern`');
  });
});

describe('wrong types: what it is and what to write', () => {
  it.each([
    ['rules: {}', 1, 8, '`rules` must be a list of rules, not a mapping.'],
    ['rules:\n', 1, 7, '`rules` must be a list of rules, but it is empty.'],
    ['- rules', 1, 1, 'The configuration must be a mapping of sections'],
    ['hello', 1, 1, 'not the text "hello"'],
    ['rules: [{action: block}]', 1, 9, 'A rule needs `pattern`: a Python regular expression'],
    ['policies: [{verdict: ALLOW}]', 1, 12, 'A policy needs `name`'],
    ['rules:\n  - {pattern: 12, action: block}', 2, 15, "YAML 1.1 reads it as a number; write '12'."],
    [rule('name: yes'), 4, 11, "Without quotes YAML 1.1 reads it as true; write 'yes'."],
    [rule('defer_seconds: 1e3'), 4, 20, 'YAML 1.1 reads it as text; write 1000.'],
    ['rules:\n  - {pattern: x, action: BLOCK}', 2, 26, 'Did you mean `block`?'],
    [policy('verdict: Allow'), 3, 14, 'Did you mean `ALLOW`?'],
    [policy('action_types: file.*'), 3, 19, 'must be a list of action types'],
    [policy('action_types: []'), 3, 19, 'an empty list matches nothing: leave it out for all'],
    [policy('min_trust: PEEER'), 3, 16, 'Did you mean `PEER`?'],
    ['mode: Monitor', 1, 7, '`mode` must be one of: enforce, monitor, not the text "Monitor". Did you mean'],
    ['budget: {currency: EUR}', 1, 20, '`budget.currency` must be one of: USD, not the text "EUR".'],
    ['evaluators: {risk_scorer: off}', 1, 27, 'must be a mapping such as `{enabled: true}`, not off.'],
    ['tools: {run: {cmd: sheell}}', 1, 20, '`tools.run.cmd` must be one of: path, url, shell, sql, text'],
    ['approvals: {webhook: {url: ftp://x, secret: x}}', 1, 28, '`approvals.webhook.url` must be a URL'],
  ])('%j', (text, line, column, message) => {
    const error = problemOf(text);
    expect(error.message).toContain(`p.yaml:${line}:${column}: `);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ line, column });
  });
});

describe('a webhook that cannot be used', () => {
  const key = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
  const webhook = (url: string, secret = key(24), more = '') =>
    `approvals:\n  webhook:\n    url: "${url}"\n    secret: ${secret}\n${more}`;

  it.each([
    ['approvals: {webhook: https://hooks.example/x}', 1, 22, '`{url, secret, allow_private}` or null'],
    [
      'approvals: {webhook: {url: "https://hooks.example/x"}}',
      1,
      22,
      '`approvals.webhook` needs `secret`: a signing secret',
    ],
    [webhook('http://hooks.example/x'), 3, 10, 'begins with `https://`, for over `http:` others read'],
    [webhook('https://127.0.0.1/x'), 3, 10, 'must be the URL of a public host; `allow_private: true`'],
    [webhook('https://[::1]/x'), 3, 10, 'must be the URL of a public host'],
    [webhook('https://[::ffff:10.0.0.1]/x'), 3, 10, 'must be the URL of a public host'],
    [webhook('https://0x7f000001/x'), 3, 10, 'must be the URL of a public host'],
    [webhook('http://169.254.169.254/latest'), 3, 10, 'must be the URL of a public host'],
    [webhook('https://localhost/x'), 3, 10, 'must be the URL of a public host'],
    [webhook('https://[::1/x'), 3, 10, 'must be a URL that begins with `https://`'],
    [webhook('https://hooks.example/x', 'whsec_'), 4, 13, 'must be a signing secret, `whsec_` and 24 to 64'],
    [webhook('https://hooks.example/x', key(23)), 4, 13, 'must be a signing secret'],
    [webhook('https://hooks.example/x', key(65)), 4, 13, 'must be a signing secret'],
    [webhook('https://hooks.example/x', key(24).slice('whsec_'.length)), 4, 13, 'must be a signing secret'],
    [webhook('https://hooks.example/x', `${key(24)}!`), 4, 13, 'must be a signing secret'],
    [
      webhook('https://hooks.example/x', key(24), '    allow_privat: true\n'),
      5,
      5,
      'Did you mean `allow_private`',
    ],
  ])('%j', (text, line, column, message) => {
    const error = problemOf(text);
    expect(error.message).toContain(`p.yaml:${line}:${column}: `);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ line, column });
  });

  it('is told without its secret', () => {
    for (const secret of ['hunter2-hunter2', key(23), `"\${NOPE:-hunter2}"`]) {
      expect(problemOf(webhook('https://hooks.example/x', secret)).message).not.toMatch(/hunter2|BwcH/);
    }
  });

  it.each([24, 25, 26, 64])('is not one with a secret of %i bytes', (bytes) => {
    const { settings } = parseConfig(webhook('https://hooks.example/x', key(bytes)));
    expect(settings.approvals.webhook).toEqual({
      url: 'https://hooks.example/x',
      secret: key(bytes),
      allowPrivate: false,
    });
  });

  it.each(['http://127.0.0.1:8080/x', 'http://hooks.example/x', 'https://10.0.0.1'])(
    'is not one at %s with `allow_private`',
    (url) => {
      const text = webhook(url, key(32), '    allow_private: true\n');
      expect(parseConfig(text).settings.approvals.webhook).toMatchObject({ url, allowPrivate: true });
    },
  );

  it('takes its secret out of the environment', () => {
    const text = webhook('https://hooks.example/x', `\${HOOK_SECRET}`);
    const { settings } = parseConfig(text, { env: { HOOK_SECRET: key(32) } });
    expect(settings.approvals.webhook?.secret).toBe(key(32));
    expect(() => parseConfig(text, { env: {} })).toThrow(/`HOOK_SECRET` is not set/);
  });
});

describe('values that are not acceptable', () => {
  it.each([
    ['global: {max_risk_score: 1.5}', 26, 'a number from 0 to 1, not 1.5'],
    ['global: {max_risk_score: -0.1}', 26, 'a number from 0 to 1'],
    ['global: {max_risk_score: .nan}', 26, 'not .nan'],
    ['global: {max_delegation_depth: 1.5}', 32, 'a whole number, 0 or more'],
    ['global: {execution_timeout_seconds: .inf}', 37, 'not .inf'],
    ['global: {execution_timeout_seconds: 0}', 37, 'above 0'],
    ['global: {execution_timeout_seconds: 99999999}', 37, 'at most 2147483'],
    ['budget: {per_task: -1}', 20, 'an amount in USD, 0 or more'],
    ['budget: {per_task: .inf}', 20, 'an amount in USD'],
    ['agents: [{id: a, trust_level: 2}]', 31, 'a number from 0 to 1, or one of'],
    ['agents: [{id: a}, {id: a}]', 24, 'The id `a` is listed twice'],
    ['approvals: {quorum: 0}', 21, '1 or more'],
    ['rate_limits: {default: 60/minute}', 24, 'a rate such as `60/min`'],
    ['rate_limits: {default: 1.5/min}', 24, 'a rate such as `60/min`'],
    ['rate_limits: {per_tool: {x: 9999999/day}}', 29, 'at most 1000000 calls'],
    ['sidecar: {port: 70000}', 17, 'a port from 0 to 65535'],
    ['observability: {audit_log_max_entries: 0}', 40, 'a whole number from 1'],
    ['observability: {exporters: [{stdout: {}, sidecar: {}}]}', 29, 'a name (stdout, jsonl'],
    ['rollback: {max_bytes: 1 parsec}', 23, 'a size such as `1GB`'],
  ])('%j', (text, column, message) => {
    const error = problemOf(text);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ line: 1, column });
  });

  it('are validation errors, while wrong types are schema errors', () => {
    expect(problemOf('budget: {per_task: -1}')).toBeInstanceOf(ConfigValidationError);
    expect(problemOf('budget: {per_task: .nan}')).toBeInstanceOf(ConfigValidationError);
    expect(problemOf('budget: {per_task: x}')).toBeInstanceOf(ConfigSchemaError);
    expect(problemOf('budget: {per_task: -1}\nmode: x')).toBeInstanceOf(ConfigSchemaError);
  });

  it('too many rules are refused', () => {
    const text = `rules:\n${'- {pattern: x, action: block}\n'.repeat(20_001)}`;
    expect(problemOf(text).message).toContain('at most 20000 rules');
  });
});

describe('patterns and conditions, each at its character', () => {
  it.each([
    [
      "rules: [{pattern: 'a(?=b)', action: block, name: look}]",
      1,
      21,
      'The pattern of rule "look" cannot be used',
    ],
    ['rules: [{pattern: "x(", action: block}]', 1, 21, 'The pattern of rule 1'],
    ["rules: [{pattern: 'it''s(', action: block}]", 1, 25, "It is written: it's("],
    ['rules: [{pattern: "\\\\d(", action: block}]', 1, 23, 'cannot be used'],
    ['rules: [{pattern: "\\bword", action: block}]', 1, 19, 'in double quotes `\\b` is one'],
    [
      'rules: [{pattern: "\\x1be\\\\b", action: block}]',
      1,
      19,
      "character U+001B. Write it in single quotes: '\\x1be\\b'",
    ],
    [
      policy(`condition: "matches(parameters.x, r'\\bfoo')"`),
      3,
      16,
      `holds a backspace: in double quotes \`\\b\` is one. Write it in single quotes: 'matches(parameters.x, r''\\bfoo'')'`,
    ],
    [policy('condition: "tool_name == \\"\\0\\""'), 3, 16, 'the control character U+0000'],
    [policy('condition: paramters.x == 1'), 3, 16, 'Did you mean `parameters`?'],
    [policy("condition: 'tool_name = 1'"), 3, 27, 'The condition of policy "p" cannot be used'],
    [policy("condition: ''"), 3, 17, 'Leave the key out'],
    [policy('condition: |\n      tool_name == "x"\n        and paramters.y'), 5, 13, '`paramters`'],
    [policy('condition: >-\n      tool_name == "x"\n      and paramters.y'), 5, 11, '`paramters`'],
    [policy('condition: tool_name == "x"\n      and paramters.y'), 4, 11, '`paramters`'],
    ["redaction: {patterns: ['ok', '(']}", 1, 31, '`redaction.patterns[1]` cannot be used'],
    [
      "redaction:\n  patterns: ['a*']",
      2,
      15,
      '`redaction.patterns[0]` cannot be used: the pattern also matches the empty',
    ],
    ["redaction: {patterns: ['(?=a)b']}", 1, 25, 'look-ahead'],
    ["redaction: {keys: [iban, '--']}", 1, 26, '`redaction.keys[1]` holds no word'],
    ['redaction:\n  keys:\n    - "a*b"', 3, 7, '`redaction.keys[0]` has a `*` inside'],
  ])('%j', (text, line, column, message) => {
    const error = problemOf(text);
    expect(error.message).toContain(`p.yaml:${line}:${column}: `);
    expect(error.message).toContain(message);
    expect(error).toBeInstanceOf(ConfigValidationError);
  });

  it('are collected together with mistakes of shape', () => {
    const { message } = problemOf("rules:\n  - pattern: '('\n    action: block\nmoed: enforce\n");
    expect(message).toContain('has 2 problems');
    expect(message).toContain('p.yaml:2:15: The pattern of rule 1');
    expect(message).toContain('p.yaml:4:1: `moed`');
  });
});

describe('a default action without rules', () => {
  it.each([
    ['default_action: block\npolicies: [{name: p}]', 1, 'BLOCK'],
    ['version: "1"\nname: n\ndefault_action: escalate', 3, 'ESCALATE'],
  ])('%j would decide nothing, and is an error', (text, line, verdict) => {
    const error = problemOf(text);
    expect(error).toBeInstanceOf(ConfigValidationError);
    expect(error).toMatchObject({ line, column: 1 });
    expect(error.message).toContain(
      `\`default_action\` belongs to \`rules\`; this file has none. Write \`global: {default_verdict: ${verdict}}\`, or add \`rules: []\`.`,
    );
  });

  it('is an error of an object too, in its own words', () => {
    expect(() => configFromObject({ defaultAction: 'block' })).toThrow(
      "`defaultAction` belongs to `rules`; this configuration has none. Write `global: {defaultVerdict: 'BLOCK'}`, or add `rules: []`.",
    );
  });

  it('with `rules: []` it decides', () => {
    expect(parseConfig('default_action: block\nrules: []').layers[0]).toMatchObject({
      defaultAction: 'block',
      hasRules: true,
    });
  });

  it('is not reported where `rules` is misspelled', () => {
    expect(problemOf('default_action: block\nruels: []').message).not.toContain('belongs to');
  });
});

describe('the message', () => {
  it('lists problems in the order of the text, twenty of them, and counts the rest', () => {
    const { message, details } = problemOf(Array.from({ length: 25 }, (_, i) => `bad${i}: 1`).join('\n'));
    expect(message).toMatch(/^The configuration has 25 problems\.\n\np\.yaml:1:1: `bad0`/);
    expect(message.match(/p\.yaml:\d+:/g)).toHaveLength(20);
    expect(message).toMatch(/… and 5 more problems\.$/);
    expect(details.problems).toHaveLength(25);
  });

  it('shows the line with a caret, also of a long line', () => {
    expect(problemOf('mode: Monitor').message).toMatch(/\n {2}1 \| mode: Monitor\n {4}\| {7}\^{7}$/);
    const long = problemOf(`name: "${'x'.repeat(500)}"\nmode: {a: ${'y'.repeat(500)}}`).message;
    for (const line of long.split('\n')) expect(line.length).toBeLessThan(200);
  });

  it('names the line alone where there is no file', () => {
    expect(() => parseConfig('mode: x')).toThrow(/^line 1, column 7: `mode` must be/);
  });
});
