import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/call/system-clock.ts';
import { PolicyViolationError } from '../../src/core/refusals.ts';
import type { GuardOptions } from '../../src/guard-options.ts';
import { Policy } from '../../src/policy/policy.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { MIXED, memoryStore, openGuard, refusalOf } from './guards.ts';

/** A promise that is settled from outside. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A guard whose calls wait at a gate while they are judged. */
function waitingGuard(policy: Policy) {
  const { opened, open } = gate();
  const store = memoryStore();
  const guard = openGuard({ policy, store });
  guard.addEvaluator({ name: 'slow', evaluate: () => opened.then(() => undefined) });
  return { guard, store, open };
}

describe('while a call is judged', () => {
  it('a freeze that comes stops it', async () => {
    const { guard, open } = waitingGuard(new Policy({ rules: [], defaultAction: 'allow' }));
    let ran = false;
    const call = guard.wrap(async () => {
      ran = true;
    })();
    await guard.freeze('stop now');
    open();
    expect(await refusalOf(() => call)).toMatchObject({
      message: expect.stringContaining('All actions are frozen: stop now'),
    });
    expect(ran).toBe(false);
  });

  it('a rule that comes judges it, and its record names the policy with that rule', async () => {
    const policy = new Policy({ rules: [], defaultAction: 'allow' });
    const { guard, store, open } = waitingGuard(policy);
    const call = guard.wrap(async (what: string) => what)('danger');
    policy.addRule({ pattern: 'danger', action: 'block', reason: 'not any more' });
    open();
    expect(await refusalOf(() => call)).toMatchObject({ reason: 'not any more' });
    await guard.wrap(async (what: string) => what)('harmless');
    expect(new Set(store.records().map(({ policyRevision }) => policyRevision)).size).toBe(1);
  });
});

describe('while a tool runs', () => {
  it('a policy that changes, and cannot be kept, loses neither its result nor its record', async () => {
    const policy = new Policy({ rules: [], defaultAction: 'allow' });
    const store = memoryStore();
    let broken = false;
    const failing = <A extends unknown[]>(method: (...args: A) => unknown) => {
      return (...args: A) => {
        if (broken) throw new Error('disk full');
        return method(...args);
      };
    };
    Object.assign(store, {
      append: failing(store.append.bind(store)),
      keepPolicy: failing(() => undefined),
    });
    const guard = openGuard({ policy, store });
    const tool = guard.wrap((what: string) => {
      broken = what === 'breaks';
      policy.addRule({ pattern: 'never', action: 'block' });
      return `ran ${what}`;
    });
    expect(tool('breaks')).toBe('ran breaks');
    expect(() => tool('next')).toThrow('disk full');
    broken = false;
    expect(tool('again')).toBe('ran again');
    const [again, , first] = guard.history();
    expect([again?.result, first?.result]).toEqual(['ran again', 'ran breaks']);
  });

  it('closing the guard waits for it, and lets nothing new run', async () => {
    const { opened, open } = gate();
    const store = memoryStore();
    const guard = openGuard({ store });
    const slow = guard.wrap(async () => {
      await opened;
      return 'done';
    });
    const running = slow();
    await Promise.resolve();
    const closed = guard.close();
    expect(await refusalOf(slow)).toMatchObject({ message: expect.stringContaining('was closed') });
    open();
    await closed;
    expect(await running).toBe('done');
    expect(store.entries({}).map(({ state }) => state)).toEqual(['refused', 'done']);
    await guard.close();
  });

  it.each<readonly [string, (asked: Promise<void>) => GuardOptions]>([
    [
      'for an evaluator',
      (asked) => ({ evaluators: [{ name: 'slow', evaluate: () => asked.then(() => undefined) }] }),
    ],
    [
      'for a person',
      (asked) => ({
        policy: MIXED,
        approvals: { via: 'callback' },
        escalationHandler: () => asked.then(() => true),
      }),
    ],
  ])('nothing runs whose call waited %s when the guard was closed', async (_for, optionsOf) => {
    const { opened, open } = gate();
    const guard = openGuard({ store: memoryStore(), ...optionsOf(opened) });
    const ran: string[] = [];
    const call = guard.wrap(async (what: string) => void ran.push(what))('pay rent');
    const refused = refusalOf(() => call);
    await Promise.resolve();
    await guard.close();
    open();
    expect(await refused).toMatchObject({ message: expect.stringContaining('was closed') });
    expect(ran).toEqual([]);
  });

  it('closing the guard waits for 5 s and no longer', async () => {
    const clock = new FakeClock();
    const guard = openGuard({ clock });
    guard.wrap(async () => new Promise(() => undefined))();
    const closed = guard.close();
    clock.advance(5_000);
    await closed;
  });

  it('one that throws what cannot be looked at is journaled as failed', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const guard = openGuard();
    const tool = guard.wrap(() => {
      throw proxy;
    });
    let thrown: unknown;
    try {
      tool();
    } catch (error) {
      thrown = error;
    }
    expect(thrown === proxy).toBe(true);
    expect(guard.getAuditLog()[0]?.state).toBe('failed');
  });
});

