import { describe, expect, it } from 'vitest';
import { openGuard } from './guards.ts';

describe('intents', () => {
  it('are all string arguments joined by one space, in call order', () => {
    const guard = openGuard();
    guard.wrap((_a: string, _b: string, _n: number) => 1)('rm', '-rf /', 5);
    expect(guard.history()[0]).toMatchObject({
      intent: 'rm -rf /',
      args: { arg0: 'rm', arg1: '-rf /', arg2: 5 },
    });
  });

  it('follow the declared order of a single object argument, not the caller’s', () => {
    const guard = openGuard();
    const copy = guard.wrap((input: { from: string; to: string }) => input.to, { params: ['from', 'to'] });
    copy({ to: 'b', from: 'a' });
    expect(guard.history()[0]?.intent).toBe('a b');
  });

  it('come from intentFn, which is given positions and names, both frozen', () => {
    const guard = openGuard();
    let seen: unknown[] = [];
    const tool = guard.wrap((path: string, options: { force: boolean }) => [path, options], {
      params: ['path', 'options'],
      intentFn: (args, kwargs) => {
        seen = [args, kwargs, Object.isFrozen(args), Object.isFrozen(kwargs)];
        return `delete ${kwargs.path}`;
      },
    });
    tool('/tmp/a', { force: true });
    const options = { force: true };
    expect(seen).toEqual([['/tmp/a', options], { path: '/tmp/a', options }, true, true]);
    expect(guard.history()[0]?.intent).toBe('delete /tmp/a');
  });

  it.each<[string, () => unknown, string]>([
    ['throws', () => JSON.parse('{'), 'intentFn threw'],
    ['returns a number', () => 5, 'intentFn must return a string, not number'],
    ['returns nothing', () => undefined, 'not undefined'],
    ['returns a promise', () => Promise.reject(new Error('late')), 'not object'],
  ])('an intentFn that %s blocks the call', (_what, intentFn, message) => {
    let ran = false;
    const tool = openGuard().wrap(() => (ran = true), { intentFn: intentFn as () => string });
    expect(() => tool()).toThrow(message);
    expect(ran).toBe(false);
  });

  it('are not made when two arguments would have the same name', () => {
    const tool = openGuard().wrap((_a: string, _b: string) => 1, { params: ['arg1'] });
    expect(() => tool('/etc/passwd', 'harmless')).toThrow('two of them are called `arg1`');
  });
});
