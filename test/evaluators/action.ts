import type { AgentFacts, DelegationFacts, Facts } from '../../src/core/facts.ts';
import { LEXICAL_FILES } from '../../src/core/file-facts.ts';
import type { ActionIntent } from '../../src/core/intent.ts';
import { NO_SOURCE } from '../../src/core/intent-source.ts';

/** An ordinary, well-formed intent; `changes` may be of any type, as a hostile caller's would be. */
export function intentOf(changes: Record<string, unknown> = {}): ActionIntent {
  const intent: ActionIntent = {
    actionType: 'file.read',
    toolName: 'read_file',
    parameters: { path: 'notes.txt' },
    agentId: 'default',
    taskContext: '',
    actionId: '0190a0b0-0000-7000-8000-000000000000',
    taskId: null,
    sessionId: null,
    timestamp: new Date(0),
    estimatedCost: 0,
    riskLevel: 'MEDIUM',
    instructionChain: [],
    metadata: {},
    intent: 'notes.txt',
    callId: null,
    principal: null,
    tags: [],
    framework: null,
  };
  return { ...intent, ...changes } as ActionIntent;
}

type FactChanges = Partial<Omit<Facts, 'agent' | 'delegation'>> & {
  readonly agent?: Partial<AgentFacts>;
  readonly delegation?: Partial<DelegationFacts>;
};

/** What is known in a quiet hour: a trusted agent without a record, no limits, nobody to ask. */
export function factsOf({ agent, delegation, ...changes }: FactChanges = {}): Facts {
  return {
    now: 0,
    agent: {
      id: 'default',
      trustLevel: 1,
      registered: false,
      actionCount: 0,
      errorRate: 0,
      violations: 0,
      maxActionsPerRun: null,
      actionsThisRun: 0,
      ...agent,
    },
    delegation: { depth: 0, active: 0, cycle: null, forbidden: null, ...delegation },
    task: { id: null, estimatedCost: 0, context: '' },
    session: { id: null },
    rates: [],
    budgets: [],
    rateLast5Min: 0,
    canAsk: false,
    source: NO_SOURCE,
    files: LEXICAL_FILES,
    parseSql: null,
    minTrust: null,
    undo: 'by_handler',
    ...changes,
  };
}
