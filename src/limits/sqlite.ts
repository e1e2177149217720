import { costAnswer, rateAnswer } from '../core/limit-answers.ts';
import { toMicroUsd, toUsd } from '../core/money.ts';
import type { Outcome } from '../core/verdict.ts';
import type { SqlDatabase } from '../stores/database.ts';
import { countsOf } from './agent-records.ts';
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
import { Accounts, type Change, type Closing, type OpenReservation } from './sqlite/accounts.ts';
import { AgentCounters } from './sqlite/agent-counters.ts';
import { endsOfLeft, type Witness } from './sqlite/left-reservations.ts';
import { addTo, SqliteReservation } from './sqlite/reservation.ts';
import { makeTables } from './sqlite/tables.ts';
import {
  budgetsOf,
  NO_TASK,
  NO_USE,
  type RunUse,
  refusal,
  type TaskUse,
  usedUp,
  usesByName,
} from './usage.ts';
import type { BoundedCounters } from './windows/bounded-counters.ts';
import { ProcessWindows } from './windows/process-windows.ts';

/** How a {@link SqliteLimiter} is made. */
export interface SqliteLimiterOptions {
  /** Its tables are made in it where they are not there. */
  readonly database: SqlDatabase;
  /** A clock in milliseconds, e.g. `() => performance.now()`. Only its steps forward count. */
  readonly now: () => number;
  /** Whose reservations these are, for {@link SqliteLimiter.recover}. No other limiter may have the same. */
  readonly writerId: string;
  /**
   * Makes the writer known to whoever tells later whether it is alive; called in the first transaction. Without it the
   * money of a writer that dies before its first record stays reserved.
   */
  readonly enter?: (() => void) | undefined;
  /** Who knows what became of the reservations of others. Without it they stay. */
  readonly witness?: Witness | undefined;
  /** Default: none. */
  readonly limits?: LimitSettings | undefined;
  /** Most tools and agents with windows of their own, for each length of window. Default 10,000. */
  readonly maxNames?: number | undefined;
  /** Most agents with runs of their own outside of any session. Default 100,000. */
  readonly maxRuns?: number | undefined;
}

/** Settled reservations that may wait for the next transaction to be removed. */
const MAX_SETTLED = 256;

/** How often at most it is looked for reservations of dead writers when a limit leaves no room. Milliseconds. */
const RECOVER_MS = 60_000;

/** What the run and the task of a call have used. */
interface Uses {
  readonly run: RunUse;
  readonly task: TaskUse;
}

/**
 * Limits whose budgets and records hold across processes and restarts: what tasks and sessions have used, and what
 * every agent did, is kept in a database. Rate windows, the calls of the last five minutes and the runs of calls
 * without a session are this process's own. Answers at once; what the database cannot do throws.
 */
export class SqliteLimiter implements Limiter {
  readonly #database: SqlDatabase;
  readonly #accounts: Accounts;
  readonly #counters: AgentCounters;
  readonly #windows: ProcessWindows;
  #enter: (() => void) | undefined;
  readonly #witness: Witness | undefined;
  #recoverAt = Number.NEGATIVE_INFINITY;
  /** Runs outside of any session, by agent. */
  readonly #runs: BoundedCounters<RunUse>;
  #limits: CompiledLimits;
  /** What the next transaction writes first. */
  #closings: Closing[] = [];

  /** @throws ConfigValidationError for limits that cannot be read, and what the database says when it cannot be used. */
  constructor(options: SqliteLimiterOptions) {
    const { database, now, writerId, limits = NO_LIMITS, maxNames = 10_000, maxRuns = 100_000 } = options;
    this.#limits = compileLimits(limits);
    this.#windows = new ProcessWindows(now, maxNames);
    this.#windows.configure(this.#limits.rates);
    this.#runs = usesByName(maxRuns, () => ({ actions: 0, spent: 0 }));
    this.#database = database;
    this.#enter = options.enter;
    this.#witness = options.witness;
    makeTables(database);
    this.#accounts = new Accounts(database, writerId);
    this.#counters = new AgentCounters(database, (agentId) => this.#limits.isRegistered(agentId));
  }

  /** Counters in memory. For tests of flat memory. */
  get size(): number {
    return this.#windows.size + this.#runs.size + this.#counters.size + this.#closings.length;
  }

