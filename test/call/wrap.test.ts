import { describe, expect, it } from 'vitest';
import {
  AdapterNotFoundError,
  AdapterWrappingError,
  ConfigSchemaError,
  ConfigValidationError,
} from '../../src/core/errors.ts';
import { ExecutionBlockedError } from '../../src/core/refusals.ts';
import { thenable } from '../core/thenable.ts';
import { mixedGuard, openGuard } from './guards.ts';

const isProtected = (value: unknown): unknown =>
  (value as { _plyraGuardProtected?: unknown })._plyraGuardProtected;

describe('a wrapped function', () => {
  it('keeps name, length, own properties and whether it is sync', () => {
    const guard = openGuard();
    function readFile(path: string, _encoding: string): number {
      return path.length;
    }
    readFile.schema = { type: 'object' };
    const wrapped = guard.wrap(readFile);
    expect(wrapped).not.toBe(readFile);
    expect([wrapped.name, wrapped.length, wrapped.schema]).toEqual(['readFile', 2, { type: 'object' }]);
    expect(wrapped('abc', 'utf8')).toBe(3);
    expect(isProtected(wrapped)).toBe(true);
    expect(isProtected(readFile)).toBeUndefined();
    expect(Reflect.set(wrapped, '_plyraGuardProtected', false)).toBe(false);
  });

  it('keeps symbol properties', () => {
    const tag = Symbol('tag');
    const tool = Object.assign(() => 1, { [tag]: 'kept' });
    expect(Reflect.get(openGuard().wrap(tool), tag)).toBe('kept');
  });

  it('keeps `this`', () => {
    const guard = openGuard();
    const box = {
      root: '/tmp/',
      join: guard.wrap(function join(this: { root: string }, name: string) {
        return this.root + name;
      }),
    };
    expect(box.join('a')).toBe('/tmp/a');
  });

  it('passes on what the tool throws, as it is', async () => {
    const guard = openGuard();
    const error = new TypeError('disk full');
    const fail = (): never => {
      throw error;
    };
    expect(() => guard.wrap(fail)()).toThrow(error);
    await expect(guard.wrap(async () => fail())()).rejects.toBe(error);
    expect(guard.history().map(({ outcome, error: text }) => [outcome, text])).toEqual([
      ['ERROR', 'disk full'],
      ['ERROR', 'disk full'],
    ]);
  });

  it('that is async stays async: a refusal is a rejection, never a throw', async () => {
    const remove = mixedGuard().wrap(async (path: string) => path);
    const answer = remove('/etc/passwd');
    expect(answer).toBeInstanceOf(Promise);
    await expect(answer).rejects.toBeInstanceOf(ExecutionBlockedError);
    expect(await remove('/tmp/a')).toBe('/tmp/a');
  });

  it('that is sync stays sync: a refusal is thrown', () => {
    const remove = mixedGuard().wrap((path: string) => path);
    expect(() => remove('/etc/passwd')).toThrow(ExecutionBlockedError);
    expect(remove('/tmp/a')).toBe('/tmp/a');
  });

  it('that is sync and returns a promise or a thenable is settled when that settles', async () => {
    const guard = openGuard();
    let finish: (value: string) => void = () => undefined;
    const later = guard.wrap(() => new Promise<string>((resolve) => (finish = resolve)));
    const answer = later();
    expect(guard.getAuditLog()[0]?.state).toBe('running');
    finish('result');
    expect(await answer).toBe('result');
    expect(guard.getAuditLog()[0]).toMatchObject({ state: 'done', result: 'result' });
    const query = guard.wrap(() => thenable((resolve: (rows: string) => void) => resolve('rows')));
    expect(await query()).toBe('rows');
    const rejecting = guard.wrap(() => Promise.reject(new Error('no table')));
    await expect(rejecting()).rejects.toThrow('no table');
    expect(guard.history()[0]).toMatchObject({ outcome: 'ERROR', error: 'no table' });
  });

  it('is left alone by the guard that wrapped it, and judged by both when another wraps it again', () => {
    const guard = openGuard();
    const once = guard.wrap((path: string) => path);
    expect(guard.wrap(once)).toBe(once);
    expect(() => guard.protect('file.read')(once)).toThrow('is guarded already');
    const twice = mixedGuard().wrap(once);
    expect(twice).not.toBe(once);
    expect(() => twice('/etc/passwd')).toThrow(ExecutionBlockedError);
    twice('/tmp/a');
    expect(guard.getMetrics().totalActions).toBe(1);
  });
});

