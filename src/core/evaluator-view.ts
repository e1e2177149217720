import type { Facts } from './facts.ts';
import type { ActionIntent } from './intent.ts';
import { privateCopy } from './private-copy.ts';

/** A copy of the intent that an evaluator may do with as it likes. */
export function copyOfIntent(intent: ActionIntent): ActionIntent {
  const { parameters, metadata, instructionChain, tags, timestamp } = intent;
  return Object.freeze({
    ...intent,
    parameters: privateCopy(parameters).value,
    metadata: privateCopy(metadata).value,
    instructionChain: Array.isArray(instructionChain)
      ? instructionChain.map((hop) => ({ ...hop }))
      : instructionChain,
    tags: Array.isArray(tags) ? [...tags] : tags,
    timestamp: new Date(timestamp),
  });
}

/** A copy of the facts that an evaluator may do with as it likes. */
export function copyOfFacts(facts: Facts): Facts {
  const { agent, delegation, task, session, rates, budgets } = facts;
  return Object.freeze({
    ...facts,
    agent: { ...agent },
    delegation: { ...delegation },
    task: { ...task },
    session: { ...session },
    rates: rates.map((rate) => ({ ...rate })),
    budgets: budgets.map((budget) => ({ ...budget })),
  });
}
