import { describe, expect, it } from 'vitest';
import { currentSignal } from '../../src/call/context.ts';
import { ExecutionTimeoutError } from '../../src/core/errors.ts';
import { PolicyViolationError } from '../../src/core/refusals.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { thenable } from '../core/thenable.ts';
import { advance, settled } from './clocks.ts';
import { openGuard, refusalOf } from './guards.ts';

function timed() {
  const clock = new FakeClock();
  return { clock, guard: openGuard({ clock }) };
}

describe('a tool with a time limit', () => {
  it('that takes longer gives an error, and its signals fire', async () => {
    const { clock, guard } = timed();
    const own = new AbortController();
    const signals: (AbortSignal | undefined)[] = [];
    const slow = guard.wrap(
      async ({ signal }: { signal: AbortSignal }) => {
        signals.push(signal, currentSignal());
        return new Promise(() => undefined);
      },
      { timeoutMs: 100 },
    );
    const failed = refusalOf(() => slow({ signal: own.signal }));
    await advance(clock, 99);
    expect(signals.map((signal) => signal?.aborted)).toEqual([false, false]);
    await advance(clock, 1);
    const error = (await failed) as ExecutionTimeoutError;
    expect(error).toBeInstanceOf(ExecutionTimeoutError);
    expect(error).not.toBeInstanceOf(PolicyViolationError);
    expect(error).toMatchObject({
      code: 'EXECUTION_TIMEOUT',
      details: { timeoutMs: 100, toolName: 'anonymous' },
    });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
    expect(own.signal.aborted).toBe(false);
    expect(guard.getAuditLog()[0]).toMatchObject({ state: 'failed', outcome: 'ERROR', durationMs: 100 });
    expect(guard.getAuditLog()[0]?.error).toContain('timed out: ');
  });

  it('still sees the caller’s own abort', async () => {
    const { guard } = timed();
    const own = new AbortController();
    let seen: AbortSignal | undefined;
    const slow = guard.wrap(
      async (_path: string, options: { deep: AbortSignal[] }) => {
        seen = options.deep[0];
        return 'done';
      },
      { timeoutMs: 100 },
    );
    await slow('a', { deep: [own.signal] });
    own.abort();
    expect(seen?.aborted).toBe(true);
  });

  it('that is in time gives its result, and the timer goes away', async () => {
    const { clock, guard } = timed();
    expect(await guard.wrap(async () => 'quick', { timeoutMs: 100 })()).toBe('quick');
    await expect(guard.wrap(async () => JSON.parse('{'), { timeoutMs: 100 })()).rejects.toThrow(SyntaxError);
    await settled();
    expect(clock.pending).toBe(0);
  });

  it('may return a thenable whose `then` returns nothing', async () => {
    const { guard } = timed();
    const query = guard.wrap(() => thenable((resolve: (rows: string) => void) => resolve('rows')), {
      timeoutMs: 100,
    });
    expect(await query()).toBe('rows');
  });

  it('that rejects after its time is up ends nothing', async () => {
    const { clock, guard } = timed();
    let reject: (error: Error) => void = () => undefined;
    const slow = guard.wrap(async () => new Promise((_, no) => (reject = no)), { timeoutMs: 10 });
    const failed = refusalOf(() => slow());
    await advance(clock, 10);
    reject(new Error('too late'));
    await settled();
    expect(await failed).toBeInstanceOf(ExecutionTimeoutError);
  });

  it('is not bounded while a person is asked', async () => {
    const clock = new FakeClock();
    let answer: (yes: boolean) => void = () => undefined;
    const guard = openGuard({ clock, escalationHandler: () => new Promise((resolve) => (answer = resolve)) });
    guard.addEvaluator({ name: 'asks', evaluate: () => ({ verdict: 'ESCALATE', reason: 'ask' }) });
    const running = guard.wrap(async () => 'done', { timeoutMs: 10 })();
    await advance(clock, 1000);
    answer(true);
    expect(await running).toBe('done');
  });
});

describe('an evaluator that answers later', () => {
  it('is waited for on the async path, up to a second', async () => {
    const { clock, guard } = timed();
    let answer: (value: { verdict: 'ALLOW' }) => void = () => undefined;
    guard.addEvaluator({ name: 'remote', evaluate: () => new Promise((resolve) => (answer = resolve)) });
    const call = guard.wrap(async () => 'ran');
    const first = call();
    await advance(clock, 999);
    answer({ verdict: 'ALLOW' });
    expect(await first).toBe('ran');
    const second = refusalOf(() => call());
    await advance(clock, 1000);
    expect(((await second) as PolicyViolationError).reason).toBe(
      'The evaluator remote failed: no answer within 1000 ms (evaluate).',
    );
  });

  it('blocks on the sync path, saying what to do', () => {
    const { guard } = timed();
    guard.addEvaluator({ name: 'remote', evaluate: async () => ({ verdict: 'ALLOW' }) });
    expect(() => guard.wrap(() => 1)()).toThrow('The evaluator remote failed: a promise came up');
    expect(guard.evaluate('x').reason).toContain('make the tool async');
  });

  it('may reject while another is still waited for, without ending the process', async () => {
    const { clock, guard } = timed();
    guard.addEvaluator({ name: 'silent', evaluate: () => new Promise(() => undefined) });
    guard.addEvaluator({ name: 'rejecting', evaluate: () => Promise.reject(new Error('late')) });
    const refused = refusalOf(() => guard.wrap(async () => 1)());
    await advance(clock, 500);
    await advance(clock, 500);
    expect(await refused).toBeInstanceOf(PolicyViolationError);
  });
});
