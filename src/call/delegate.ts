import type { AgentLedger } from '../agents/ledger.ts';
import type { Clock } from '../core/clock.ts';
import { AgentNotRegisteredError } from '../core/errors.ts';
import type { AgentCall } from '../core/intent.ts';
import { currentContext, runInContext } from './context.ts';

/** Counts delegations in progress and runs code on behalf of another agent. */
export class Delegations {
  readonly #ledger: AgentLedger;
  readonly #clock: Clock;
  #active = 0;

  constructor(ledger: AgentLedger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * Runs `fn` as `agentId`, with one more hop in the chain, for as long as `fn` (or its promise) runs.
   * Throws {@link AgentNotRegisteredError} for an unknown agent while any is registered.
   */
  run<T>(agentId: string, instruction: string, fn: () => T): T {
    if (!this.#ledger.has(agentId) && !this.#ledger.isOpen) {
      throw new AgentNotRegisteredError(
        `The agent "${agentId}" is not registered. Register it: guard.registerAgent("${agentId}", trust).`,
        { agentId },
      );
    }
    const context = currentContext();
    const chain = context.instructionChain ?? [];
    const between = context.agentId;
    // Code inside a delegation may act for another agent than the last hop's; its trust must not get lost.
    const isLastHop = between === undefined || chain.length === 0 || chain.at(-1)?.agentId === between;
    const hops = isLastHop ? [] : [this.#hop(between, '')];
    const instructionChain = Object.freeze([...chain, ...hops, this.#hop(agentId, instruction)]);
    // Within a delegation the context's agent is the last hop's, not the one who began the chain.
    const originAgentId = chain.length === 0 ? context.agentId : context.originAgentId;
    this.#active++;
    const leave = (): void => {
      this.#active--;
    };
    let waiting = false;
    try {
      const result = runInContext(
        { agentId, instructionChain, originAgentId, delegationSlot: this.#active },
        fn,
      );
      // Only a promise: calling `then` of another thenable (a query builder, say) would start its work once more.
      if (result instanceof Promise) {
        waiting = true;
        result.then(leave, leave);
      }
      return result;
    } finally {
      if (!waiting) leave();
    }
  }

  #hop(agentId: string, instruction: string): AgentCall {
    const registered = this.#ledger.has(agentId) ? this.#ledger.get(agentId) : undefined;
    const trustLevel = registered?.trustLevel ?? (this.#ledger.isOpen ? 1 : 0);
    return Object.freeze({ agentId, trustLevel, instruction, timestamp: new Date(this.#clock.now()) });
  }
}
