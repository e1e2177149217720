import type { BudgetFact, RateFact } from '../core/facts.ts';
import type { ResultMetadata } from '../core/result.ts';
import type { Outcome } from '../core/verdict.ts';

/** What a limiter that keeps its counts elsewhere may return in place of a value. */
export type Awaitable<T> = T | Promise<T>;

/** One call, as far as limits are concerned. */
export interface LimitCall {
  readonly actionId: string;
  readonly toolName: string;
  readonly agentId: string;
  readonly taskId: string | null;
  /** A declared session is a run of its own; without one the run is the guard's. */
  readonly sessionId: string | null;
  /** Estimated cost in USD. */
  readonly cost: number;
}

/** What is counted for a call, reservations in progress included. */
export interface LimitFacts {
  readonly rates: readonly RateFact[];
  readonly budgets: readonly BudgetFact[];
  /** Calls of this agent in the last five minutes; never fewer than there were. */
  readonly rateLast5Min: number;
  readonly actionsThisRun: number;
  /** USD spent and reserved by the call's task; 0 without one. */
  readonly taskSpend: number;
  readonly agent: AgentCounts;
}

/** An agent's record, over all its actions that were told by {@link Limiter.recordOutcome}. */
export interface AgentCounts {
  /** Actions judged, whatever became of them. */
  readonly actionCount: number;
  /** Share of the actions that ran which failed, 0–1; 0 while none ran. */
  readonly errorRate: number;
  /** How often it was blocked. */
  readonly violations: number;
}

/** Whose money a call used. */
export type LimitAccount = Pick<LimitCall, 'agentId' | 'taskId' | 'sessionId'>;

/** A call that has been counted. Opaque: hand it back to the limiter that gave it. */
export interface Reservation {
  readonly refused: false;
  readonly actionId: string;
}

/** A limit that leaves no room for the call. Nothing was counted. It becomes a BLOCK result of `evaluatorName`. */
export interface LimitRefusal {
  readonly refused: true;
  readonly evaluatorName: 'rate_limiter' | 'cost_estimator';
  readonly reason: string;
  readonly suggestedAction: string;
  readonly metadata: ResultMetadata;
}

/**
 * Which limits hold. Rates are written `N/sec`, `N/min`, `N/hour` or `N/day`; names may end in `*` (a prefix).
 * An exact name goes before a prefix, a longer prefix before a shorter one, and each name that a prefix covers is
 * counted by itself. `perTool` counts a tool's calls by all agents, `perAgent` an agent's calls of all tools; both
 * hold. `default` counts the calls of each agent that no rule for their tool or agent covers.
 */
export interface LimitSettings {
  readonly rateLimits: {
    readonly default: string | null;
    readonly perTool: Readonly<Record<string, string>>;
    readonly perAgent: Readonly<Record<string, string>>;
  } | null;
  /** USD. A run is a declared session, else the life of the guard. */
  readonly budget: { readonly perTask: number | null; readonly perAgentPerRun: number | null } | null;
  /** Most actions of an agent in one run, or `null`. */
  readonly maxActionsPerRun: (agentId: string) => number | null;
  /** True for agents whose record is kept for good; of others a limiter may forget the least recently active. */
  readonly isRegistered: (agentId: string) => boolean;
}

/**
 * Counts calls and money. `reserve` counts a call before it acts, in every window and budget or in none; then it is
 * settled or released. Whatever a limiter cannot count it refuses: `facts`, `reserve`, `credit` and `recordOutcome` throw (or
 * reject with) a TypeError for an id of an agent, a task or a session that is no text, has more than 1,000 characters,
 * or holds half a character or a NUL.
 */
export interface Limiter {
  /** What is counted now. Counts nothing itself. */
  facts(call: LimitCall): Awaitable<LimitFacts>;
  /** Counts the call, atomically. */
  reserve(call: LimitCall): Awaitable<Reservation | LimitRefusal>;
  /**
   * The call ran: its reservation becomes spent, at `actualCost` (USD) or else as estimated. A cost that is no amount
   * of money leaves the estimate. Settling or releasing a second time does nothing.
   */
  settle(reservation: Reservation, actualCost?: number): Awaitable<void>;
  /** The call did not run: its place in the windows, its action and its money are given back. */
  release(reservation: Reservation): Awaitable<void>;
  /**
   * Optional. Gives back the money (USD) of a call that was undone; what is no amount of money gives back nothing. The call
   * stays counted in windows and actions. Money of a run without a session is given back in the guard that it ran in.
   */
  credit?(account: LimitAccount, cost: number): Awaitable<void>;
  /**
   * Puts other limits in force from the next call on. Counts are kept where the length of a window stays the same.
   * @throws ConfigValidationError for a rate or an amount that cannot be read; the limits in force then stay.
   */
  configure(limits: LimitSettings): void;
  /** Adds what became of an action to its agent's record. Throws (or rejects) when that cannot be kept anywhere but here. */
  recordOutcome(agentId: string, outcome: Outcome): Awaitable<void>;
  /** Puts everything where it is kept. */
  flush(): Awaitable<void>;
  /** Flushes, and lets go of what it holds. */
  close(): Awaitable<void>;
}
