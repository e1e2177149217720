import type { BudgetFact } from '../core/facts.ts';
import { budgetAnswer, costAnswer, type LimitAnswer, rateAnswer, runAnswer } from '../core/limit-answers.ts';
import { toMicroUsd, toUsd } from '../core/money.ts';
import type { LimitCall, Limiter, LimitFacts, LimitRefusal, LimitSettings, Reservation } from './limiter.ts';
import { BoundedCounters } from './memory/bounded-counters.ts';
import { type CompiledLimits, compileLimits, NO_LIMITS } from './memory/compiled-limits.ts';
import { RateWindows } from './memory/rate-windows.ts';
import { RecentCalls } from './memory/recent-calls.ts';
import type { SlidingWindow } from './memory/sliding-window.ts';

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

/** What a run or a task has used: actions, and micro-USD spent and reserved. */
interface Tally {
  actions: number;
  spent: number;
}

/** A run or a task may be forgotten to make room once nothing was counted in it for this long. */
const FORGET_MS = 3_600_000;

const RECENT_MS = 305_000;

const NO_BUDGETS: readonly BudgetFact[] = Object.freeze([]);

/**
 * Limits within one process. Windows are exact; memory is bounded: names beyond `maxNames` (`maxRuns`) share one
 * counter until there is room, which can only refuse more. Answers at once, never with a promise.
 */
export class MemoryLimiter implements Limiter {
  readonly #clock: () => number;
  #last = 0;
  #limits: CompiledLimits;
  readonly #windows: RateWindows;
  readonly #recent: BoundedCounters<RecentCalls>;
  readonly #runs: BoundedCounters<Tally>;
  readonly #tasks: BoundedCounters<Tally>;

  /** @throws ConfigValidationError for limits that cannot be read. */
  constructor({ now, limits = NO_LIMITS, maxNames = 10_000, maxRuns = 100_000 }: MemoryLimiterOptions) {
    this.#clock = now;
    this.#limits = compileLimits(limits);
    this.#windows = new RateWindows(maxNames);
    this.#windows.configure(this.#limits.rates);
    this.#recent = new BoundedCounters({
      max: maxNames,
      make: () => new RecentCalls(),
      idle: (_calls, at, touched) => at - touched > RECENT_MS,
      eager: true,
    });
    this.#runs = tallies(maxRuns);
    this.#tasks = tallies(maxRuns);
  }

  /** Counters in memory. For tests of flat memory. */
  get size(): number {
    return this.#windows.size + this.#recent.size + this.#runs.size + this.#tasks.size;
  }

  facts(call: LimitCall): LimitFacts {
    const now = this.#now();
    const run = this.#runs.peek(runKey(call), now);
    const task = call.taskId === null ? undefined : this.#tasks.peek(call.taskId, now);
    return {
      rates: this.#windows.facts(call, now),
      budgets: this.#budgets(call, run, task),
      rateLast5Min: this.#recent.peek(call.agentId, now)?.count(now) ?? 0,
      actionsThisRun: run?.actions ?? 0,
      taskSpend: task === undefined ? 0 : toUsd(task.spent),
    };
  }

  reserve(call: LimitCall): Reservation | LimitRefusal {
    const now = this.#now();
    const cost = toMicroUsd(call.cost);
    if (cost === undefined) return refusal('cost_estimator', costAnswer(call.cost));
    const full = this.#windows.full(call, now);
    if (full !== undefined) return refusal('rate_limiter', rateAnswer(full));
    const key = runKey(call);
    const refused = this.#refuseActions(call, key, now) ?? this.#refuseSpending(call, key, cost, now);
    if (refused !== undefined) return refused;
    return this.#count(call, key, cost, now);
  }

  settle(reservation: Reservation, actualCost?: number): void {
    if (!(reservation instanceof MemoryReservation) || !reservation.close()) return;
    const actual = actualCost === undefined ? undefined : toMicroUsd(actualCost);
    if (actual !== undefined) reservation.spend(actual - reservation.cost);
  }

  release(reservation: Reservation): void {
    if (reservation instanceof MemoryReservation && reservation.close()) reservation.undo();
  }

  configure(limits: LimitSettings): void {
    this.#limits = compileLimits(limits);
    this.#windows.configure(this.#limits.rates);
  }

  /** Never goes back, and stands still while the clock is out of its mind: then windows stay full, not empty. */
  #now(): number {
    const now = this.#clock();
    if (now > this.#last && now < Number.POSITIVE_INFINITY) this.#last = now;
    return this.#last;
  }

  #refuseActions(call: LimitCall, key: string, now: number): LimitRefusal | undefined {
    const max = this.#limits.maxActionsPerRun(call.agentId);
    if (max === null) return undefined;
    const actions = this.#runs.peek(key, now)?.actions ?? 0;
    return actions < max ? undefined : refusal('rate_limiter', runAnswer(call.agentId, actions, max));
  }

  #refuseSpending(call: LimitCall, key: string, cost: number, now: number): LimitRefusal | undefined {
    const { perTask, perAgentPerRun } = this.#limits;
    if (perTask !== null && call.taskId !== null) {
      const spent = this.#tasks.peek(call.taskId, now)?.spent ?? 0;
      if (!(spent + cost <= perTask)) {
        return refusal(
          'cost_estimator',
          budgetAnswer(budget('task', call.taskId, spent, perTask), call.cost),
        );
      }
    }
    if (perAgentPerRun === null) return undefined;
    const spent = this.#runs.peek(key, now)?.spent ?? 0;
    if (spent + cost <= perAgentPerRun) return undefined;
    return refusal(
      'cost_estimator',
      budgetAnswer(budget('agent', call.agentId, spent, perAgentPerRun), call.cost),
    );
  }

  #count(call: LimitCall, key: string, cost: number, now: number): MemoryReservation {
    const reservation = new MemoryReservation(call.actionId, cost, now, {
      windows: this.#windows.add(call, now),
      recent: this.#recent.open(call.agentId, now),
      run: this.#runs.open(key, now),
      task: call.taskId === null ? null : this.#tasks.open(call.taskId, now),
    });
    reservation.count();
    return reservation;
  }

  #budgets(call: LimitCall, run: Tally | undefined, task: Tally | undefined): readonly BudgetFact[] {
    const { perTask, perAgentPerRun } = this.#limits;
    if (perTask === null && perAgentPerRun === null) return NO_BUDGETS;
    const found: BudgetFact[] = [];
    if (perTask !== null && call.taskId !== null) {
      found.push(budget('task', call.taskId, task?.spent ?? 0, perTask));
    }
    if (perAgentPerRun !== null) found.push(budget('agent', call.agentId, run?.spent ?? 0, perAgentPerRun));
    return found;
  }
}

