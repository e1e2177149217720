import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActionGuard, ConfigError, ExecutionBlockedError, Policy, Rule } from '../../src/index.ts';
import { ROOT } from '../architecture/repository.ts';

/** What the original's page on policies shows, in our spelling. Its rule file is examples/policy.yaml. */
const RULE_FILE = join(ROOT, 'examples/policy.yaml');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plyra-policy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a rule file and loads it. */
function load(yaml: string, name = 'policy.yaml'): ActionGuard {
  const path = join(folder, name);
  writeFileSync(path, yaml);
  return ActionGuard.fromConfig(path);
}

describe('the rule file', () => {
  const guard = ActionGuard.fromConfig(RULE_FILE);

  it.each([
    ['/etc/passwd', 'BLOCK', 'block:^/etc/'],
    ['/srv/app/.env', 'BLOCK', 'block:\\.env$'],
    ['/tmp/report.txt', 'ALLOW', 'allow:^/tmp/'],
    ['https://internal.corp/hr', 'BLOCK', 'block:https://internal\\.corp'],
    ['sudo rm -rf /', 'BLOCK', 'block:rm -rf'],
    ['DROP TABLE users', 'ESCALATE', 'escalate:DROP TABLE'],
    ['/home/ann/x', 'BLOCK', null],
    ['https://internalXcorp/', 'BLOCK', null],
    ['/tmp/prod/.env', 'BLOCK', 'block:\\.env$'],
  ])('%s → %s by %s', (intent, outcome, ruleName) => {
    expect(guard.evaluate(intent)).toMatchObject({ outcome, ruleName, policyTriggered: 'production' });
  });

  it('says in a dry run what would happen, why, and by which rule', () => {
    const result = guard.evaluate('rm -rf /var/log');
    expect(result.outcome).toBe('BLOCK');
    expect(result.reason).toBe('Deleting whole trees is not undone by an apology');
    expect(result.ruleName).toBe('block:rm -rf');
    expect(guard.history()).toEqual([]);
  });
});

describe('a policy in code', () => {
  it('is the same as one in a file', () => {
    const policy = new Policy({
      name: 'production',
      defaultAction: 'block',
      rules: [
        new Rule({ pattern: '^/etc/', action: 'block', reason: 'not for agents' }),
        { pattern: '^/tmp/', action: 'allow', reason: 'scratch' },
      ],
    });
    const guard = new ActionGuard({ policy });
    expect(guard.evaluate('/etc/hosts')).toMatchObject({ outcome: 'BLOCK', reason: 'not for agents' });
    expect(guard.evaluate('/tmp/a')).toMatchObject({
      outcome: 'ALLOW',
      reason: 'scratch',
      policyTriggered: 'production',
    });
    expect(guard.evaluate('/srv').outcome).toBe('BLOCK');
  });
});

describe('rules', () => {
  it('are tried in order: the specific before the general', () => {
    const policy = new Policy({
      rules: [
        { pattern: '^/tmp/reports/', action: 'allow' },
        { pattern: '^/tmp/', action: 'block' },
      ],
    });
    expect(policy.evaluate('/tmp/reports/a').outcome).toBe('ALLOW');
    expect(policy.evaluate('/tmp/other').outcome).toBe('BLOCK');
    policy.addRule({ pattern: '.*', action: 'block' }, 0);
    expect(policy.evaluate('/tmp/reports/a').outcome).toBe('BLOCK');
  });

  it.each([
    ['^/etc/', '/etc/hosts', true],
    ['^/etc/', '/srv/etc/hosts', false],
    ['\\.env$', 'app/.env', true],
    ['\\.env$', 'app/.env.example', false],
    ['\\.env$', 'appenv', false],
    ['DROP TABLE', 'please DROP TABLE users', true],
    ['DROP TABLE', 'drop table users', false],
    ['^(rm|delete)\\s', 'delete everything', true],
    ['^(rm|delete)\\s', 'rmdir x', false],
  ])('are Python regular expressions: `%s` on %s is %s', (pattern, intent, matches) => {
    const policy = new Policy({ rules: [{ pattern, action: 'block' }], defaultAction: 'allow' });
    // As text: read as a statement, `drop table` is DROP TABLE.
    expect(policy.evaluate(intent, { as: 'text' }).outcome).toBe(matches ? 'BLOCK' : 'ALLOW');
  });

  it('allow, block or escalate', () => {
    const rules = (['allow', 'block', 'escalate'] as const).map((action) => ({
      pattern: `^${action}`,
      action,
    }));
    const guard = new ActionGuard({ policy: new Policy({ rules }), escalationHandler: () => true });
    const tool = guard.wrap((what: string) => `ran ${what}`);
    expect(tool('allow')).toBe('ran allow');
    expect(() => tool('block')).toThrow(ExecutionBlockedError);
    expect(tool('escalate')).toBe('ran escalate');
  });
});

describe('the default action', () => {
  it('is block unless the file says otherwise', () => {
    expect(load('version: "1"\nrules: []\n').evaluate('x').outcome).toBe('BLOCK');
    expect(load('default_action: allow\nrules: []\n').evaluate('x').outcome).toBe('ALLOW');
    expect(load('default_action: block\nrules: []\n').evaluate('x').outcome).toBe('BLOCK');
    expect(new Policy({ rules: [] }).defaultAction).toBe('block');
  });
});

describe('a policy for each environment', () => {
  it('is chosen by the name of its file', () => {
    load("rules: [{pattern: '^/tmp/', action: allow}]\n", 'policy.production.yaml');
    load('default_action: allow\nrules: []\n', 'policy.development.yaml');
    const outcome = (env: string | undefined): string => {
      const path = join(folder, `policy.${env ?? 'development'}.yaml`);
      return ActionGuard.fromConfig(path).evaluate('/srv').outcome;
    };
    expect([outcome('production'), outcome(undefined)]).toEqual(['BLOCK', 'ALLOW']);
    expect(() => outcome('staging')).toThrow(ConfigError);
  });
});
