import { writeSync } from 'node:fs';
import type { LimitCall, LimitSettings, Reservation } from '../../../src/limits/limiter.ts';
import { SqliteLimiter } from '../../../src/limits/sqlite.ts';
import { PlainDatabase } from '../database.ts';
import { witnessOf } from '../scene.ts';

/** What a child process is to do: reserve `count` times and end in some way, or recover what dead ones left. */
export interface Order {
  readonly path: string;
  readonly writerId: string;
  readonly count: number;
  readonly seed: number;
  readonly ends: 'closing' | 'leaving' | 'killed';
  /** Actions that were decided by writers that are dead, to recover with; `null`: there is nothing to recover. */
  readonly decided: readonly string[] | null;
}

/** What a child process says of one call, in micro-USD, once it has settled or released it; a line of JSON each. */
export interface Told {
  readonly actionId: string;
  readonly inTask: boolean;
  readonly inSession: boolean;
  readonly spent: number;
}

/** Both are used up long before all calls are through. USD. */
export const LIMITS: LimitSettings = {
  rateLimits: null,
  budget: { perTask: 2, perAgentPerRun: 1.5 },
  maxActionsPerRun: () => null,
  isRegistered: () => false,
};

interface Open {
  readonly call: LimitCall;
  /** Micro-USD. */
  readonly cost: number;
  readonly reservation: Reservation;
}

class Child {
  readonly #order: Order;
  readonly #limiter: SqliteLimiter;
  readonly #open: Open[] = [];
  #random: number;

  constructor(order: Order) {
    this.#order = order;
    this.#random = order.seed;
    const { path, writerId } = order;
    const database = new PlainDatabase(path);
    const witness = witnessOf(
      () => false,
      (actionId) => order.decided?.includes(actionId) === true,
    );
    this.#limiter = new SqliteLimiter({
      database,
      writerId,
      limits: LIMITS,
      now: () => performance.now(),
      // Whoever has nothing to recover takes nobody for dead.
      witness: order.decided === null ? undefined : witness,
    });
  }

  run(): void {
    const { count, decided, ends } = this.#order;
    if (decided !== null) this.#limiter.recover();
    for (let i = 0; i < count; i++) {
      this.#reserve(i);
      if (this.#open.length > this.#upTo(8)) this.#end();
    }
    if (ends === 'killed') {
      // Of the calls that are open now half were decided: their tools may have run.
      for (const { call, cost } of this.#open.filter((_, i) => i % 2 === 0)) this.#tell(call, cost);
      process.kill(process.pid, 'SIGKILL');
    }
    while (this.#open.length > 0) this.#end();
    if (ends === 'closing') this.#limiter.close();
  }

  #reserve(i: number): void {
    const place = this.#upTo(4);
    const cost = this.#upTo(10_000);
    const call = {
      actionId: `${this.#order.writerId}-${i}`,
      toolName: 'pay',
      agentId: 'worker',
      taskId: place === 0 ? null : 'task',
      sessionId: place === 1 ? null : 'session',
      cost: cost / 1e6,
    };
    const reservation = this.#limiter.reserve(call);
    if (reservation.refused) return;
    this.#open.push({ call, cost, reservation });
    for (const { spent, limit } of this.#limiter.facts(call).budgets) {
      if (spent > limit) throw new Error(`${spent} of ${limit} spent`);
    }
  }

  /** Ends one of the open calls, any of them. */
  #end(): void {
    const [one] = this.#open.splice(this.#upTo(this.#open.length), 1);
    if (one === undefined) return;
    const { call, cost, reservation } = one;
    const way = this.#upTo(3);
    const actual = way === 1 ? this.#upTo(cost) : cost;
    if (way === 0) this.#limiter.release(reservation);
    else if (way === 1) this.#limiter.settle(reservation, actual / 1e6);
    else this.#limiter.settle(reservation);
    if (way !== 0) this.#tell(call, actual);
  }

  /** Written at once: whoever is killed has said it. */
  #tell({ actionId, taskId, sessionId }: LimitCall, spent: number): void {
    const told: Told = {
      actionId,
      inTask: taskId !== null,
      inSession: sessionId !== null,
      spent,
    };
    writeSync(1, `${JSON.stringify(told)}\n`);
  }

  /** A whole number from 0 to below `end`; the same for the same seed. */
  #upTo(end: number): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#random / 2 ** 32) * end);
  }
}

if (process.argv[2] !== undefined) new Child(JSON.parse(process.argv[2]) as Order).run();
