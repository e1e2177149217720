import type { DelegationFacts } from '../core/facts.ts';
import type { AgentCall } from '../core/intent.ts';
import type { AgentLedger } from './ledger.ts';

/** Most delegations, in agents, that are walked: a longer chain is far beyond any sensible depth limit. */
const MAX_WALK = 1000;

const NO_DELEGATION: DelegationFacts = Object.freeze({ depth: 0, active: 0, cycle: null, forbidden: null });

/**
 * What a delegation chain amounts to. A hop names the agent that the work was handed to, so the agents in order are
 * `origin` (who began the chain, where known), every hop's, and the caller unless it is the last hop's. Each hands
 * on to the next: an agent that occurs twice is a cycle, and a step outside a registered agent's `canDelegateTo` is
 * forbidden. `active`: delegations in progress in the guard.
 */
export function delegationFacts(
  chain: readonly AgentCall[],
  agentId: string,
  ledger: AgentLedger,
  active: number,
  origin: string | null = null,
): DelegationFacts {
  if (chain.length === 0) return active === 0 ? NO_DELEGATION : { ...NO_DELEGATION, active };
  const agents = agentsOf(chain, agentId, origin);
  return { depth: chain.length, active, cycle: cycleIn(agents), forbidden: forbiddenIn(agents, ledger) };
}

function agentsOf(chain: readonly AgentCall[], agentId: string, origin: string | null): string[] {
  const agents: string[] = [];
  if (origin !== null) agents.push(origin);
  for (let i = 0; i < chain.length && i < MAX_WALK; i++) agents.push(chain[i]?.agentId ?? '');
  if (chain.length > MAX_WALK || agents[agents.length - 1] !== agentId) agents.push(agentId);
  return agents;
}

function cycleIn(agents: readonly string[]): string | null {
  const met = new Set<string>();
  for (const agent of agents) {
    if (met.has(agent)) return agent;
    met.add(agent);
  }
  return null;
}

function forbiddenIn(agents: readonly string[], ledger: AgentLedger): DelegationFacts['forbidden'] {
  if (ledger.isOpen) return null;
  let from: string | undefined;
  for (const to of agents) {
    if (from !== undefined && !ledger.mayDelegate(from, to)) return { from, to };
    from = to;
  }
  return null;
}
