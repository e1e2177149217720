import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_EVALUATORS, type Evaluator } from '../../src/core/evaluator.ts';
import { PolicyViolationError } from '../../src/core/refusals.ts';
import type { ActionGuard } from '../../src/guard.ts';
import type { Limiter } from '../../src/limits/limiter.ts';
import { MemoryLimiter } from '../../src/limits/memory.ts';
import type { Store } from '../../src/stores/store.ts';
import { soakFactor } from '../seed.ts';
import { instantClock, settled } from './clocks.ts';
import {
  type Fault,
  GARBAGE,
  NO_APPROVALS,
  SILENCE,
  WRONG_FACTS,
  WRONG_RESERVATIONS,
  WRONG_VERDICTS,
} from './faults.ts';
import { memoryStore, mixedGuard, openGuard, refusalOf } from './guards.ts';

/**
 * No fault of any part lets a tool run. `npm test` runs every property 500 times; the soak (`npm run soak`) runs them
 * PLYRA_RUNS times as often: 10^5 and more from PLYRA_RUNS=200 on.
 */
const RUNS = { numRuns: 500 * soakFactor };

type Kind = 'sync' | 'async' | 'waiting';

const kinds = fc.constantFrom<Kind>('sync', 'async', 'waiting');

/** A tool of a kind, guarded, that counts its runs. */
function countedTool(guard: ActionGuard, kind: Kind) {
  const ran = { times: 0 };
  const run = (input: string): string => {
    ran.times++;
    return `ran ${input}`;
  };
  const asyncRun = async (input: string): Promise<string> => run(input);
  const tool =
    kind === 'async'
      ? guard.wrap(asyncRun)
      : kind === 'sync'
        ? guard.wrap(run)
        : guard.wrap(run, { async: true });
  return { ran, call: tool as (input: string) => unknown };
}

async function expectRefused(guard: ActionGuard, kind: Kind, input = 'hello'): Promise<PolicyViolationError> {
  const { ran, call } = countedTool(guard, kind);
  const error = await refusalOf(() => call(input));
  expect(ran.times).toBe(0);
  expect(error).toBeInstanceOf(PolicyViolationError);
  return error as PolicyViolationError;
}

const faultsOf = (...lists: (readonly Fault[])[]): fc.Arbitrary<Fault> => fc.constantFrom(...lists.flat());

/** A healthy store with one method that fails. */
function storeWith(method: keyof Store, happen: () => unknown): Store {
  const healthy = memoryStore();
  return new Proxy<Store>(healthy, {
    get: (store, key) => {
      if (key === method) return happen;
      const value: unknown = Reflect.get(store, key);
      return typeof value === 'function' ? value.bind(store) : value;
    },
  });
}

/** A healthy limiter with some methods that fail. */
function limiterWith(methods: Partial<Record<keyof Limiter, () => unknown>>): Limiter {
  const healthy = new MemoryLimiter({ now: () => 0 });
  const whole: Limiter = {
    facts: (call) => healthy.facts(call),
    reserve: (call) => healthy.reserve(call),
    settle: (reservation) => healthy.settle(reservation),
    release: (reservation) => healthy.release(reservation),
    configure: (limits) => healthy.configure(limits),
    recordOutcome: (agentId, outcome) => healthy.recordOutcome(agentId, outcome),
    flush: () => healthy.flush(),
    close: () => healthy.close(),
  };
  return Object.assign(whole, methods);
}

describe('a fault of an evaluator', () => {
  const names = fc.constantFrom(...BUILT_IN_EVALUATORS, 'custom');

  it('never lets a tool run, whichever evaluator it is and however it fails', async () => {
    const faults = faultsOf(SILENCE, GARBAGE, WRONG_VERDICTS);
    await fc.assert(
      fc.asyncProperty(names, faults, kinds, fc.boolean(), async (name, fault, kind, override) => {
        const guard = openGuard({ clock: instantClock });
        if (override && name !== 'policy_engine') {
          guard.removeEvaluator('policy_engine');
          guard.addEvaluator({
            name: 'policy_engine',
            evaluate: () => ({ verdict: 'ALLOW', metadata: { override: true } }),
          });
        }
        const isThere = name !== 'custom';
        if (isThere) guard.removeEvaluator(name);
        guard.addEvaluator({ name, evaluate: fault.happen as Evaluator['evaluate'] });
        const error = await expectRefused(guard, kind);
        expect(error.verdict).toBe('BLOCK');
        expect(error.message).toContain(name);
        expect(guard.evaluate('hello').verdict).toBe('BLOCK');
      }),
      RUNS,
    );
  });

  it('never lets a tool run when several fail at once', async () => {
    const faults = fc.array(faultsOf(SILENCE, GARBAGE, WRONG_VERDICTS), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(faults, kinds, async (list, kind) => {
        const evaluators = list.map(({ happen }, i) => ({
          name: `custom ${i}`,
          evaluate: happen as Evaluator['evaluate'],
        }));
        await expectRefused(openGuard({ clock: instantClock, evaluators }), kind);
      }),
      RUNS,
    );
  });
});