describe('wrap takes', () => {
  it('a list, and gives a list back', () => {
    const read = (path: string): string => path;
    const count = async (): Promise<number> => 1;
    const [safeRead, safeCount] = mixedGuard().wrap([read, count]);
    expect(() => safeRead('/etc/passwd')).toThrow(ExecutionBlockedError);
    expect(safeCount()).toBeInstanceOf(Promise);
  });

  it('a record, whose keys are the names of the tools', () => {
    const guard = openGuard();
    const tools = guard.wrap({ readFile: (path: string) => path, __proto: () => 1 });
    tools.readFile('/tmp/a');
    expect(guard.history()[0]?.toolName).toBe('readFile');
    expect(Object.keys(tools)).toEqual(['readFile', '__proto']);
  });

  it('options first', () => {
    const guard = mixedGuard();
    const remove = guard.wrap({ intentFn: (_args, kwargs) => String(kwargs.path) })(
      (input: { path: string }) => input.path,
    );
    expect(() => remove({ path: '/etc/passwd' })).toThrow(ExecutionBlockedError);
    expect(remove({ path: '/tmp/a' })).toBe('/tmp/a');
  });

  it('options that name the action', () => {
    const guard = openGuard();
    guard.wrap((path: string) => path, { actionType: 'file.read', riskLevel: 'LOW', params: ['path'] })(
      '/tmp/a',
    );
    expect(guard.getAuditLog()[0]).toMatchObject({
      ...{ actionType: 'file.read', riskLevel: 'LOW', parameters: { path: '/tmp/a' } },
    });
    guard.wrap(function readFile() {})();
    expect(guard.getAuditLog()[0]?.actionType).toBe('tool.readFile');
    guard.wrap(() => 1)();
    expect(guard.getAuditLog()[0]?.toolName).toBe('anonymous');
  });

  it('a plain object as options only when every key is one and no value is a tool', () => {
    const guard = openGuard();
    const tools = guard.wrap({ params: () => 1, async: () => 2 });
    expect(tools.params()).toBe(1);
    expect(isProtected(tools.async)).toBe(true);
  });
});

describe('wrap refuses', () => {
  const guard = openGuard();
  const tool = (): number => 1;

  it('an unknown option, and says which one was meant', () => {
    expect(() => guard.wrap(tool, { onBlok: 'return' } as never)).toThrow(
      new ConfigSchemaError('`wrap` has no option `onBlok`. Did you mean `onBlock`?'),
    );
    expect(() => guard.protect('file.read', { risklevel: 'LOW' } as never)).toThrow(
      'Did you mean `riskLevel`?',
    );
  });

  it.each<[object, string]>([
    [{ riskLevel: 'HUGE' }, '`riskLevel` must be LOW, MEDIUM, HIGH or CRITICAL.'],
    [{ timeoutMs: 0 }, '`timeoutMs` must be a number of milliseconds above zero.'],
    [{ timeoutMs: Number.NaN }, '`timeoutMs`'],
    [{ params: 'path' }, '`params` must be a list of argument names.'],
    [{ kinds: { path: 'folder' } }, '`kinds` must be an object of kinds'],
    [{ intentFn: 'path' }, '`intentFn` must be a function.'],
    [{ onBlock: 'ignore' }, '`onBlock` must be `throw` or `return`.'],
    [{ async: false }, '`async` must be `true`.'],
    [{ actionType: '' }, '`actionType` must be a string'],
  ])('the option %o', (options, message) => {
    expect(() => guard.wrap(tool, options as never)).toThrow(message);
    expect(() => guard.wrap(tool, options as never)).toThrow(ConfigValidationError);
  });

  it.each<[object, string]>([
    [{ estimatedCost: Number.NaN }, '`estimatedCost`'],
    [{ estimatedCost: -1 }, '`estimatedCost`'],
    [{ estimatedCost: Number.POSITIVE_INFINITY }, '`estimatedCost`'],
    [{ minTrust: 2 }, '`minTrust`'],
    [{ minTrust: 'BOSS' }, '`minTrust`'],
    [{ tags: [1] }, '`tags`'],
    [{ rollback: 'yes' }, '`rollback`'],
  ])('the protect option %o', (options, message) => {
    expect(() => guard.protect('file.read', options as never)).toThrow(message);
  });

  it('a framework that this version has no adapter for', () => {
    expect(() => guard.wrap(tool, { framework: 'langchain' })).toThrow(AdapterNotFoundError);
  });

  it('a class, and says what to guard instead', () => {
    class Tool {}
    expect(() => guard.wrap(Tool as never)).toThrow(AdapterWrappingError);
    expect(() => guard.wrap(Tool as never)).toThrow('wrap its methods with @guard.wrap or @guard.protect');
  });

  it.each([5, 'tool', null, true, Symbol('s')])('%o, which is no tool', (value) => {
    expect(() => guard.wrap(value as never)).toThrow(AdapterNotFoundError);
  });

  it('a tool object, and says which function of it to wrap', () => {
    const toolObject = { description: 'reads', execute: tool };
    expect(() => guard.wrap([toolObject] as never)).toThrow(
      'Wrap the function that it runs (its `execute` or `invoke`)',
    );
    expect(() => guard.wrap({ read: toolObject } as never)).toThrow(
      '`read` is no tool that this version can wrap',
    );
    expect(() => guard.wrap(toolObject as never)).toThrow(
      'Wrap the function that it runs (its `execute`) instead.',
    );
    expect(() => guard.wrap(toolObject as never)).toThrow(AdapterNotFoundError);
  });
});
