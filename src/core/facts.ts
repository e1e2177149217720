import type { FileFacts } from './file-facts.ts';
import type { IntentSource } from './intent-source.ts';
import type { SqlParser } from './sql-parser.ts';

/** What is known about the world when an intent is judged. Gathered once a call; evaluators only read it. */
export interface Facts {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly agent: AgentFacts;
  readonly delegation: DelegationFacts;
  readonly task: { readonly id: string | null; readonly estimatedCost: number; readonly context: string };
  readonly session: { readonly id: string | null };
  /** Every rate window that covers this call. */
  readonly rates: readonly RateFact[];
  /** Every budget that covers this call. */
  readonly budgets: readonly BudgetFact[];
  /** Actions of this agent in the last five minutes. */
  readonly rateLast5Min: number;
  /** True when somebody can be asked to approve (a handler or a queue). */
  readonly canAsk: boolean;
  /** The trust that the tool's own protection demands (`minTrust`), or `null`. */
  readonly minTrust: number | null;
  /** Whether it can be undone by a handler, by what the tool's developer described, or need not be (`rollback: false`). */
  readonly undo: 'by_handler' | 'described' | 'unwanted';
  /** Where the intent string came from, and what its arguments are. */
  readonly source: IntentSource;
  /** The file system, as far as paths need it. */
  readonly files: FileFacts;
  /** A parser of PostgreSQL that reads statements more exactly than the tokenizer, or `null`. */
  readonly parseSql: SqlParser | null;
}

/** The calling agent, as the ledger and the counters know it. */
export interface AgentFacts {
  readonly id: string;
  /** Effective trust 0–1: the lowest of the chain and the caller. */
  readonly trustLevel: number;
  readonly registered: boolean;
  readonly actionCount: number;
  /** Share of finished actions that failed, 0–1. */
  readonly errorRate: number;
  /** How often this agent has been blocked. */
  readonly violations: number;
  /** Cap on actions of one run, or `null`; `actionsThisRun` counts towards it. */
  readonly maxActionsPerRun: number | null;
  readonly actionsThisRun: number;
}

/** The delegation chain that led to this call. */
export interface DelegationFacts {
  /** Hops in the chain. */
  readonly depth: number;
  /** Delegations of this guard that are in progress now. */
  readonly active: number;
  /** The agent that occurs twice in the chain, or `null`. */
  readonly cycle: string | null;
  /** A hop outside the delegating agent's `can_delegate_to`, or `null`. */
  readonly forbidden: { readonly from: string; readonly to: string } | null;
}

/** One rate window: how many calls were counted in it, and how many it allows. */
export interface RateFact {
  /** What the window counts: `default`, `tool:<name>` or `agent:<id>`. */
  readonly scope: string;
  /** As written, e.g. `60/min`. */
  readonly limit: string;
  readonly max: number;
  readonly windowMs: number;
  readonly count: number;
  /** Milliseconds until the window has room again; 0 or absent where it has room now or the limiter cannot tell. */
  readonly retryAfterMs?: number;
}

/** One budget: what is spent and reserved, and the limit, in USD. */
export interface BudgetFact {
  readonly scope: 'task' | 'agent';
  readonly id: string;
  readonly spent: number;
  readonly limit: number;
  /** Distinct agents that have spent or reserved in the task, the caller included; 1 for an agent's own budget. */
  readonly agents: number;
}
