import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reservation } from '../../src/limits/limiter.ts';
import { MemoryLimiter } from '../../src/limits/memory.ts';
import { SqliteLimiter } from '../../src/limits/sqlite.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { CALL, UNLIMITED } from '../../src/testing/limiter/setup.ts';
import { soakFactor } from '../seed.ts';
import { PlainDatabase } from './database.ts';
import { TIGHT } from './model.ts';
import { witnessOf } from './scene.ts';
import { type Make, SideBySide, type Step, step } from './side-by-side.ts';

const KINDS: readonly (readonly [string, Make])[] = [
  ['MemoryLimiter', (options) => new MemoryLimiter(options)],
  [
    'SqliteLimiter',
    (options) => new SqliteLimiter({ ...options, database: new PlainDatabase(), writerId: 'writer' }),
  ],
];

describe.each(KINDS)('%s against a model that remembers everything', (_name, make) => {
  it('gives the same answer at every step, whatever the order of reserve, settle, release and the clock', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const both = new SideBySide([make]);
        for (const action of steps) both.take(action);
      }),
      { numRuns: 300 * soakFactor },
    );
  });

  it('never lets more than N calls through in any window of that length, whichever are given back between', () => {
    const steps = fc.array(
      fc.record({
        gap: fc.integer({ min: 0, max: 400 }),
        agentId: fc.constantFrom('a', 'b'),
        release: fc.option(fc.nat(20)),
      }),
      { maxLength: 150 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 7 }), (actions, max) => {
        const clock = new FakeClock(0.5);
        const rateLimits = { default: null, perTool: { [CALL.toolName]: `${max}/sec` }, perAgent: {} };
        const limiter = make({ now: clock.now, limits: { ...UNLIMITED, rateLimits } });
        const passed: { at: number; reservation: Reservation }[] = [];
        for (const { gap, agentId, release } of actions) {
          clock.advance(gap);
          const reservation = limiter.reserve({ ...CALL, agentId });
          if (!reservation.refused) passed.push({ at: clock.now(), reservation });
          const [back] = release === null ? [] : passed.splice(release % Math.max(1, passed.length), 1);
          if (back !== undefined) limiter.release(back.reservation);
        }
        for (const { at: start } of passed) {
          const inWindow = passed.filter(({ at }) => at >= start && at < start + 1_000);
          expect(inWindow.length).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});

/** What becomes of a process: an end in order, or one in the middle of calls, of which some had been decided. */
const end = fc.record({
  kind: fc.constant('end' as const),
  inOrder: fc.boolean(),
  process: fc.nat(1),
  decided: fc.array(fc.nat(10)),
});

type End = typeof end extends fc.Arbitrary<infer T> ? T : never;

/** Two limiters on one database; each can be replaced by another, which recovers what the first one left. */
class SharedDatabase {
  readonly #database = new PlainDatabase();
  readonly #running: { limiter: SqliteLimiter; writerId: string }[] = [];
  #writers = 0;
  /** Actions of dead writers that were never decided. */
  readonly #undecided = new Set<string>();
  readonly both = new SideBySide(
    [0, 1].map(
      (process): Make =>
        (options) =>
          this.#start(process, options),
    ),
  );

  end({ inOrder, process, decided }: End): void {
    if (inOrder) this.#running[process]?.limiter.close();
    const limiter = this.#start(process, { now: this.both.clock.now, limits: TIGHT });
    const left = this.both.replace(process, limiter);
    const undecided = left.filter((_, i) => inOrder || !decided.includes(i));
    for (const { counted } of undecided) this.#undecided.add(counted.call.actionId);
    for (const one of this.#running) one.limiter.recover();
    for (const { counted } of undecided) this.both.model.release(counted);
  }

  #start(process: number, options: Parameters<Make>[0]): SqliteLimiter {
    const writerId = `writer-${this.#writers++}`;
    const witness = witnessOf(
      (id) => this.#running.some((one) => one.writerId === id),
      (id) => !this.#undecided.has(id),
    );
    const limiter = new SqliteLimiter({ ...options, database: this.#database, writerId, witness });
    this.#running[process] = { limiter, writerId };
    return limiter;
  }
}

describe('two SqliteLimiters on one database, against a model that remembers everything', () => {
  it('give the same answers, whatever the order of their calls, their ends and their crashes', () => {
    const steps: fc.Arbitrary<Step | End> = fc.oneof(
      { weight: 12, arbitrary: step },
      { weight: 1, arbitrary: end },
    );
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 80 }), (actions) => {
        const shared = new SharedDatabase();
        for (const action of actions) {
          if (action.kind === 'end') shared.end(action);
          else shared.both.take(action);
        }
      }),
      { numRuns: 300 * soakFactor },
    );
  });
});
