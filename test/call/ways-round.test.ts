import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ActionGuard } from '../../src/guard.ts';
import { ALLOW_ALL, mixedGuard, openGuard } from './guards.ts';

/** What JavaScript calls when it does not care for types. */
const untyped = (guard: ActionGuard) => guard.wrap as unknown as (...args: unknown[]) => unknown;

const byPath = (): ActionGuard =>
  new ActionGuard({
    config: {
      policies: [{ name: 'etc', condition: "parameters.path.startswith('/etc')", message: 'no' }],
    },
  });

describe('wrap refuses', () => {
  class Disk {
    delete(path: string): string {
      return path;
    }
  }

  it('decorators of the older kind, which it could not guard', () => {
    const descriptor = Object.getOwnPropertyDescriptor(Disk.prototype, 'delete');
    expect(() => untyped(openGuard())(Disk.prototype, 'delete', descriptor)).toThrow('standard ECMAScript');
  });

  it.each([new Disk(), new Map([['a', () => 1]])])('an object that is no record of tools', (value) => {
    expect(() => untyped(openGuard())(value, {})).toThrow('Only a plain object');
  });

  it('a second argument that is no options', () => {
    expect(() => untyped(openGuard())(() => 1, 5)).toThrow('is an object of options');
  });

  it('to guard twice with other options, which would get lost', () => {
    const guard = openGuard();
    const once = guard.wrap((path: string) => path);
    expect(() => guard.wrap(once, { onBlock: 'return' })).toThrow('is guarded already');
  });
});

describe('a wrapped function', () => {
  it('does not bring along functions of the original that lead round the guard', async () => {
    const original = Object.assign((path: string) => path, {
      [promisify.custom]: async (path: string) => path,
      run: (path: string) => path,
      label: 'kept',
    });
    const wrapped = mixedGuard().wrap(original);
    expect(wrapped.label).toBe('kept');
    expect(wrapped.run).toBeUndefined();
    expect(Reflect.get(wrapped, promisify.custom)).toBeUndefined();
  });

  it('that is a generator acts for whoever called it, not for whoever consumes it', () => {
    const guard = openGuard();
    guard.registerAgent('boss', 1, { canDelegateTo: ['intern'] });
    guard.registerAgent('intern', 0.2);
    const lines = guard.protect('file.read', { minTrust: 0.8 })(function* () {
      yield 'line';
    });
    const asBoss = <T>(fn: () => T): T => guard.withContext({ agentId: 'boss' }, fn);
    expect([...asBoss(lines)]).toEqual(['line']);
    expect(() => asBoss(() => [...guard.delegate('intern', 'read', lines)])).toThrow('trust');
    expect(lines.constructor.name).toBe('GeneratorFunction');
  });
});

describe('conditions on a named argument', () => {
  it('see it whatever follows the object that it is in', () => {
    const call = byPath().wrap((input: { path: string }, ..._rest: unknown[]) => input.path);
    expect(call({ path: '/tmp/a' }, {})).toBe('/tmp/a');
    for (const rest of [[], [undefined], [{}], [{ path: '/tmp/a' }], ['x', 5]]) {
      expect(() => call({ path: '/etc/x' }, ...rest)).toThrow('"etc"');
    }
  });
});

describe('an evaluator', () => {
  it('changes only its own copy of the intent and the facts', () => {
    const guard = mixedGuard();
    guard.registerAgent('low', 0.1);
    const meddle = (target: object, key: string, value: unknown): void =>
      void Reflect.set(target, key, value);
    guard.addEvaluator(
      {
        name: 'meddler',
        evaluate(intent, facts) {
          meddle(intent, 'intent', 'harmless');
          meddle(intent.parameters, 'arg0', 'harmless');
          meddle(facts.agent, 'trustLevel', 1);
          return undefined;
        },
      },
      { before: 'schema_validator' },
    );
    expect(() => guard.wrap((path: string) => path)('/etc/passwd')).toThrow('System files');
    const trusted = guard.protect('a.b', { minTrust: 0.9 })(() => 1);
    expect(() => guard.withContext({ agentId: 'low' }, trusted)).toThrow('trust');
    expect(guard.getAuditLog()[1]).toMatchObject({
      intent: '/etc/passwd',
      parameters: { arg0: '/etc/passwd' },
    });
  });
});

describe('a delegation', () => {
  it('cannot be shaken off by setting the chain anew', () => {
    const guard = openGuard();
    guard.registerAgent('boss', 1, { canDelegateTo: ['*'] });
    guard.registerAgent('intern', 0.2, { canDelegateTo: ['*'] });
    const call = guard.protect('a.b', { minTrust: 0.8 })(() => 1);
    const asBoss = (): unknown => guard.withContext({ agentId: 'boss', instructionChain: [] }, call);
    expect(asBoss()).toBe(1);
    expect(() => guard.delegate('intern', '', asBoss)).toThrow('trust');
  });

  it('over the limit is refused, and those within it and calls outside go on', () => {
    const guard = new ActionGuard({
      policy: ALLOW_ALL,
      config: { global: { maxConcurrentDelegations: 1 } },
    });
    const call = guard.wrap(() => 1);
    guard.delegate('a', '', () => {
      expect(call()).toBe(1);
      expect(() => guard.delegate('b', '', call)).toThrow('delegation');
      expect(call()).toBe(1);
    });
    expect(call()).toBe(1);
  });
});
