import type { Outcome } from '../core/verdict.ts';
import type { AgentCounts } from './limiter.ts';

/** What an agent did, in numbers that can be added. */
export interface AgentTotals {
  readonly actions: number;
  readonly ran: number;
  readonly failed: number;
  readonly violations: number;
}

/** An agent that nothing is known of. */
export const NO_TOTALS: AgentTotals = Object.freeze({ actions: 0, ran: 0, failed: 0, violations: 0 });

/** Agents that are not registered and remembered for their record. The least recently active goes first. */
const MAX_UNREGISTERED = 10_000;

const NO_COUNTS: AgentCounts = Object.freeze({ actionCount: 0, errorRate: 0, violations: 0 });

/** One more action, by what became of it. */
export function totalsOf(outcome: Outcome): AgentTotals {
  const failed = outcome === 'ERROR';
  const ran = failed || outcome === 'ALLOW' || outcome === 'WARN';
  return { actions: 1, ran: Number(ran), failed: Number(failed), violations: Number(outcome === 'BLOCK') };
}

/** Two records of one agent as one. */
export function addTotals(a: AgentTotals, b: AgentTotals): AgentTotals {
  return {
    actions: a.actions + b.actions,
    ran: a.ran + b.ran,
    failed: a.failed + b.failed,
    violations: a.violations + b.violations,
  };
}

/** A record as it is told. */
export function countsOf({ actions, ran, failed, violations }: AgentTotals): AgentCounts {
  if (actions === 0) return NO_COUNTS;
  return { actionCount: actions, errorRate: ran === 0 ? 0 : failed / ran, violations };
}

/**
 * Records by agent, in bounded memory: those of registered agents are kept for good, so that no number of made-up
 * names pushes one out.
 */
export class AgentRecords {
  readonly #isRegistered: (agentId: string) => boolean;
  readonly #registered = new Map<string, AgentTotals>();
  /** Least recently active first. */
  readonly #others = new Map<string, AgentTotals>();

  constructor(isRegistered: (agentId: string) => boolean) {
    this.#isRegistered = isRegistered;
  }

  get size(): number {
    return this.#registered.size + this.#others.size;
  }

  of(agentId: string): AgentTotals {
    return this.#registered.get(agentId) ?? this.#others.get(agentId) ?? NO_TOTALS;
  }

  /** Adds to an agent's record. */
  add(agentId: string, totals: AgentTotals): void {
    const sum = addTotals(this.of(agentId), totals);
    this.#others.delete(agentId);
    if (this.#registered.has(agentId) || this.#isRegistered(agentId)) {
      this.#registered.set(agentId, sum);
      return;
    }
    this.#others.set(agentId, sum);
    if (this.#others.size <= MAX_UNREGISTERED) return;
    for (const oldest of this.#others.keys()) {
      this.#others.delete(oldest);
      return;
    }
  }

  clear(): void {
    this.#registered.clear();
    this.#others.clear();
  }

  *[Symbol.iterator](): IterableIterator<readonly [agentId: string, totals: AgentTotals]> {
    yield* this.#registered;
    yield* this.#others;
  }
}
