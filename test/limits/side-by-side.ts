import fc from 'fast-check';
import { expect } from 'vitest';
import type { LimitCall, LimitSettings, Reservation } from '../../src/limits/limiter.ts';
import type { MemoryLimiter } from '../../src/limits/memory.ts';
import type { SqliteLimiter } from '../../src/limits/sqlite.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { CALL } from '../../src/testing/limiter/setup.ts';
import { type Counted, PlainModel, TIGHT } from './model.ts';

/** A limiter that answers at once. */
export type SyncLimiter = MemoryLimiter | SqliteLimiter;

/** How a limiter is made beside the model. */
export type Make = (options: { readonly now: () => number; readonly limits: LimitSettings }) => SyncLimiter;

const calls = fc.record({
  toolName: fc.constantFrom('t1', 't2'),
  agentId: fc.constantFrom('a1', 'a2', 'a3'),
  taskId: fc.constantFrom(null, 'k1', 'k2'),
  sessionId: fc.constantFrom(null, 's1'),
  cost: fc.constantFrom(0, 0.1, 0.000001, 0.7),
});

/** One thing that happens; processes are taken modulo how many there are. */
export const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('reserve' as const), call: calls, process: fc.nat(1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      which: fc.nat(30),
      cost: fc.constantFrom(undefined, 0, 0.2, 0.9),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), which: fc.nat(30) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      by: fc.constantFrom(0, 1, 333, 999, 1000, 20_000, 59_999, -700),
    }),
  },
);

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A reservation, and what the model has of it. */
export interface Open {
  readonly limiter: SyncLimiter;
  readonly reservation: Reservation;
  readonly counted: Counted;
}

/** Limiters beside the model; every step is taken by both, and what they say must be the same. */
export class SideBySide {
  readonly clock = new FakeClock();
  readonly model = new PlainModel();
  readonly #limiters: SyncLimiter[];
  /** Which life of a process is running. */
  readonly #lives: number[];
  #nextLife: number;
  #open: Open[] = [];
  /** The latest time that each has seen. */
  readonly #latest: number[];
  #actions = 0;

  constructor(makers: readonly Make[]) {
    this.#limiters = makers.map((make) => make({ now: this.clock.now, limits: TIGHT }));
    this.#lives = makers.map((_, i) => i);
    this.#nextLife = makers.length;
    this.#latest = makers.map(() => this.clock.now());
  }

  take(action: Step): void {
    if (action.kind === 'advance') {
      this.clock.advance(action.by);
      for (const [i, limiter] of this.#limiters.entries()) {
        limiter.facts(CALL);
        this.#latest[i] = Math.max(this.#latest[i] ?? 0, this.clock.now());
      }
    } else if (action.kind === 'reserve') {
      this.#reserve({ ...CALL, ...action.call, actionId: `action-${this.#actions++}` }, action.process);
    } else {
      const [found] = this.#open.splice(action.which % Math.max(1, this.#open.length), 1);
      if (found === undefined) return;
      if (action.kind === 'settle') {
        found.limiter.settle(found.reservation, action.cost);
        if (action.cost !== undefined) found.counted.micro = Math.round(action.cost * 1e6);
      } else {
        found.limiter.release(found.reservation);
        this.model.release(found.counted);
      }
    }
  }

  /** A process ends, in order or not, and another takes its place. Returns what it had open. */
  replace(process: number, by: SyncLimiter): Open[] {
    const ended = this.#limiters[process];
    const left = this.#open.filter(({ limiter }) => limiter === ended);
    this.#open = this.#open.filter(({ limiter }) => limiter !== ended);
    this.#limiters[process] = by;
    this.#lives[process] = this.#nextLife++;
    this.#latest[process] = 0;
    return left;
  }

  #reserve(call: LimitCall, place: number): void {
    const process = place % this.#limiters.length;
    const limiter = this.#limiters[process];
    if (limiter === undefined) return;
    const life = this.#lives[process] ?? 0;
    const facts = limiter.facts(call);
    const found = [
      facts.actionsThisRun,
      Math.round((facts.budgets.find(({ scope }) => scope === 'agent')?.spent ?? 0) * 1e6),
      Math.round(facts.taskSpend * 1e6),
      facts.budgets.find(({ scope }) => scope === 'task')?.agents ?? 1,
    ];
    expect(found).toEqual(this.model.uses(call, life));
    const reservation = limiter.reserve(call);
    const counted = this.model.reserve(call, Math.max(this.#latest[process] ?? 0, this.clock.now()), life);
    expect(reservation.refused).toBe(counted === undefined);
    if (!reservation.refused && counted !== undefined) this.#open.push({ limiter, reservation, counted });
  }
}
