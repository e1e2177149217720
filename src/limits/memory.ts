import { costAnswer, rateAnswer } from '../core/limit-answers.ts';
import { toMicroUsd, toUsd } from '../core/money.ts';
import type { Outcome } from '../core/verdict.ts';
import { AgentRecords, countsOf, totalsOf } from './agent-records.ts';
import { checkId, checkIds } from './call-ids.ts';
import { type CompiledLimits, compileLimits, NO_LIMITS } from './compiled-limits.ts';
import type {
  LimitAccount,
  LimitCall,
  Limiter,
  LimitFacts,
  LimitRefusal,
  LimitSettings,
  Reservation,
} from './limiter.ts';
import { TaskTally } from './memory/task-tally.ts';
import {
  addMoney,
  budgetsOf,
  NO_TASK,
  NO_USE,
  type RunUse,
  refusal,
  runKey,
  usedUp,
  usesByName,
} from './usage.ts';
import type { BoundedCounters } from './windows/bounded-counters.ts';
import { type CountedCall, ProcessWindows } from './windows/process-windows.ts';

/** How a {@link MemoryLimiter} is made. */
export interface MemoryLimiterOptions {
  /** A clock in milliseconds, e.g. `() => performance.now()`. Only its steps forward count. */
  readonly now: () => number;
  /** Default: none. */
  readonly limits?: LimitSettings | undefined;
  /** Most tools and agents with windows of their own, for each length of window. Default 10,000. */
  readonly maxNames?: number | undefined;
  /** Most runs, and most tasks, with counts of their own. Default 100,000. */
  readonly maxRuns?: number | undefined;
}

/**
 * Limits within one process. Windows are exact; memory is bounded: names beyond `maxNames` (`maxRuns`) share one
 * counter until there is room, which can only refuse more. Of agents that are not registered the records of 10,000
 * are kept. Answers at once, never with a promise.
 */
export class MemoryLimiter implements Limiter {
  #limits: CompiledLimits;
  readonly #windows: ProcessWindows;
  readonly #runs: BoundedCounters<RunUse>;
  readonly #tasks: BoundedCounters<TaskTally>;
  readonly #agents = new AgentRecords((agentId) => this.#limits.isRegistered(agentId));

  /** @throws ConfigValidationError for limits that cannot be read. */
  constructor({ now, limits = NO_LIMITS, maxNames = 10_000, maxRuns = 100_000 }: MemoryLimiterOptions) {
    this.#limits = compileLimits(limits);
    this.#windows = new ProcessWindows(now, maxNames);
    this.#windows.configure(this.#limits.rates);
    this.#runs = usesByName(maxRuns, () => ({ actions: 0, spent: 0 }));
    this.#tasks = usesByName(maxRuns, () => new TaskTally());
  }

  /** Counters in memory. For tests of flat memory. */
  get size(): number {
    return this.#windows.size + this.#runs.size + this.#tasks.size + this.#agents.size;
  }

  facts(call: LimitCall): LimitFacts {
    checkIds(call);
    const now = this.#windows.now();
    const run = this.#runs.peek(runKey(call), now) ?? NO_USE;
    const task = this.#task(call, now)?.seenBy(call.agentId) ?? NO_TASK;
    return {
      rates: this.#windows.rates(call, now),
      budgets: budgetsOf(call, this.#limits, run.spent, task),
      rateLast5Min: this.#windows.rateLast5Min(call.agentId, now),
      actionsThisRun: run.actions,
      taskSpend: toUsd(task.spent),
      agent: countsOf(this.#agents.of(call.agentId)),
    };
  }

  reserve(call: LimitCall): Reservation | LimitRefusal {
    checkIds(call);
    const now = this.#windows.now();
    const cost = toMicroUsd(call.cost);
    if (cost === undefined) return refusal('cost_estimator', costAnswer(call.cost));
    const full = this.#windows.full(call, now);
    if (full !== undefined) return refusal('rate_limiter', rateAnswer(full));
    const key = runKey(call);
    const run = this.#runs.peek(key, now) ?? NO_USE;
    const refused = usedUp(call, cost, this.#limits, run, this.#task(call, now)?.spent ?? 0);
    return refused ?? this.#count(call, key, cost, now);
  }

  settle(reservation: Reservation, actualCost?: number): void {
    if (!(reservation instanceof MemoryReservation) || !reservation.close()) return;
    const actual = actualCost === undefined ? undefined : toMicroUsd(actualCost);
    if (actual !== undefined) reservation.spend(actual - reservation.cost);
  }

  release(reservation: Reservation): void {
    if (reservation instanceof MemoryReservation && reservation.close()) reservation.undo();
  }

  credit(account: LimitAccount, cost: number): void {
    checkIds(account);
    const now = this.#windows.now();
    const back = -(toMicroUsd(cost) ?? 0);
    const run = this.#runs.peek(runKey(account), now);
    if (run !== undefined) run.spent = addMoney(run.spent, back);
    const task = this.#task(account, now);
    if (task !== undefined) task.spend(task.share(account.agentId), back);
  }

  configure(limits: LimitSettings): void {
    this.#limits = compileLimits(limits);
    this.#windows.configure(this.#limits.rates);
  }

  recordOutcome(agentId: string, outcome: Outcome): void {
    checkId('agent', agentId);
    this.#agents.add(agentId, totalsOf(outcome));
  }

  /** Does nothing: what is counted is kept here alone. */
  flush(): void {}

  /** Does nothing: what is counted is kept here alone. */
  close(): void {}

  #task({ taskId }: LimitAccount, now: number): TaskTally | undefined {
    return taskId === null ? undefined : this.#tasks.peek(taskId, now);
  }

  #count(call: LimitCall, key: string, cost: number, now: number): MemoryReservation {
    const task = call.taskId === null ? null : this.#tasks.open(call.taskId, now);
    const reservation = new MemoryReservation(call, cost, {
      windows: this.#windows.add(call, now),
      run: this.#runs.open(key, now),
      task,
      share: task?.share(call.agentId) ?? null,
    });
    reservation.count();
    return reservation;
  }
}

/** The counters that a call was counted in. */
interface Counted {
  readonly windows: CountedCall;
  readonly run: RunUse;
  readonly task: TaskTally | null;
  readonly share: ReturnType<TaskTally['share']> | null;
}

class MemoryReservation implements Reservation {
  readonly refused = false;
  readonly actionId: string;
  /** Reserved, in micro-USD. */
  readonly cost: number;
  readonly #counted: Counted;
  #open = true;

  constructor({ actionId }: LimitCall, cost: number, counted: Counted) {
    this.actionId = actionId;
    this.cost = cost;
    this.#counted = counted;
  }

  /** True the first time. */
  close(): boolean {
    const wasOpen = this.#open;
    this.#open = false;
    return wasOpen;
  }

  /** The windows have counted already. */
  count(): void {
    this.#counted.run.actions++;
    this.spend(this.cost);
  }

  spend(microUsd: number): void {
    const { run, task, share } = this.#counted;
    run.spent = addMoney(run.spent, microUsd);
    if (task !== null && share !== null) task.spend(share, microUsd);
  }

  undo(): void {
    const { windows, run } = this.#counted;
    windows.undo();
    run.actions--;
    this.spend(-this.cost);
  }
}