describe('a store in trouble', () => {
  const unreadable = () => {
    throw new Error('disk gone');
  };

  it('lets nothing run in monitor mode neither, where it cannot tell of a freeze', () => {
    const store = Object.assign(memoryStore(), { frozen: unreadable });
    expect(() => openGuard({ store, mode: 'monitor' }).wrap(() => 1)()).toThrow(PolicyViolationError);
  });

  it('does not hide a freeze that it can tell of, whatever may run without a journal', async () => {
    const store = memoryStore();
    const guard = openGuard({ store, config: { storage: { onStoreFailure: 'allow' } } });
    await guard.freeze('stop');
    Object.assign(store, { append: unreadable });
    expect(() => guard.wrap(() => 1)()).toThrow('All actions are frozen');
  });

  it('that cannot take a freeze leaves this guard frozen, and says so', async () => {
    const store = memoryStore();
    const setFrozen = store.setFrozen.bind(store);
    Object.assign(store, { setFrozen: unreadable });
    const guard = openGuard({ store });
    expect(() => guard.freeze('stop')).toThrow('disk gone');
    expect(() => guard.wrap(() => 1)()).toThrow('All actions are frozen: stop');
    Object.assign(store, { setFrozen });
    await guard.unfreeze();
    expect(guard.wrap(() => 1)()).toBe(1);
  });

  it('gets the records of calls that ran without it, once it is back', () => {
    const store = memoryStore();
    const append = store.append.bind(store);
    const guard = openGuard({ store, config: { storage: { onStoreFailure: 'allow' } } });
    Object.assign(store, { append: unreadable });
    const tool = guard.wrap((what: string) => what);
    tool('one');
    tool('two');
    Object.assign(store, { append });
    tool('three');
    expect(guard.history().map(({ result }) => result)).toEqual(['three', 'two', 'one']);
  });
});

describe('the system clock', () => {
  it('calls a timer back after what else is due, so that no answer that is there counts as late', async () => {
    const order: string[] = [];
    const called = new Promise<void>((resolve) => {
      systemClock.setTimer(1, () => {
        order.push('timer');
        resolve();
      });
    });
    setImmediate(() => order.push('answer'));
    for (const until = performance.now() + 5; performance.now() < until; );
    await called;
    expect(order).toEqual(['answer', 'timer']);
  });

  it('calls no timer back that was cancelled, not even when it was due', async () => {
    let called = false;
    const cancel = systemClock.setTimer(0, () => {
      called = true;
    });
    cancel();
    await new Promise((resolve) => systemClock.setTimer(1, () => resolve(undefined)));
    expect(called).toBe(false);
  });
});

describe('a context that is none', () => {
  it('is refused and journaled, and leaves the guard as it was', () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const guard = openGuard();
    const tool = guard.wrap(() => 'ran');
    for (const context of [{ agentId: cyclic }, { taskId: cyclic }, { instructionChain: [cyclic] }]) {
      expect(() => guard.withContext(context as never, () => tool())).toThrow(PolicyViolationError);
    }
    expect(tool()).toBe('ran');
    expect(guard.getAuditLog().map(({ state }) => state)).toEqual(['done', 'refused', 'refused', 'refused']);
  });
});

describe('arguments that cannot be read', () => {
  it('are quoted in the error for the caller, and not in the journal', () => {
    const guard = openGuard();
    const tool = guard.wrap((_input: { password: string }) => 1, {
      intentFn: () => {
        throw new Error('Unexpected token in hunter2hunter2');
      },
    });
    expect(() => tool({ password: 'hunter2hunter2' })).toThrow('hunter2hunter2');
    expect(JSON.stringify(guard.getAuditLog())).not.toContain('hunter2');
  });
});

describe('the name of a rule', () => {
  it('is journaled without the secret that an evaluator put into it', () => {
    const guard = openGuard();
    guard.addEvaluator({
      name: 'talks',
      evaluate: ({ parameters }) => ({
        verdict: 'BLOCK',
        metadata: { ruleName: `deny ${String(parameters.password)}` },
      }),
    });
    expect(() => guard.wrap((_input: { password: string }) => 1)({ password: 'tr0ub4dor&3' })).toThrow();
    expect(JSON.stringify(guard.getAuditLog())).not.toContain('tr0ub4dor');
  });
});
