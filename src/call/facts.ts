import { delegationFacts } from '../agents/delegation.ts';
import type { AgentLedger } from '../agents/ledger.ts';
import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { LimitCall, LimitFacts } from '../limits/limiter.ts';
import type { ReadCall } from './intent-of-call.ts';
import type { CallServices } from './services.ts';
import type { ToolSpec } from './tool.ts';

/** The part of an intent that limits count. */
export function limitCall({
  actionId,
  toolName,
  agentId,
  taskId,
  sessionId,
  estimatedCost,
}: ActionIntent): LimitCall {
  return { actionId, toolName, agentId, taskId, sessionId, cost: estimatedCost };
}

/** What a tool's own protection asks for; `null` for an intent without a tool. */
export type Demands = Pick<ToolSpec, 'minTrust' | 'rollback' | 'compensate'>;

function undoOf(demands: Demands | null): Facts['undo'] {
  if (demands?.rollback === false) return 'unwanted';
  return demands?.compensate == null ? 'by_handler' : 'described';
}

/** What is known when this intent is judged: read from the ledger and the limiter, nothing is counted. */
export function factsOf(
  limits: LimitFacts,
  {
    intent,
    source,
    origin,
    delegationSlot,
  }: Pick<ReadCall, 'intent' | 'source' | 'origin' | 'delegationSlot'>,
  demands: Demands | null,
  { ledger, clock, canAsk, files, parseSql }: CallServices,
): Facts {
  const { agentId, taskId, sessionId, taskContext } = intent;
  const instructionChain = chainOf(intent);
  const agent = ledger.get(agentId);
  return {
    now: clock.now(),
    agent: {
      id: agentId,
      trustLevel: trustOf(agentId, instructionChain, origin, ledger),
      registered: agent !== undefined,
      actionCount: limits.agent.actionCount,
      errorRate: limits.agent.errorRate,
      violations: limits.agent.violations,
      maxActionsPerRun: agent?.maxActionsPerRun ?? null,
      actionsThisRun: limits.actionsThisRun,
    },
    delegation: delegationFacts(instructionChain, agentId, ledger, delegationSlot, origin),
    task: { id: taskId, estimatedCost: limits.taskSpend, context: taskContext },
    session: { id: sessionId },
    rates: limits.rates,
    budgets: limits.budgets,
    rateLast5Min: limits.rateLast5Min,
    canAsk: canAsk(),
    minTrust: demands?.minTrust ?? null,
    undo: undoOf(demands),
    source,
    files,
    parseSql,
  };
}

/** The lowest trust of caller and chain, the agent that began the chain included. */
function trustOf(
  agentId: string,
  instructionChain: ActionIntent['instructionChain'],
  origin: string | null,
  ledger: AgentLedger,
): number {
  const trust = ledger.effectiveTrust(agentId, instructionChain);
  return origin === null || instructionChain.length === 0
    ? trust
    : Math.min(trust, ledger.effectiveTrust(origin, []));
}

/** The schema validator refuses a chain that is none; until it has spoken, nothing here may trip over it. */
function chainOf({ instructionChain }: ActionIntent): ActionIntent['instructionChain'] {
  return Array.isArray(instructionChain) ? instructionChain : [];
}

/** Stands in where a limiter answers later and a policy is only tried out. */
export const NO_LIMIT_FACTS: LimitFacts = {
  rates: [],
  budgets: [],
  rateLast5Min: 0,
  actionsThisRun: 0,
  taskSpend: 0,
  agent: { actionCount: 0, errorRate: 0, violations: 0 },
};
