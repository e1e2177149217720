import { describe, expect, it } from 'vitest';
import { ConfigValidationError } from '../../src/core/errors.ts';
import { ExecutionBlockedError, PolicyViolationError } from '../../src/core/refusals.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { memoryStore, openGuard, refusalOf } from './guards.ts';

describe('a frozen guard', () => {
  it('refuses every call with the reason, and runs them again once it is lifted', async () => {
    const guard = openGuard();
    const sync = guard.wrap(() => 'ran');
    const slow = guard.wrap(async () => 'ran');
    await guard.freeze('something is wrong');
    expect(() => sync()).toThrow(ExecutionBlockedError);
    expect(() => sync()).toThrow('All actions are frozen: something is wrong');
    expect(await refusalOf(slow)).toBeInstanceOf(ExecutionBlockedError);
    expect(guard.evaluate('anything').verdict).toBe('BLOCK');
    await guard.unfreeze();
    expect([sync(), await slow()]).toEqual(['ran', 'ran']);
  });

  it('refuses in monitor mode too: a freeze is an emergency stop', async () => {
    const guard = openGuard({ mode: 'monitor' });
    await guard.freeze('stop');
    expect(() => guard.wrap(() => 1)()).toThrow('frozen');
  });

  it('asks nobody', async () => {
    const asked: unknown[] = [];
    const guard = openGuard({ escalationHandler: (action) => asked.push(action) > 0 });
    guard.addEvaluator({ name: 'asks', evaluate: () => ({ verdict: 'ESCALATE' }) });
    await guard.freeze('stop');
    expect(() => guard.wrap(() => 1)()).toThrow('frozen');
    expect(asked).toEqual([]);
  });

  it('stops every guard on its store', async () => {
    const store = memoryStore();
    const [one, other] = [openGuard({ store }), openGuard({ store })];
    await one.freeze('stop');
    expect(() => other.wrap(() => 1)()).toThrow('frozen');
    await other.unfreeze();
    expect(one.wrap(() => 1)()).toBe(1);
  });

  it('tells in the journal who froze, when and why, without secrets, and which calls it refused', async () => {
    const store = memoryStore();
    const guard = openGuard({ store, clock: new FakeClock(5000) });
    await guard.freeze('leaked password=hunter2hunter2');
    expect(() => guard.wrap(() => 1)()).toThrow('frozen');
    await guard.unfreeze();
    const [frozen, refused, unfrozen] = store.records();
    expect(frozen).toMatchObject({ kind: 'policy', body: { event: 'frozen' }, at: new Date(5000) });
    expect(JSON.stringify(frozen)).not.toContain('hunter2');
    expect(refused?.body).toMatchObject({ state: 'refused', verdict: 'BLOCK' });
    expect(unfrozen?.body).toEqual({ event: 'unfrozen', by: frozen?.writer.id });
  });

  it('needs a reason', () => {
    const guard = openGuard();
    expect(() => guard.freeze('')).toThrow(ConfigValidationError);
    expect(guard.wrap(() => 1)()).toBe(1);
  });

  it('is what a guard counts as when it cannot tell', async () => {
    for (const answer of [undefined, {}, 'no', 0, false]) {
      const store = Object.assign(memoryStore(), { frozen: () => answer as never });
      expect(() => openGuard({ store }).wrap(() => 1)()).toThrow('could not be read');
    }
    const store = Object.assign(memoryStore(), {
      frozen: () => {
        throw new Error('disk gone');
      },
    });
    expect(() => openGuard({ store }).wrap(() => 1)()).toThrow('disk gone');
  });
});

describe('`storage.on_store_failure: allow`', () => {
  const failing = () => {
    const store = memoryStore();
    return Object.assign(store, {
      append: () => {
        throw new Error('disk full');
      },
      frozen: () => {
        throw new Error('disk gone');
      },
    });
  };

  it('lets calls run although nothing can be journaled', async () => {
    const config = { storage: { onStoreFailure: 'allow' } } as const;
    const guard = openGuard({ store: failing(), config });
    expect(guard.wrap(() => 'ran')()).toBe('ran');
    expect(await guard.wrap(async () => 'ran')()).toBe('ran');
    expect(guard.wrap(() => 'again')()).toBe('again');
  });

  it('still refuses what the policy refuses', () => {
    const config = {
      storage: { onStoreFailure: 'allow' },
      rules: [{ pattern: 'rm', action: 'block' }],
    } as const;
    const guard = openGuard({ store: failing(), config });
    expect(() => guard.wrap((_line: string) => 1)('rm -rf')).toThrow(ExecutionBlockedError);
  });

  it('is not the default', () => {
    expect(() => openGuard({ store: failing() }).wrap(() => 1)()).toThrow(PolicyViolationError);
  });
});
