import { describe, expect, test } from 'vitest';
import { workspace } from './run-cli.ts';

const { run, json } = workspace({
  'good.yaml': 'default_action: block\nrules:\n  - {pattern: ^/tmp/, action: allow, reason: scratch}\n',
  'odd.yaml': [
    'rules:',
    '  - {pattern: ^/tmp/, action: allow, name: tmp}',
    '  - {pattern: ^/tmp/secret/, action: block, name: secret, reason: secrets}',
    '  - {pattern: ^/var/, action: block, name: var}',
  ].join('\n'),
  'broken.yaml': 'default_action: block\nrules:\n  - pattern: ^/tmp/\n    actoin: allow\n',
  'quotes.yaml': 'rules:\n  - pattern: "\\.env$"\n    action: block\n',
});

describe('check', () => {
  test('a file in order ends with 0', () => {
    expect(run(['check', 'good.yaml'])).toEqual({
      code: 0,
      stdout: 'good.yaml: in order, nothing to remark\n',
      stderr: '',
    });
  });

  test('names every finding with its place; an error among them ends with 1', () => {
    const { code, stdout } = run(['check', 'odd.yaml']);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^odd\.yaml:3:\d+: error: Rule "secret" \(line 3\) is never reached: .*\[unreachable\]$/m,
    );
    expect(stdout).toMatch(/^odd\.yaml:4:\d+: note: .*\[empty-reason\]$/m);
    expect(stdout).toMatch(/^odd\.yaml: warning: No default is stated.*\[missing-default\]$/m);
    expect(stdout).toMatch(/^odd\.yaml: not in order, 1 error, 2 remarks$/m);
  });

  test('a file that does not load says file, line, column and the nearest key', () => {
    const { code, stdout } = run(['check', 'broken.yaml']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/broken\.yaml:4:5/);
    expect(stdout).toContain('`action`');
  });

  test('a backslash in double quotes shows the single-quoted form', () => {
    expect(run(['check', 'quotes.yaml']).stdout).toContain("'\\.env$'");
  });

  test('checks every file, and one that is missing is an error of its own', () => {
    const { code, stdout } = run(['check', 'missing.yaml', 'good.yaml']);
    expect(code).toBe(1);
    expect(stdout).toContain('missing.yaml: not in order');
    expect(stdout).toContain('good.yaml: in order');
  });

  test('--json has the same', () => {
    const checked = json('check', 'odd.yaml', 'broken.yaml', 'good.yaml');
    expect(checked.ok).toBe(false);
    expect(checked.files.map((file: { ok: boolean }) => file.ok)).toEqual([false, false, true]);
    expect(checked.files[0].findings[0]).toMatchObject({
      severity: 'error',
      code: 'unreachable',
      rule_name: 'secret',
      other_rule: 'tmp',
      line: 3,
    });
    expect(checked.files[1].findings).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'load', line: 4, column: 5 }),
    );
  });
});
