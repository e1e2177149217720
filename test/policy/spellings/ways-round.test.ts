import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ActionGuard, type ActionIntentInput, Policy, type RuleInput } from '../../../src/index.ts';

type Rule = readonly [pattern: string, action: RuleInput['action']];

function verdict(
  rules: readonly Rule[],
  intent: ActionIntentInput,
  defaultAction: 'allow' | 'block' = 'block',
): string {
  const policy = new Policy({
    rules: rules.map(([pattern, action]) => ({ pattern, action })),
    defaultAction,
  });
  return new ActionGuard({ policy, snapshotPath: null }).evaluate(intent).verdict;
}

const call = (actionType: string, parameters: Record<string, unknown>): ActionIntentInput => ({
  actionType,
  parameters,
});

describe('a rule that permits', () => {
  it.each([
    ['^/tmp/.*', 'tool.copy', { dest: '/tmp/a', src: '/etc/passwd' }],
    ['^/tmp/.*?$', 'tool.copy', { dest: '/tmp/a', src: '/etc/passwd' }],
    ['^/tmp/.*', 'tool.delete', { paths: ['/tmp/a', '/etc/passwd'] }],
    ['^https://api\\.x\\.com/.*', 'tool.get', { a: 'https://api.x.com/', url: 'https://evil.com/' }],
    ['^ls\\b.*', 'tool.run', { commands: ['ls', 'rm -rf /'] }],
    ['^git .*$', 'tool.run', { command: 'rm -rf /', cmd: 'git status' }],
    ['^SELECT .*', 'tool.query', { data: { sql: 'select 1' }, sql: 'drop table x' }],
  ])('one argument (%s of %s %j) does not permit those that stand behind it', (pattern, type, parameters) => {
    expect(verdict([[pattern, 'allow']], call(type, parameters))).toBe('BLOCK');
  });

  it('an exact path does not permit what a link of that name leads to', () => {
    const link = join(mkdtempSync(join(tmpdir(), 'plyra-link-')), 'ln');
    symlinkSync('/etc/passwd', link);
    const rules: Rule[] = [
      [`^${link}$`, 'allow'],
      ['^/etc/', 'block'],
    ];
    expect(verdict(rules, call('file.read', { path: link }))).toBe('BLOCK');
  });

  it.each([
    ['trimmed', '/tmp/x/../../etc/passwd ', (path: string) => path.trim()],
    ['cut', `/tmp/${'x'.repeat(90)}/../../etc/passwd`, (path: string) => path.slice(0, 80)],
    ['in lower case', '/tmp/X/../../etc/passwd', (path: string) => path.toLowerCase()],
  ])('an intent of an author does not permit a path that is %s in it', (_how, path, change) => {
    const policy = new Policy({ rules: [{ pattern: '^delete /tmp/', action: 'allow' }] });
    const guard = new ActionGuard({ policy, snapshotPath: null });
    const remove = guard.wrap((given: { path: string }) => given.path, {
      intentFn: (_args, given) => `delete ${change(String(given.path))}`,
    });
    expect(() => remove({ path })).toThrow();
    expect(remove({ path: '/tmp/report' })).toBe('/tmp/report');
  });

  it('in a later layer does not permit what an earlier one cannot read', () => {
    const first = new Policy({ rules: [], defaultAction: 'allow' });
    const second = new Policy({
      rules: [{ pattern: "^python3 -c 'import os'$", action: 'allow' }],
      defaultAction: 'allow',
    });
    const guard = (policy: Policy[]) => new ActionGuard({ policy, snapshotPath: null });
    const run = call('shell.run', { command: "python3 -c 'import os'" });
    expect(guard([second]).evaluate(run).verdict).toBe('ALLOW');
    expect(guard([first, second]).evaluate(run).verdict).toBe('ESCALATE');
  });
});

