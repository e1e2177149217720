import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical.ts';
import type { Evaluator } from '../../src/core/evaluator.ts';
import { ActionGuardExecutionError, ExecutionBlockedError } from '../../src/core/refusals.ts';
import { thenable } from '../core/thenable.ts';
import { mixedGuard, openGuard, refusalOf } from './guards.ts';

/** Calls a guarded tool with hostile arguments; says what it was given, and what was judged. */
function called(...args: unknown[]) {
  const guard = openGuard();
  let given: unknown[] = [];
  const tool = guard.wrap((...copies: unknown[]) => {
    given = copies;
    return 'ran';
  });
  tool(...args);
  const [entry] = guard.getAuditLog();
  if (entry === undefined) throw new Error('nothing was journaled');
  return { given, entry };
}

async function refused(...args: unknown[]): Promise<ActionGuardExecutionError> {
  let ran = false;
  const tool = openGuard().wrap((..._copies: unknown[]) => {
    ran = true;
  });
  const error = await refusalOf(() => tool(...args));
  expect(ran).toBe(false);
  expect(error).toBeInstanceOf(ActionGuardExecutionError);
  return error as ActionGuardExecutionError;
}

describe('the value that is judged is the value that runs', () => {
  it('for any data', () => {
    const kinds = { withDate: true, withMap: true, withSet: true, withTypedArray: true, withBigInt: true };
    const data = fc.anything(kinds);
    fc.assert(
      fc.property(fc.array(data, { maxLength: 3 }), (args) => {
        const guard = openGuard();
        let judged = '';
        let given = '';
        guard.addEvaluator({
          name: 'spy',
          evaluate({ parameters }) {
            judged = canonicalJson(parameters);
            return undefined;
          },
        });
        const params = ['a', 'b', 'c'];
        const tool = guard.wrap(
          (...copies: unknown[]) => {
            while (copies.length > 0 && copies.at(-1) === undefined) copies.pop();
            const [only] = copies;
            const isRecord = copies.length === 1 && judged === canonicalJson(only);
            given = isRecord
              ? judged
              : canonicalJson(Object.fromEntries(copies.map((copy, i) => [params[i], copy])));
          },
          { params },
        );
        tool(...args);
        expect(given).toBe(judged);
      }),
    );
  });

  it('with a getter that changes its mind', () => {
    let reads = 0;
    const { given, entry } = called({
      get path() {
        return reads++ === 0 ? '/tmp/a' : '/etc/passwd';
      },
    });
    expect([given, entry.intent]).toEqual([[{ path: '/tmp/a' }], '/tmp/a']);
  });

  it('with a proxy that changes its mind', () => {
    let reads = 0;
    const proxy = new Proxy({ path: 'x' }, { get: () => (reads++ === 0 ? '/tmp/a' : '/etc/passwd') });
    expect(called(proxy).given).toEqual([{ path: '/tmp/a' }]);
  });

  it('when the caller changes it while a person is asked', async () => {
    const input = { what: 'pay 5', list: ['a'] };
    const guard = mixedGuard({
      escalationHandler: async () => {
        input.what = 'pay 5000';
        input.list.push('b');
        return true;
      },
    });
    const pay = guard.wrap(async (given: typeof input) => JSON.stringify(given));
    expect(await pay(input)).toBe('{"what":"pay 5","list":["a"]}');
  });

  it('when an evaluator or the intentFn tries to change it', () => {
    const guard = mixedGuard();
    guard.addEvaluator({
      name: 'meddler',
      evaluate({ parameters }) {
        expect(Reflect.set(parameters, 'path', '/etc/passwd')).toBe(false);
        return undefined;
      },
    });
    const tool = guard.wrap((input: { path: string }) => input.path);
    expect(tool({ path: '/tmp/a' })).toBe('/tmp/a');
  });

  it('and a tool that changes its arguments changes neither the log nor the caller’s', () => {
    const guard = openGuard();
    const input = { list: ['a'] };
    const tool = guard.wrap((given: { list: string[] }) => given.list.push('b'));
    expect(tool(input)).toBe(2);
    expect(input.list).toEqual(['a']);
    expect(guard.history()[0]?.args).toEqual({ list: ['a'] });
  });

  it('also where toJSON tells another story', () => {
    const { entry } = called({ path: '/etc/passwd', toJSON: () => ({ path: '/tmp/a' }) });
    expect(entry.intent).toBe('/etc/passwd');
    const blocked = mixedGuard().wrap((input: { path: string }) => input.path);
    expect(() => blocked(Object.assign({ path: '/etc/passwd' }, { toJSON: () => ({}) }))).toThrow(
      ExecutionBlockedError,
    );
  });
});

