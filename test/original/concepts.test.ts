import { describe, expect, it } from 'vitest';
import { ActionGuard, ExecutionBlockedError, Policy, PolicyViolationError, Rule } from '../../src/index.ts';

/** What the original's page on its concepts shows, in our spelling. */
describe('a guard', () => {
  it('takes a policy, exporters and no file for its history', () => {
    const policy = new Policy({ rules: [new Rule({ pattern: '^/etc/', action: 'block' })] });
    const guard = new ActionGuard({ policy, exporters: [], snapshotPath: null });
    expect(guard.evaluate('/etc/passwd').outcome).toBe('BLOCK');
  });

  it('without a policy has sensible rules, whatever else it is given', () => {
    for (const guard of [
      new ActionGuard(),
      ActionGuard.default(),
      new ActionGuard({ exporters: [] }),
      new ActionGuard({}),
    ]) {
      expect(guard.evaluate('rm -rf /var/log').outcome).toBe('BLOCK');
      expect(guard.evaluate('DROP TABLE users').outcome).toBe('ESCALATE');
      expect(guard.evaluate('/tmp/notes.txt').outcome).toBe('ALLOW');
    }
  });
});

describe('a policy', () => {
  it('is an ordered list of rules, of which the first that matches wins', () => {
    const policy = new Policy({
      rules: [
        new Rule({ pattern: '^/etc/', action: 'block' }),
        new Rule({ pattern: '^/tmp/', action: 'allow' }),
        new Rule({ pattern: '.*', action: 'block' }),
      ],
    });
    const outcomes = ['/etc/passwd', '/tmp/etc/', '/home/ann'].map(
      (intent) => policy.evaluate(intent).outcome,
    );
    expect(outcomes).toEqual(['BLOCK', 'ALLOW', 'BLOCK']);
  });

  it('has rules of a pattern, an action and a reason', () => {
    const rule = new Rule({ pattern: '^/etc/', action: 'block', reason: 'not for agents' });
    expect([rule.pattern, rule.action, rule.reason, rule.verdict]).toEqual([
      '^/etc/',
      'block',
      'not for agents',
      'BLOCK',
    ]);
    expect(new Rule({ pattern: 'x', action: 'allow' }).reason).toBe('');
  });
});

describe('an intent', () => {
  const policy = new Policy({ rules: [{ pattern: '^/etc/', action: 'block' }], defaultAction: 'allow' });

  it('is all string arguments together', () => {
    const guard = new ActionGuard({ policy });
    guard.wrap((_from: string, _to: string, _times: number) => 1)('/tmp/a', '/tmp/b', 2);
    expect(guard.history()[0]?.intent).toBe('/tmp/a /tmp/b');
  });

  it('can be made by intentFn, from positions and names', () => {
    const guard = new ActionGuard({ policy });
    const deleteFile = guard.wrap({ intentFn: (_args, kwargs) => String(kwargs.path ?? '') })(
      (_input: { path: string; why: string }): void => {},
    );
    deleteFile({ path: '/tmp/a', why: '/etc/ is full' });
    expect(guard.history()[0]?.intent).toBe('/tmp/a');
    expect(() => deleteFile({ path: '/etc/passwd', why: '' })).toThrow(PolicyViolationError);
  });
});

describe('outcomes', () => {
  it('are ALLOW, BLOCK, ESCALATE and ERROR, each in the history with tool, intent and time', () => {
    const policy = new Policy({
      rules: [
        { pattern: '^/etc/', action: 'block' },
        { pattern: '^pay', action: 'escalate' },
      ],
      defaultAction: 'allow',
    });
    const guard = new ActionGuard({ policy });
    const tool = guard.wrap(function tool(what: string) {
      if (what === 'fail') throw new Error('disk full');
      return what;
    });
    tool('/tmp/a');
    expect(() => tool('/etc/passwd')).toThrow(ExecutionBlockedError);
    expect(() => tool('pay 5')).toThrow(PolicyViolationError);
    expect(() => tool('fail')).toThrow('disk full');
    const actions = guard.history({ limit: 50 });
    expect(actions.map((action) => `${action.toolName} | ${action.intent} | ${action.outcome}`)).toEqual([
      ...[
        'tool | fail | ERROR',
        'tool | pay 5 | ESCALATE',
        'tool | /etc/passwd | BLOCK',
        'tool | /tmp/a | ALLOW',
      ],
    ]);
    for (const { latencyMs } of actions) expect(latencyMs).toBeGreaterThanOrEqual(0);
    expect(guard.history({ limit: 50, outcome: 'BLOCK' }).map(({ intent }) => intent)).toEqual([
      '/etc/passwd',
    ]);
  });
});
