import { describe, expect, it } from 'vitest';
import { configFromObject, type GuardConfigInput, parseConfig } from '../../src/config/load.ts';

const from = (value: unknown) => configFromObject(value as GuardConfigInput);

describe('a configuration object', () => {
  it('says the same in camel case, in snake case and in YAML', () => {
    const camel: GuardConfigInput = {
      defaultAction: 'allow',
      rules: [{ pattern: 'x', action: 'defer', deferSeconds: 3, escalateTo: 'ops' }],
      policies: [{ name: 'p', actionTypes: ['a.*'], minTrust: 'PEER', verdict: 'block' }],
      global: { maxRiskScore: 0.5 },
      rateLimits: { perTool: { sendMail: '1/min', send_all: '2/min' } },
      agents: [{ id: 'a', canDelegateTo: ['b'] }],
      evaluators: { humanGate: { enabled: true, riskLevels: ['HIGH'] } },
      tools: { runCommand: { cmdLine: 'shell' } },
      observability: { exporters: ['stdout', { otel: { includeArguments: true } }] },
    };
    const snake: GuardConfigInput = {
      default_action: 'allow',
      rules: [{ pattern: 'x', action: 'defer', defer_seconds: 3, escalate_to: 'ops' }],
      policies: [{ name: 'p', action_types: ['a.*'], min_trust: 'PEER', verdict: 'block' }],
      global: { max_risk_score: 0.5 },
      rate_limits: { per_tool: { sendMail: '1/min', send_all: '2/min' } },
      agents: [{ id: 'a', can_delegate_to: ['b'] }],
      evaluators: { human_gate: { enabled: true, risk_levels: ['HIGH'] } },
      tools: { runCommand: { cmdLine: 'shell' } },
      observability: { exporters: ['stdout', { otel: { include_arguments: true } }] },
    };
    const fromCamel = configFromObject(camel);
    expect(configFromObject(snake)).toEqual(fromCamel);
    const parsed = parseConfig(JSON.stringify(snake));
    expect(parsed.settings).toEqual(fromCamel.settings);
    expect(Object.keys(fromCamel.settings.rateLimits.perTool)).toEqual(['sendMail', 'send_all']);
    expect(fromCamel.settings.tools).toEqual({ runCommand: { cmdLine: 'shell' } });
    expect(fromCamel.settings.observability.exporters[1]).toEqual({
      name: 'otel',
      options: { includeArguments: true },
    });
    expect(fromCamel.layers[0]).toEqual({
      name: 'default',
      source: null,
      rules: [{ pattern: 'x', action: 'defer', deferSeconds: 3, escalateTo: 'ops' }],
      policies: [{ name: 'p', actionTypes: ['a.*'], minTrust: 0.5, verdict: 'BLOCK' }],
      hasRules: true,
      defaultAction: 'allow',
      defaultVerdict: null,
    });
  });

  it('always puts limits in effect, and `undefined` counts as absent', () => {
    const loaded = configFromObject({ budget: undefined, rules: [] });
    expect(loaded.hasSettings).toBe(true);
    expect(loaded.stated).toEqual(['rules']);
  });

  it('does not read the environment', () => {
    expect(from({ storage: { path: `\${HOME}` } }).settings.storage.path).toBe(`\${HOME}`);
  });

  it('has a revision of its content', () => {
    expect(from({ mode: 'enforce' }).revision).toBe(from({ mode: 'enforce' }).revision);
    expect(from({ mode: 'enforce' }).revision).not.toBe(from({ mode: 'monitor' }).revision);
  });

  it.each([
    [{ rateLimit: {} }, '`rateLimit` is not a key of a configuration. Did you mean `rateLimits`?'],
    [{ rate_limit: {} }, 'Did you mean `rate_limits`?'],
    [{ global: { maxRisk: 1 } }, 'Known: `defaultVerdict`, `maxRiskScore`'],
    [{ rate_limits: {}, rateLimits: {} }, 'is given twice'],
    [
      { budget: { perTask: Number.NaN } },
      '`budget.perTask` must be an amount in USD, 0 or more, or null for no limit, not NaN.',
    ],
    [{ budget: { perTask: '5' } }, 'not the text "5"'],
    [{ budget: { perTask: 5n } }, '`config.budget.perTask` must be plain data, not a bigint.'],
    [{ agents: new Map() }, '`config.agents` must be plain data, not a Map.'],
    [
      { rules: [{ pattern: /x/, action: 'block' }] },
      '`config.rules[0].pattern` must be plain data, not a RegExp.',
    ],
    [{ rules: [{ pattern: '(', action: 'block' }] }, 'The pattern of rule 1 cannot be used'],
    [JSON.parse('{"tools": {"__proto__": {}}}'), 'The key `__proto__` is not allowed'],
    [[], 'The configuration must be a mapping of sections'],
    [null, 'The configuration must be a mapping of sections'],
    ['rules: []', 'The configuration must be a mapping of sections'],
    [{ mode: null }, '`mode` must be one of: enforce, monitor, not null.'],
  ])('%o is refused', (value, message) => {
    expect(() => from(value)).toThrow(message);
  });

  it('a cycle is an error, not a crash', () => {
    const cycle: Record<string, unknown> = {};
    cycle.tools = cycle;
    expect(() => from(cycle)).toThrow('nested deeper than 100');
  });

  it('a getter that throws is an error of the configuration', () => {
    const config = {
      get mode(): string {
        throw new Error('boom');
      },
    };
    expect(() => from(config)).toThrow('cannot be read: Error: boom');
  });

  it('reads every property once', () => {
    let reads = 0;
    const config = {
      get mode() {
        reads++;
        return reads === 1 ? 'enforce' : 'monitor';
      },
    };
    expect(from(config).settings.mode).toBe('enforce');
    expect(reads).toBe(1);
  });

  it('is not shared with the caller', () => {
    const tools = { t: { a: 'path' as const } };
    const { settings } = configFromObject({ tools });
    (tools.t as Record<string, string>).a = 'text';
    expect(settings.tools).toEqual({ t: { a: 'path' } });
  });
});