describe('no prototype is polluted', () => {
  it('by an own __proto__ or constructor, which stay data', () => {
    const { given, entry } = called(
      JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(given[0] as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(given[0])).toBe(Object.prototype);
    expect(Object.hasOwn(entry.parameters, '__proto__')).toBe(true);
  });

  it('by a parameter, an agent, a task or a tool of that name', () => {
    const guard = openGuard();
    const tools = guard.wrap(
      JSON.parse('{"x":0}', (_key, value) => (value === 0 ? () => 1 : value)) as { x: () => number },
    );
    guard.withContext({ agentId: '__proto__', taskId: '__proto__', sessionId: 'constructor' }, () =>
      tools.x(),
    );
    guard.wrap((_a: string) => 1, { params: ['__proto__'] })('/tmp/a');
    expect(guard.getAuditLog({ agentId: '__proto__' })).toHaveLength(1);
    expect(guard.history()[0]?.intent).toBe('/tmp/a');
    expect(Object.keys(guard.history()[0]?.args ?? {})).toEqual(['__proto__']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('what JSON cannot hold', () => {
  it('runs as it was given, though an evaluator or an intentFn changes what it was shown', () => {
    const change = (value: unknown): undefined => {
      if (value instanceof Map) value.set('path', '/etc/passwd');
    };
    const meddler: Evaluator = { name: 'meddler', evaluate: ({ parameters }) => change(parameters.arg0) };
    const guard = openGuard({ evaluators: [meddler] });
    const tool = (files: Map<string, string>): unknown => files.get('path');
    const intentFn = (args: readonly unknown[]): string => `${change(args[0])}`;
    for (const options of [{}, { intentFn }]) {
      expect(guard.wrap(tool, options)(new Map([['path', '/tmp/a']]))).toBe('/tmp/a');
    }
  });

  it('arrives as a copy of the same kind', () => {
    const bare: Record<string, unknown> = Object.assign(Object.create(null), { a: 1 });
    const sparse: unknown[] = [];
    sparse[2] = 'c';
    const args = [
      new Date(5),
      new Map([['a', 1]]),
      new Set(['b']),
      new URL('https://example.org/'),
      5n,
      bare,
    ];
    const { given } = called(
      ...args,
      sparse,
      Buffer.from('x'),
      new Float64Array([0.5]),
      undefined,
      Number.NaN,
    );
    expect(given.slice(0, 6)).toStrictEqual(args);
    for (const [i, value] of args.entries()) if (typeof value === 'object') expect(given[i]).not.toBe(value);
    expect(given[6]).toStrictEqual([undefined, undefined, 'c']);
    expect(Buffer.isBuffer(given[7])).toBe(true);
    expect(given.slice(8)).toStrictEqual([new Float64Array([0.5]), undefined, Number.NaN]);
  });

  it('and cannot be copied passes by reference, is named in the entry and invisible to rules', () => {
    class Session {
      readonly path = '/etc/passwd';
    }
    const { signal } = new AbortController();
    const session = new Session();
    const callback = (): number => 1;
    const { given, entry } = called('/tmp/a', { signal, session, deep: [callback] });
    expect(given[1]).toEqual({ signal, session, deep: [callback] });
    expect((given[1] as { session: unknown }).session).toBe(session);
    expect(entry.intent).toBe('/tmp/a');
    expect(entry.labels).toEqual(['opaque:[1].signal', 'opaque:[1].session', 'opaque:[1].deep[0]']);
  });

  it('does not break the log when a proxy is revoked after the call', () => {
    const { proxy, revoke } = Proxy.revocable(new (class Session {})(), {});
    const guard = openGuard();
    guard.wrap((_session: object) => 1)(proxy);
    revoke();
    guard.wrap((_path: string) => 1)('/tmp/a');
    expect(guard.history().map(({ intent }) => intent)).toEqual(['/tmp/a', '']);
  });
});

describe('arguments that cannot be judged faithfully are refused, saying which and why', () => {
  it('cycles', async () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect((await refused('a', loop)).reason).toBe(
      'The arguments cannot be read: the argument `[1].self` refers back to itself; pass data without cycles.',
    );
  });

  it('depth', async () => {
    let deep: unknown = 1;
    for (let i = 0; i < 10_000; i++) deep = [deep];
    expect((await refused(deep)).reason).toContain('is nested deeper than 100 levels');
  });

  it('size', async () => {
    expect((await refused('x'.repeat(65 * 1024 * 1024))).reason).toContain('characters or bytes in all');
    expect((await refused(new Array(2_000_000))).reason).toContain('holds more than 1000000 values');
  });

  it('getters and proxies that throw', async () => {
    const hostile = Object.defineProperty({}, 'path', {
      enumerable: true,
      get() {
        throw new Error('no entry');
      },
    });
    expect((await refused(hostile)).reason).toContain('`[0]` cannot be read: no entry');
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect((await refused(proxy)).reason).toContain('cannot be read');
  });

  it('and are journaled without them', () => {
    const guard = openGuard();
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => guard.wrap((_list: unknown) => 1)(loop)).toThrow(ActionGuardExecutionError);
    expect(guard.getAuditLog()[0]).toMatchObject({ state: 'refused', outcome: 'BLOCK', parameters: {} });
  });
});

describe('results', () => {
  it('go to the caller as they are, and to the log as at most 4 KB of plain data', () => {
    const guard = openGuard();
    const big = { text: 'x'.repeat(100_000) };
    expect(guard.wrap(() => big)()).toBe(big);
    expect(JSON.stringify(guard.history()[0]?.result).length).toBeLessThan(5000);
    const hostile = new Proxy({}, { ownKeys: () => JSON.parse('{') });
    expect(guard.wrap(() => hostile)()).toBe(hostile);
    expect(guard.history()[0]?.outcome).toBe('ALLOW');
  });

  it('that are odd errors keep their identity', () => {
    const guard = openGuard();
    for (const thrown of [
      undefined,
      null,
      'text',
      Symbol('s'),
      thenable(1),
      Object.assign(new Error(), { message: Symbol('m') }),
    ]) {
      const tool = guard.wrap(() => {
        throw thrown;
      });
      let caught: unknown = 'nothing';
      try {
        tool();
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(thrown);
      expect(guard.getAuditLog()[0]).toMatchObject({ state: 'failed', outcome: 'ERROR' });
    }
  });
});
