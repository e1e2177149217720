import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EvaluatorAnswer } from '../../src/core/result.ts';
import { RISK_WEIGHTS } from '../../src/evaluators/risk/tables.ts';
import { riskScorer } from '../../src/evaluators/risk-scorer.ts';
import { factsOf, intentOf } from './action.ts';

function judge(
  changes: Record<string, unknown>,
  agent: Parameters<typeof factsOf>[0] = {},
  maxRiskScore: number | null = 0.85,
): EvaluatorAnswer {
  const answer = riskScorer({ maxRiskScore }).evaluate(intentOf(changes), factsOf(agent));
  if (answer === undefined || answer instanceof Promise) throw new Error('no answer');
  return answer;
}

function call(
  actionType: string,
  riskLevel: string,
  parameters: Record<string, unknown>,
  record: { readonly errorRate?: number; readonly violations?: number; readonly actionCount?: number } = {},
  taskContext = '',
) {
  return {
    changes: { actionType, toolName: actionType, riskLevel, parameters, taskContext, intent: '' },
    record,
  };
}

const CALLS = {
  'read notes': call('file.read', 'LOW', { path: 'notes.txt' }),
  'list users': call('db.query', 'LOW', { sql: 'SELECT name FROM users WHERE id = 3' }),
  'write a file': call('file.write', 'MEDIUM', { path: 'out/report.md', content: 'Totals' }),
  'send mail': call('email.send', 'MEDIUM', { to: 'a@example.org', subject: 'Report' }),
  'read .env': call('file.read', 'LOW', { path: '/srv/app/.env' }),
  'read /etc/passwd': call('file.read', 'MEDIUM', { path: '/etc/passwd' }),
  'pay 10,000': call('payment.charge', 'HIGH', { amount: 10_000, cardNumber: '4242' }),
  'delete one': call('file.delete', 'HIGH', { path: 'tmp/a.log' }),
  'delete every row': call('db.execute', 'HIGH', { sql: 'DELETE FROM orders' }),
  'drop a table': call('db.execute', 'CRITICAL', { sql: 'DROP TABLE users' }),
  'rm -rf / by an agent with a record': call(
    'shell.execute',
    'CRITICAL',
    { command: 'rm -rf /' },
    { errorRate: 0.5, violations: 20, actionCount: 100 },
  ),
  'everything at once': call(
    'system.destroy',
    'CRITICAL',
    { target: '*', force: true, password: 'hunter2' },
    { errorRate: 1, violations: 500, actionCount: 500 },
    'Summarise the weekly newsletter',
  ),
};

const TRUSTS = [0, 0.3, 0.5, 0.8, 1];

/** Score, then the verdict at each trust: A(LLOW), E(SCALATE), B(LOCK). */
const EXPECTED: Readonly<Record<keyof typeof CALLS, string>> = {
  'read notes': '0.03 AAAAA',
  'list users': '0.03 AAAAA',
  'write a file': '0.12 AAAAA',
  'send mail': '0.15 AAAAA',
  'read .env': '0.28 AAAAA',
  'read /etc/passwd': '0.34 AAAAA',
  'pay 10,000': '0.56 EEAAA',
  'delete one': '0.24 AAAAA',
  'delete every row': '0.33 AAAAA',
  'drop a table': '0.42 AAAAA',
  'rm -rf / by an agent with a record': '0.74 EEEAA',
  'everything at once': '0.9985 BBBBB',
};

describe('risk_scorer: 12 calls × 5 trusts', () => {
  it.each(Object.entries(CALLS))('%s', (name, { changes, record }) => {
    const answers = TRUSTS.map((trustLevel) =>
      judge(changes, { agent: { ...record, trustLevel, registered: true } }),
    );
    const verdicts = answers.map(({ verdict }) => verdict[0]).join('');
    expect(`${answers[0]?.metadata?.riskScore} ${verdicts}`).toBe(EXPECTED[name as keyof typeof CALLS]);
    expect(new Set(answers.map(({ metadata }) => metadata?.riskScore)).size).toBe(1);
  });

  it('blocks above the maximum at every trust, and escalates between the threshold and the maximum', () => {
    const { changes } = CALLS['drop a table'];
    const at = (max: number, trustLevel: number) =>
      judge(changes, { agent: { trustLevel, registered: true } }, max).verdict;
    expect(TRUSTS.map((trust) => at(0.4, trust))).toEqual(['BLOCK', 'BLOCK', 'BLOCK', 'BLOCK', 'BLOCK']);
    expect(TRUSTS.map((trust) => at(0.5, trust))).toEqual([
      'ESCALATE',
      'ESCALATE',
      'ESCALATE',
      'ALLOW',
      'ALLOW',
    ]);
  });
});