/** The counters that a call was counted in. */
interface Counted {
  readonly windows: readonly SlidingWindow[];
  readonly recent: RecentCalls;
  readonly run: Tally;
  readonly task: Tally | null;
}

class MemoryReservation implements Reservation {
  readonly refused = false;
  readonly actionId: string;
  /** Reserved, in micro-USD. */
  readonly cost: number;
  readonly #at: number;
  readonly #counted: Counted;
  #open = true;

  constructor(actionId: string, cost: number, at: number, counted: Counted) {
    this.actionId = actionId;
    this.cost = cost;
    this.#at = at;
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
    this.#counted.recent.add(this.#at);
    this.#counted.run.actions++;
    this.spend(this.cost);
  }

  spend(microUsd: number): void {
    const { run, task } = this.#counted;
    run.spent = Math.min(run.spent + microUsd, Number.MAX_SAFE_INTEGER);
    if (task !== null) task.spent = Math.min(task.spent + microUsd, Number.MAX_SAFE_INTEGER);
  }

  undo(): void {
    const { windows, recent, run } = this.#counted;
    for (const window of windows) window.remove(this.#at);
    recent.remove(this.#at);
    run.actions--;
    this.spend(-this.cost);
  }
}

function tallies(max: number): BoundedCounters<Tally> {
  return new BoundedCounters({
    max,
    make: () => ({ actions: 0, spent: 0 }),
    idle: (_tally, now, touched) => now - touched >= FORGET_MS,
    eager: false,
  });
}

/** Unambiguous: an agent's id cannot be made to look like another agent's session. */
function runKey({ agentId, sessionId }: LimitCall): string {
  return sessionId === null ? `-${agentId}` : `${agentId.length}:${agentId}${sessionId}`;
}

function budget(scope: BudgetFact['scope'], id: string, spent: number, limit: number): BudgetFact {
  return { scope, id, spent: toUsd(spent), limit: toUsd(limit) };
}

function refusal(evaluatorName: LimitRefusal['evaluatorName'], answer: LimitAnswer): LimitRefusal {
  const { reason, suggestedAction, metadata } = answer;
  return { refused: true, evaluatorName, reason, suggestedAction, metadata };
}