  facts(call: LimitCall): LimitFacts {
    checkIds(call);
    const now = this.#windows.now();
    let uses = this.#uses(call, now);
    if (this.#isFull(call, uses) && this.#recoverFor(call, now)) uses = this.#uses(call, now);
    const { run, task } = uses;
    return {
      rates: this.#windows.rates(call, now),
      budgets: budgetsOf(call, this.#limits, run.spent, task),
      rateLast5Min: this.#windows.rateLast5Min(call.agentId, now),
      actionsThisRun: run.actions,
      taskSpend: toUsd(task.spent),
      agent: countsOf(this.#counters.of(call.agentId, now)),
    };
  }

  reserve(call: LimitCall): Reservation | LimitRefusal {
    checkIds(call);
    const now = this.#windows.now();
    const cost = toMicroUsd(call.cost);
    if (cost === undefined) return refusal('cost_estimator', costAnswer(call.cost));
    const full = this.#windows.full(call, now);
    if (full !== undefined) return refusal('rate_limiter', rateAnswer(full));
    let taken = this.#take(call, cost, now);
    if (taken !== null && 'refused' in taken && this.#recoverFor(call, now)) {
      taken = this.#take(call, cost, now);
    }
    return taken !== null && 'refused' in taken ? taken : this.#count(call, cost, taken, now);
  }

  settle(reservation: Reservation, actualCost?: number): void {
    if (!(reservation instanceof SqliteReservation) || !reservation.end()) return;
    const actual = actualCost === undefined ? undefined : toMicroUsd(actualCost);
    this.#close(reservation, { money: actual === undefined ? 0 : actual - reservation.cost, actions: 0 });
  }

  release(reservation: Reservation): void {
    if (!(reservation instanceof SqliteReservation) || !reservation.end()) return;
    reservation.windows.undo();
    this.#close(reservation, { money: -reservation.cost, actions: -1 });
  }

  credit({ agentId, sessionId, taskId }: LimitAccount, cost: number): void {
    // What the database cannot take would stand in the way of all that is written later.
    checkIds({ agentId, sessionId, taskId });
    const change = { money: -(toMicroUsd(cost) ?? 0), actions: 0 };
    const run = sessionId === null ? this.#runs.peek(agentId, this.#windows.now()) : undefined;
    if (run !== undefined) addTo(run, change);
    if (sessionId === null && taskId === null) return;
    this.#closings.push({ open: null, account: { agentId, sessionId, taskId }, change });
    this.flush();
  }

  configure(limits: LimitSettings): void {
    this.#limits = compileLimits(limits);
    this.#windows.configure(this.#limits.rates);
  }

  /**
   * Violations are written at once, other outcomes with the next transaction, or once there are 64 of them, or with
   * the first outcome 250 ms later. Throws when the database cannot take them; they are then tried again with the next.
   */
  recordOutcome(agentId: string, outcome: Outcome): void {
    // The database would never take it, and nothing else could be written any more.
    checkId('agent', agentId);
    const now = this.#windows.now();
    this.#counters.record(agentId, outcome, now);
    if (this.#counters.isDue(now)) this.flush();
  }

  /** Writes what waits to be written. Throws when the database cannot take it. */
  flush(): void {
    if (this.#closings.length > 0 || this.#counters.hasWaiting) this.#write(() => undefined);
  }

  /** Flushes; the database is its owner's to close. */
  close(): void {
    this.flush();
  }

  /**
   * Ends the reservations that dead writers left, as far as the witness knows. Those of actions that were never
   * journaled as decided are given back, for the tool cannot have run; the others stay spent. May be called at any time,
   * by several processes at once; it is also done, once a minute at most, when a limit leaves no room for a call.
   * Returns whether there were any. Throws what the database says.
   */
  recover(): boolean {
    const ends = this.#witness === undefined ? [] : endsOfLeft(this.#accounts, this.#witness);
    if (ends.length > 0) this.#write(() => this.#end(ends));
    return ends.length > 0;
  }

  /** The same for a call that there is no room for. Whatever goes wrong, there is none then. */
  #recoverFor({ sessionId, taskId }: LimitCall, now: number): boolean {
    if ((sessionId === null && taskId === null) || now < this.#recoverAt) return false;
    this.#recoverAt = now + RECOVER_MS;
    try {
      return this.recover();
    } catch {
      return false;
    }
  }

  #isFull(call: LimitCall, { run, task }: Uses): boolean {
    const cost = toMicroUsd(call.cost);
    return cost !== undefined && usedUp(call, cost, this.#limits, run, task.spent) !== undefined;
  }

  /** Counts a call where the database counts it, else `null`. Only what is counted there is written. */
  #take(call: LimitCall, cost: number, now: number): LimitRefusal | OpenReservation | null {
    const isStored = call.sessionId !== null || (call.taskId !== null && cost > 0);
    const take = (): LimitRefusal | OpenReservation | null => {
      const { run, task } = this.#uses(call, now);
      const refused = usedUp(call, cost, this.#limits, run, task.spent);
      if (refused !== undefined || !isStored) return refused ?? null;
      return this.#accounts.open(call, cost, this.#witness?.newestPosition() ?? 0);
    };
    return isStored ? this.#write(take) : take();
  }

  #uses(call: LimitCall, now: number): Uses {
    const { agentId, sessionId, taskId } = call;
    const run = this.#runs.peek(agentId, now) ?? NO_USE;
    if (sessionId === null && taskId === null) return { run, task: NO_TASK };
    const stored = this.#accounts.uses(call);
    return sessionId === null ? { run, task: stored.task } : stored;
  }

  /** Counts in memory what the database has counted already. */
  #count(call: LimitCall, cost: number, open: OpenReservation | null, now: number): SqliteReservation {
    const run = call.sessionId === null ? this.#runs.open(call.agentId, now) : null;
    if (run !== null) addTo(run, { money: cost, actions: 1 });
    return new SqliteReservation(call, cost, this.#windows.add(call, now), run, open);
  }

  /** Ends a reservation: in memory now; in the database now if it changes what is counted there, else some time. */
  #close({ run, open, account }: SqliteReservation, by: Change): void {
    if (run !== null) addTo(run, by);
    const isChange = account.sessionId !== null ? by.money !== 0 || by.actions !== 0 : by.money !== 0;
    if (open === null && (account.taskId === null || !isChange)) return;
    this.#closings.push({ open, account, change: by });
    if (isChange || this.#closings.length >= MAX_SETTLED) this.flush();
  }

  /** One transaction: what waits, then `fn`. When it fails everything waits on. */
  #write<T>(fn: () => T): T {
    const { answer, rows } = this.#database.transaction(() => {
      this.#enter?.();
      this.#end(this.#closings);
      return { rows: this.#counters.write(), answer: fn() };
    });
    this.#enter = undefined;
    this.#closings = [];
    this.#counters.written(rows, this.#windows.now());
    return answer;
  }

  #end(closings: readonly Closing[]): void {
    for (const { open, account, change } of closings) {
      if (open === null) this.#accounts.add(account, change);
      else this.#accounts.close(open, change);
    }
  }
}