describe('risk_scorer', () => {
  const signals = (changes: Record<string, unknown>, agent: Parameters<typeof factsOf>[0] = {}) =>
    judge(changes, agent).metadata?.signals as Record<keyof typeof RISK_WEIGHTS, number>;

  it('has weights that sum to one', () => {
    expect(Object.values(RISK_WEIGHTS).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('always tells its breakdown', () => {
    const { verdict, metadata } = judge({ parameters: {} }, { agent: { trustLevel: 0.5 } });
    expect(verdict).toBe('ALLOW');
    expect(metadata).toEqual({
      riskScore: 0.09,
      signals: {
        actionType: 0.3,
        parameterSensitivity: 0,
        blastRadius: 0,
        agentHistory: 0,
        taskAlignment: 0,
      },
      threshold: 0.6375,
      maxRiskScore: 0.85,
    });
  });

  it('only reports without a maximum', () => {
    const { changes, record } = CALLS['everything at once'];
    const { verdict, metadata } = judge(changes, { agent: record }, null);
    expect([verdict, metadata?.threshold, metadata?.maxRiskScore]).toEqual(['ALLOW', null, null]);
  });

  it('names what the score comes from, and what would lower it', () => {
    const { reason, suggestedAction } = judge(CALLS['drop a table'].changes, {}, 0.3);
    expect(reason).toMatch(
      /^The risk score 0\.\d+ is above 0\.3, the most allowed; it comes mostly from the kind of/,
    );
    expect(suggestedAction).toContain('less destructive');
  });

  it('takes the declared level as the least for the kind of action', () => {
    expect(signals({ actionType: 'x', toolName: 'x', riskLevel: 'CRITICAL' }).actionType).toBe(0.9);
    expect(signals({ actionType: 'x', toolName: 'x', riskLevel: 'LOW' }).actionType).toBe(0.1);
    expect(signals({ actionType: 'tool.call', toolName: 'dropTable', riskLevel: 'LOW' }).actionType).toBe(1);
    expect(signals({ actionType: 'constructor', toolName: '__proto__', riskLevel: 'LOW' }).actionType).toBe(
      0.1,
    );
  });

  it('reads sensitive names and values', () => {
    const of = (parameters: unknown) => signals({ parameters }).parameterSensitivity;
    for (const name of ['password', 'userPassword', 'API_KEY', 'private-key', 'clientSecret']) {
      expect(of({ options: { [name]: 'x' } })).toBe(1);
    }
    expect(of({ max_tokens: 500 })).toBe(0);
    expect(of({ secret: { nested: ['x'] } })).toBe(1);
    for (const value of [
      'config/.env',
      '~/.ssh/id_rsa',
      '-----BEGIN RSA PRIVATE KEY',
      'AKIAIOSFODNN7EXAMPLE',
    ]) {
      expect(of({ value })).toBe(1);
    }
    for (const value of [
      '/etc/hosts',
      'cat /proc/1',
      'C:\\Windows\\system32',
      '/',
      'http://169.254.169.254/latest',
    ]) {
      expect(of({ value })).toBe(0.8);
    }
    for (const value of [
      '/home/me/etcetera',
      'docs/environment.md',
      '/data/usr.txt',
      'https://example.org/',
      '',
    ]) {
      expect(of({ value })).toBe(0);
    }
    expect(of(new Map([['token', 'x']]))).toBe(0.8);
    expect(of(new Set(['C:\\Windows\\system32']))).toBe(0.8);
    expect(of(new URL('http://169.254.169.254/latest'))).toBe(0.8);
  });

  it('reads nothing into an opaque value', () => {
    const of = (parameters: unknown) => signals({ parameters }).parameterSensitivity;
    const values = [
      new (class Bag extends Map<string, string> {})([['token', 'x']]),
      new (class Names extends Set<string> {})(['/etc/passwd']),
      new (class Link extends URL {})('http://169.254.169.254/latest'),
    ];
    for (const value of values) {
      expect(of({ value })).toBe(0);
      expect(of({ value: new Proxy(value, {}) })).toBe(0);
    }
  });

  it('reads how far a call reaches', () => {
    const of = (parameters: unknown) => signals({ parameters }).blastRadius;
    const rows: [number, unknown][] = [
      [1, { target: '*' }],
      [1, { scope: 'ALL' }],
      [1, { sql: 'DELETE FROM t' }],
      [1, { sql: 'update t set a = 1' }],
      [1, { sql: 'drop table t' }],
      [0, { sql: 'DELETE FROM t WHERE id = 1' }],
      [0.8, { recursive: true }],
      [0, { recursive: false }],
      [0.8, { cmd: 'ls -lr x' }],
      [0.5, { path: 'logs/*.txt' }],
      [0.5, { count: 100 }],
      [1, { limit: 1e9 }],
      [1, { amount: Number.NaN }],
      [0, { count: 1, id: 12345 }],
      [0.5, { ids: Array.from({ length: 100 }, () => 0) }],
      [0, { ids: [1] }],
    ];
    for (const [expected, parameters] of rows) expect(of(parameters)).toBe(expected);
  });

  it('weighs the record of an agent, and saturates', () => {
    const of = (agent: NonNullable<Parameters<typeof factsOf>[0]>['agent']) =>
      signals({}, { agent: agent ?? {} }).agentHistory;
    expect([of({}), of({ violations: 5 })]).toEqual([0, 0.5]);
    expect(of({ violations: 1e9 })).toBeLessThanOrEqual(1);
    expect(of({ actionCount: 5, errorRate: 1 })).toBe(0.5);
    expect(of({ registered: false, trustLevel: 0 })).toBe(0.5);
    expect(of({ registered: true, trustLevel: 0 })).toBe(0);
  });

  it('does not take a record that is no number for a clean one', () => {
    for (const field of ['violations', 'actionCount', 'errorRate']) {
      const answer = judge({}, { agent: { actionCount: 5, [field]: Number.NaN } });
      expect(answer).toMatchObject({ verdict: 'BLOCK', metadata: { riskScore: 1 } });
    }
  });

  it('compares the call with the task, and says nothing without one', () => {
    const of = (taskContext: string) => signals({ taskContext, intent: 'notes.txt' }).taskAlignment;
    expect(of('')).toBe(0);
    expect(of('!? -')).toBe(0);
    expect(of('read the notes')).toBeLessThan(0.5);
    expect(of('translate poetry')).toBe(1);
  });

  it('reads a bounded part of huge arguments, and does not take the rest for harmless', () => {
    const huge = { content: 'a '.repeat(5_000_000), more: Array.from({ length: 50_000 }, () => 'b') };
    const found = signals({ parameters: huge });
    expect(found.parameterSensitivity).toBe(0.3);
    expect(found.blastRadius).toBeGreaterThanOrEqual(0.3);
    let deep: unknown = 'x';
    for (let i = 0; i < 5_000; i++) deep = { deep };
    expect(signals({ parameters: deep }).parameterSensitivity).toBe(0.3);
  });

  it('counts arguments that cannot be read as the worst, and never throws', () => {
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    const found = signals({ parameters: { trap } });
    expect([found.parameterSensitivity, found.blastRadius]).toEqual([1, 1]);
  });

  it('scores any arguments and any facts between 0 and 1, and never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withMap: true,
          withSet: true,
          withNullPrototype: true,
          withBigInt: true,
          withDate: true,
          withTypedArray: true,
          withSparseArray: true,
        }),
        fc.double(),
        fc.double(),
        (parameters, trustLevel, errorRate) => {
          const { verdict, metadata } = judge(
            { parameters: { parameters } },
            { agent: { trustLevel, errorRate, actionCount: 3 } },
          );
          expect(metadata?.riskScore).toBeGreaterThanOrEqual(0);
          expect(metadata?.riskScore).toBeLessThanOrEqual(1);
          if (Number.isNaN(trustLevel)) expect(verdict).not.toBe('ALLOW');
        },
      ),
    );
  });

  it('refuses when its maximum is no number', () => {
    expect(judge({}, {}, Number.NaN).verdict).toBe('BLOCK');
  });
});
