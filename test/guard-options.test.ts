import { loadModule, parseSync } from 'libpg-query';
import { describe, expect, it } from 'vitest';
import { ConfigError, ConfigSchemaError, ConfigValidationError } from '../src/core/errors.ts';
import { readGuardOptions } from '../src/guard-options.ts';
import { ALLOW_ALL, memoryStore, openGuard } from './call/guards.ts';

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
    expect(() => readGuardOptions({ snapshotPath: 5 })).toThrow('`snapshotPath` must be a path');
    expect(readGuardOptions({ snapshotPath: 'log.db' })).toEqual({ snapshotPath: 'log.db' });
    expect(() => readGuardOptions({ snapshotPath: 'log.db', store: memoryStore() })).toThrow(ConfigError);
    expect(readGuardOptions({ snapshotPath: null })).toEqual({ snapshotPath: null });
    expect(() => readGuardOptions({ mode: 'loose', policy: ALLOW_ALL })).toThrow(ConfigValidationError);
  });

  it.each([
    [{ exporters: {} }, '`exporters` must be a list of objects'],
    [{ exporters: null }, '`exporters` must be a list of objects'],
    [
      { exporters: [{ export: () => undefined }, 'stdout'] },
      '`exporters[1]` must be an object with a function',
    ],
    [{ exporters: [null] }, '`exporters[0]`'],
    [{ exporters: new Array(1) }, '`exporters[0]`'],
    [{ store: 'memory', policy: ALLOW_ALL }, '`store` must be an object with the functions `append`'],
    [{ store: { append: () => undefined, entries: () => [] } }, '`entry` is missing'],
    [{ limiter: {} }, '`limiter` must be an object with the functions `facts`'],
    [{ limiter: null }, '`limiter`'],
    [{ clock: { now: () => 0, monotonic: () => 0 } }, '`setTimer` is missing'],
    [{ clock: Date.now }, '`clock` must be an object'],
    [{ sqlParser: 'libpg-query' }, '`sqlParser` must be a function of an SQL text'],
    [{ sqlParser: null }, '`sqlParser` must be a function of an SQL text'],
    [{ sqlParser: () => Promise.reject(new Error('later')) }, '`sqlParser` must answer at once'],
    [{ sqlParser: () => 'SELECT 1' }, '`sqlParser` must give the parse tree'],
    [{ policy: ALLOW_ALL, evaluators: { human_gate: {} } }, '`evaluators` must be a list of evaluators'],
  ])('has parts that can do their work: not %o', (given, message) => {
    const read = () => readGuardOptions(given);
    expect(read).toThrow(ConfigValidationError);
    expect(read).toThrow(message);
  });
});

describe('an SQL parser', () => {
  // To PostgreSQL `#` is an operator, to MySQL a comment.
  const sql = 'UPDATE flags SET bits = bits # 4 WHERE id = 1';

  it('reads the statements of every call', async () => {
    await loadModule();
    await using plain = openGuard();
    await using guard = openGuard({ sqlParser: parseSync });
    expect(plain.evaluate(sql, { as: 'sql' }).outcome).toBe('ESCALATE');
    expect(guard.evaluate(sql, { as: 'sql' }).outcome).toBe('ALLOW');
    expect(guard.evaluate('tidy up', { as: 'sql' }).outcome).toBe('ESCALATE');
    const run = guard.protect('db.run')(function runSql(query: string) {
      return query;
    });
    expect(run(sql)).toBe(sql);
    expect(() => run('tidy up')).toThrow('cannot be read');
  });

  it('must be ready when the guard is made', () => {
    const reason = new Error('WASM module not initialized. Call `loadModule()` first.');
    const make = () =>
      readGuardOptions({
        sqlParser: () => {
          throw reason;
        },
      });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow('`await loadModule()` of libpg-query');
    expect(make).toThrow(expect.objectContaining({ cause: reason }));
  });
});