describe('a rule that forbids', () => {
  it.each([
    ['a program beside a decoy', { command: 'rm', cmd: 'ls', args: ['-r', '-f', '/x'] }],
    [
      'the second of two programs',
      {
        steps: [
          { command: 'ls', args: ['-l'] },
          { command: 'rm', args: ['-r', '-f', 'x'] },
        ],
      },
    ],
    ['a program by another name', { program: 'rm', args: ['-r', '-f', 'project'] }],
    ['a program with its words in one string', { command: 'rm', args: '-r -f project' }],
    ['a list that is a line', { command: ['rm -r -f /'] }],
    ['lines in camel case', { Commands: ['ls', 'rm -r -f /'] }],
    ['lines of scripts', { scripts: ['rm -r -f /'] }],
    ['a set of words', { command: new Set(['rm', '-r', '-f', 'x']) }],
  ])('sees %s', (_what, parameters) => {
    expect(verdict([['rm -rf', 'block']], call('tool.start', parameters), 'allow')).toBe('BLOCK');
  });

  it.each(['text', 'message', 'content', 'body', 'x'])(
    'sees a command called `%s` of a tool for shells',
    (name) => {
      const expected = name === 'message' ? 'ALLOW' : 'BLOCK';
      expect(verdict([['rm -rf', 'block']], call('shell.run', { [name]: 'rm -r -f /' }), 'allow')).toBe(
        expected,
      );
    },
  );

  it.each([
    ['DB.query', { query: 'drop/**/table x' }],
    ['tool.runSQLQuery', { query: 'drop/**/table x' }],
    ['postgres.query', { query: 'drop/**/table x' }],
  ])('sees the statement of %s', (type, parameters) => {
    expect(verdict([['^DROP TABLE', 'block']], call(type, parameters), 'allow')).toBe('BLOCK');
  });

  it.each([
    ' http://2130706433/',
    'http:2130706433',
    'http:/2130706433/',
    'http:\\2130706433\\',
    '//2130706433/',
  ])('sees the address in %j, whatever the parameter is called', (target) => {
    expect(verdict([['127\\.0\\.0\\.1', 'block']], call('tool.open', { target }), 'allow')).toBe('BLOCK');
  });

  it('sees every argument, and asks where there are more than it reads', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `s${i}`);
    expect(
      verdict([['^secret$', 'block']], call('tool.t', { a: many.slice(0, 5), z: 'secret' }), 'allow'),
    ).toBe('BLOCK');
    expect(verdict([['^secret$', 'block']], call('tool.t', { a: many, z: 'secret' }), 'allow')).toBe(
      'ESCALATE',
    );
  });

  it('sees look-alikes across arguments', () => {
    expect(verdict([['to evil', 'block']], call('tool.pay', { a: 'to', b: 'ｅvil' }), 'allow')).toBe('BLOCK');
  });
});

describe('a setting that lets pass what cannot be read', () => {
  it('does not let pass what is too long to be read', () => {
    const config = {
      rules: [{ pattern: '^git ', action: 'allow' as const }],
      spellings: { unreadable: 'allow' as const },
    };
    const guard = new ActionGuard({ config, snapshotPath: null });
    const command = `git status ${'a'.repeat(33_000)}; rm -rf /`;
    expect(guard.evaluate(call('shell.run', { command })).verdict).not.toBe('ALLOW');
  });
});

describe('a condition', () => {
  it('sees the canonical form of the intent, and every meaning of a path', () => {
    const guard = (condition: string, verdict: 'ALLOW' | 'BLOCK', defaultVerdict: 'ALLOW' | 'BLOCK') =>
      new ActionGuard({
        config: { global: { defaultVerdict }, policies: [{ name: 'p', condition, verdict }] },
        snapshotPath: null,
      });
    const read = call('file.read', { path: '/tmp/../etc/passwd' });
    expect(guard("intent.startswith('/tmp/')", 'ALLOW', 'BLOCK').evaluate(read).verdict).toBe('BLOCK');
    expect(guard("intent.startswith('/etc/')", 'BLOCK', 'ALLOW').evaluate(read).verdict).toBe('BLOCK');
  });
});

describe('what is no command', () => {
  it.each([
    ['puppeteer_evaluate', { script: "document.querySelector('h1').innerText" }],
    ['generate_video', { script: "It's a story about a boy (and his dog" }],
    ['exec_python', { code: "print('hi')" }],
    ['get_command_help', { input: "how do I use 'git?" }],
    ['search_database', { query: "what's new in sales?" }],
  ])('%s %j is not asked about', (toolName, parameters) => {
    const guard = new ActionGuard({ snapshotPath: null });
    expect(guard.evaluate({ actionType: `tool.${toolName}`, toolName, parameters }).verdict).toBe('ALLOW');
  });

  it('does not hinder the command beside it', () => {
    const parameters = { command: 'npm test', env: { NODE_ENV: 'test', MSG: "it's ok" }, timeout: '10' };
    expect(verdict([['^npm ', 'allow']], call('shell.run', parameters))).toBe('ALLOW');
    expect(verdict([['.*', 'allow']], call('shell.run', { command: '' }))).toBe('ALLOW');
  });
});

describe('the form of a secret', () => {
  it('is not stored', () => {
    const policy = new Policy({ rules: [{ pattern: 'ZJRg', action: 'block' }], defaultAction: 'allow' });
    const guard = new ActionGuard({ policy, snapshotPath: null });
    const send = guard.wrap((given: { api_key: string }) => given.api_key);
    expect(() => send({ api_key: '/9jAAQSk//ZJRgAB012345678/Ab' })).toThrow();
    expect(JSON.stringify(guard.getAuditLog())).not.toContain('ZJRgAB');
  });
});
