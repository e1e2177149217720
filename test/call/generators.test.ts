import { describe, expect, it } from 'vitest';
import { AdapterWrappingError } from '../../src/core/errors.ts';
import { ExecutionBlockedError } from '../../src/core/refusals.ts';
import { mixedGuard, openGuard } from './guards.ts';

const stateOf = (guard: ReturnType<typeof openGuard>): string | undefined => guard.getAuditLog()[0]?.state;

describe('a generator tool', () => {
  it('stays a generator, and is judged at the first next()', () => {
    const guard = mixedGuard();
    let ran = false;
    const list = guard.wrap(function* list(path: string): Generator<string, string> {
      ran = true;
      yield `${path}a`;
      return 'end';
    });
    const refused = list('/etc/');
    expect(guard.getMetrics().totalActions).toBe(0);
    expect(() => refused.next()).toThrow(ExecutionBlockedError);
    expect(refused.next()).toEqual({ value: undefined, done: true });
    expect(ran).toBe(false);
    const allowed = list('/tmp/');
    expect(allowed.next()).toEqual({ value: '/tmp/a', done: false });
    expect(stateOf(guard)).toBe('running');
    expect(allowed.next()).toEqual({ value: 'end', done: true });
    expect(stateOf(guard)).toBe('done');
  });

  it('that is stopped early is settled and journaled', () => {
    const guard = openGuard();
    const cleaned: string[] = [];
    const count = guard.wrap(function* count() {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        cleaned.push('closed');
      }
    });
    for (const i of count()) if (i === 3) break;
    expect(cleaned).toEqual(['closed']);
    expect(guard.getAuditLog()[0]).toMatchObject({ state: 'done', outcome: 'ALLOW' });
  });

  it('that throws midway is journaled as failed', () => {
    const guard = openGuard();
    const fail = guard.wrap(function* fail() {
      yield 1;
      throw new Error('disk full');
    });
    expect(() => [...fail()]).toThrow('disk full');
    expect(guard.getAuditLog()[0]).toMatchObject({ state: 'failed', outcome: 'ERROR', error: 'disk full' });
  });

  it('gets its own copy of what was judged at the first next()', () => {
    const input = { path: '/tmp/a' };
    const list = mixedGuard().wrap(function* list(given: { path: string }) {
      yield given.path;
      yield given.path;
    });
    const run = list(input);
    run.next();
    input.path = '/etc/passwd';
    expect(run.next().value).toBe('/tmp/a');
    const late = list(input);
    expect(() => late.next()).toThrow(ExecutionBlockedError);
  });

  it('is the parent of the guarded calls that it makes', () => {
    const guard = openGuard();
    const inner = guard.wrap(() => 1);
    const outer = guard.wrap(function* outer() {
      yield inner();
      yield inner();
    });
    expect([...outer()]).toEqual([1, 1]);
    const [second, first, parent] = guard.getAuditLog();
    expect(first?.parentActionId).toBe(parent?.actionId);
    expect(second?.parentActionId).toBe(parent?.actionId);
    expect(parent?.parentActionId).toBeNull();
  });

  it('leaves no context behind in its consumer', () => {
    const guard = openGuard();
    const inner = guard.wrap(() => 1);
    const outer = guard.wrap(function* outer() {
      yield 1;
    });
    for (const _ of outer()) inner();
    expect(guard.getAuditLog().find(({ toolName }) => toolName !== 'outer')?.parentActionId).toBeNull();
  });

  it('cannot be made to wait, nor be bounded in time', () => {
    const guard = openGuard();
    function* list(): Generator<number> {
      yield 1;
    }
    expect(() => guard.wrap(list, { async: true })).toThrow(AdapterWrappingError);
    expect(() => guard.wrap(list, { timeoutMs: 5 })).toThrow('`timeoutMs` bounds functions only');
  });
});

describe('an async generator tool', () => {
  it('stays one, and is judged at the first next()', async () => {
    const guard = mixedGuard();
    const read = guard.wrap(async function* read(path: string) {
      yield `${path}1`;
      yield `${path}2`;
    });
    const refused = read('/etc/');
    expect(guard.getMetrics().totalActions).toBe(0);
    await expect(refused.next()).rejects.toBeInstanceOf(ExecutionBlockedError);
    const values: string[] = [];
    for await (const value of read('/tmp/')) values.push(value);
    expect(values).toEqual(['/tmp/1', '/tmp/2']);
    expect(stateOf(guard)).toBe('done');
  });

  it('that is stopped early is settled and journaled', async () => {
    const guard = openGuard();
    const count = guard.wrap(async function* count() {
      for (let i = 0; ; i++) yield i;
    });
    for await (const i of count()) if (i === 3) break;
    expect(stateOf(guard)).toBe('done');
  });

  it('waits for an approval', async () => {
    const guard = mixedGuard({ escalationHandler: async () => true });
    const pay = guard.wrap(async function* pay(what: string) {
      yield what;
    });
    expect(await pay('pay 5').next()).toEqual({ value: 'pay 5', done: false });
  });

  it('is the parent of the guarded calls that it makes', async () => {
    const guard = openGuard();
    const inner = guard.wrap(async () => 1);
    const outer = guard.wrap(async function* outer() {
      yield await inner();
      yield await inner();
    });
    for await (const _ of outer());
    const [second, first, parent] = guard.getAuditLog();
    expect([first?.parentActionId, second?.parentActionId]).toEqual([parent?.actionId, parent?.actionId]);
  });
});