describe('a fault of the store', () => {
  it('before the tool runs keeps it from running', async () => {
    await fc.assert(
      fc.asyncProperty(
        faultsOf(SILENCE),
        kinds,
        fc.constantFrom('hello', '/etc/passwd', 'pay 5'),
        async (fault, kind, input) => {
          const store = storeWith('append', fault.happen);
          const guard = mixedGuard({ clock: instantClock, store, escalationHandler: () => true });
          await expectRefused(guard, kind, input);
        },
      ),
      RUNS,
    );
  });

  it('after the tool ran leaves its result alone, and keeps the next call from running until it is mended', async () => {
    await fc.assert(
      fc.asyncProperty(faultsOf(SILENCE), kinds, async (fault, kind) => {
        const healthy = memoryStore();
        let appends = 0;
        let broken = true;
        const store = storeWith('append', () => undefined);
        const guard = openGuard({
          clock: instantClock,
          store: new Proxy(store, {
            get: (target, key) => {
              if (key !== 'append')
                return Reflect.get(healthy, key)?.bind?.(healthy) ?? Reflect.get(target, key);
              return (drafts: Parameters<Store['append']>[0]) => {
                appends++;
                return broken && appends > 1 ? fault.happen() : healthy.append(drafts);
              };
            },
          }),
        });
        const { ran, call } = countedTool(guard, kind);
        expect(await call('first')).toBe('ran first');
        expect(await refusalOf(() => call('second'))).toBeInstanceOf(PolicyViolationError);
        expect(ran.times).toBe(1);
        broken = false;
        await settled();
        expect(await call('third')).toBe('ran third');
        expect(healthy.entries({ outcome: 'ALLOW' }).map(({ state }) => state)).toContain('done');
        expect(healthy.entries({}).filter(({ state }) => state === 'running')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('when it is only read never changes what came of a call', async () => {
    const methods = fc.constantFrom<keyof Store>('entry', 'entries', 'records');
    await fc.assert(
      fc.asyncProperty(methods, faultsOf(SILENCE, GARBAGE), kinds, async (method, fault, kind) => {
        const exporters = [{ export: () => undefined }];
        const guard = openGuard({ clock: instantClock, store: storeWith(method, fault.happen), exporters });
        const { ran, call } = countedTool(guard, kind);
        expect(await call('x')).toBe('ran x');
        expect(ran.times).toBe(1);
      }),
      RUNS,
    );
  });
});

describe('a fault of the limiter', () => {
  it('before the tool runs keeps it from running', async () => {
    const faults = fc.oneof(
      fc.record({ method: fc.constant('facts'), fault: faultsOf(SILENCE, GARBAGE, WRONG_FACTS) }),
      fc.record({ method: fc.constant('reserve'), fault: faultsOf(SILENCE, GARBAGE, WRONG_RESERVATIONS) }),
    );
    await fc.assert(
      fc.asyncProperty(faults, kinds, async ({ method, fault }, kind) => {
        const limiter = limiterWith({ [method]: fault.happen });
        await expectRefused(openGuard({ clock: instantClock, limiter }), kind);
      }),
      RUNS,
    );
  });

  it('when it settles leaves the result of the tool alone', async () => {
    await fc.assert(
      fc.asyncProperty(faultsOf(SILENCE, GARBAGE), kinds, async (fault, kind) => {
        const guard = openGuard({ clock: instantClock, limiter: limiterWith({ settle: fault.happen }) });
        const { call } = countedTool(guard, kind);
        expect(await call('x')).toBe('ran x');
        expect(guard.history()[0]?.outcome).toBe('ALLOW');
      }),
      RUNS,
    );
  });

  it('when it records an outcome leaves the result of the tool alone', async () => {
    await fc.assert(
      fc.asyncProperty(faultsOf(SILENCE, GARBAGE), kinds, async (fault, kind) => {
        const limiter = limiterWith({ recordOutcome: fault.happen });
        const guard = openGuard({ clock: instantClock, limiter });
        const { call } = countedTool(guard, kind);
        expect(await call('x')).toBe('ran x');
        expect(guard.history()[0]?.outcome).toBe('ALLOW');
      }),
      RUNS,
    );
  });

  it('when it releases, beside a store that fails, still lets nothing run', async () => {
    await fc.assert(
      fc.asyncProperty(
        faultsOf(SILENCE),
        faultsOf(SILENCE, GARBAGE),
        kinds,
        async (append, release, kind) => {
          const limiter = limiterWith({ release: release.happen });
          await expectRefused(
            openGuard({ clock: instantClock, limiter, store: storeWith('append', append.happen) }),
            kind,
          );
        },
      ),
      RUNS,
    );
  });
});

describe('a fault of whoever approves', () => {
  it('is no approval', async () => {
    await fc.assert(
      fc.asyncProperty(
        faultsOf(
          SILENCE,
          GARBAGE.filter(({ what }) => what !== 'is true'),
          NO_APPROVALS,
        ),
        kinds,
        async (fault, kind) => {
          const escalationHandler = fault.happen as () => boolean;
          await expectRefused(mixedGuard({ clock: instantClock, escalationHandler }), kind, 'pay 5');
        },
      ),
      RUNS,
    );
  });
});
