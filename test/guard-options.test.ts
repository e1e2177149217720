import { describe, expect, it } from 'vitest';
import { ConfigError, ConfigSchemaError, ConfigValidationError } from '../src/core/errors.ts';
import { readGuardOptions } from '../src/guard-options.ts';
import { ALLOW_ALL } from './call/guards.ts';

describe('what a guard is given', () => {
  it('are options, or a config on its own, told apart by their keys', () => {
    const options = { policy: ALLOW_ALL, mode: 'monitor' } as const;
    expect(readGuardOptions(options)).toBe(options);
    const config = { version: '1.0', policies: [], rate_limits: { default: '5/min' } };
    expect(readGuardOptions(config)).toEqual({ config });
    expect(readGuardOptions({ rateLimits: {}, global: {} })).toEqual({
      config: { rateLimits: {}, global: {} },
    });
  });

  it('with `evaluators` are options when that is a list, and a config when it is not', () => {
    expect(readGuardOptions({ evaluators: [] })).toEqual({ evaluators: [] });
    expect(readGuardOptions({ evaluators: { human_gate: {} } })).toEqual({
      config: { evaluators: { human_gate: {} } },
    });
  });

  it.each([null, 5, 'policy.yaml', [], new Date(), ALLOW_ALL, () => 1])('is not %o', (given) => {
    expect(() => readGuardOptions(given)).toThrow(ConfigSchemaError);
  });

  it('has no unknown key, and says which one was meant', () => {
    expect(() => readGuardOptions({ polcy: ALLOW_ALL })).toThrow(
      'ActionGuard has no option `polcy`. Did you mean `policy`?',
    );
    expect(() => readGuardOptions({ zzzzzzz: 1 })).toThrow('ActionGuard has no option `zzzzzzz`.');
    expect(() => readGuardOptions(JSON.parse('{"__proto__":1}'))).toThrow('`__proto__`');
    expect(() => readGuardOptions({ constructor: 1 })).toThrow('`constructor`');
  });

  it('does not mix options and config keys', () => {
    expect(() => readGuardOptions({ policy: ALLOW_ALL, budget: {} })).toThrow(
      'put the config under `config`',
    );
  });

  it('is checked value by value', () => {
    expect(() => readGuardOptions({ policy: { rules: [] } })).toThrow('`policy` must be a Policy');
    expect(() => readGuardOptions({ policy: [ALLOW_ALL, 'x'] })).toThrow(ConfigSchemaError);
    expect(() => readGuardOptions({ escalationHandler: true })).toThrow('only `true` approves');
    expect(() => readGuardOptions({ snapshotPath: '~/.plyra/snapshots.db' })).toThrow(ConfigError);
    expect(readGuardOptions({ snapshotPath: null })).toEqual({ snapshotPath: null });
    expect(() => readGuardOptions({ mode: 'loose', policy: ALLOW_ALL })).toThrow(ConfigValidationError);
  });
});
