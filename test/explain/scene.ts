import { evaluate } from '../../src/core/evaluate.ts';
import type { Evaluator } from '../../src/core/evaluator.ts';
import type { Facts } from '../../src/core/facts.ts';
import type { ActionIntent } from '../../src/core/intent.ts';
import { policyEngine } from '../../src/evaluators/policy-engine.ts';
import { riskScorer } from '../../src/evaluators/risk-scorer.ts';
import { trust } from '../../src/evaluators/trust.ts';
import { explainDecision } from '../../src/explain/explain.ts';
import { compileLayer, type Layer } from '../../src/policy/layers.ts';
import type { LayerInput } from '../../src/policy/rule-input.ts';
import { factsOf } from '../evaluators/action.ts';

/** An intent with everything at its default but what is given. */
export function intentWith(parts: Partial<ActionIntent> = {}): ActionIntent {
  return {
    actionType: 'file.write',
    toolName: 'write_file',
    parameters: {},
    agentId: 'default',
    taskContext: '',
    actionId: 'a-1',
    taskId: null,
    sessionId: null,
    timestamp: new Date(0),
    estimatedCost: 0,
    riskLevel: 'MEDIUM',
    instructionChain: [],
    metadata: {},
    intent: '',
    callId: null,
    principal: null,
    tags: [],
    framework: null,
    ...parts,
  };
}

/** Facts of an agent that nobody knows anything about. */
export function factsWith(parts: Partial<Facts> = {}): Facts {
  return { ...factsOf(), ...parts };
}

/** A layer from the parts of a file. */
export function layerWith(parts: Partial<LayerInput>): Layer {
  return compileLayer({
    name: 'files',
    source: 'policy.yaml',
    rules: [],
    policies: [],
    hasRules: parts.rules !== undefined,
    defaultAction: null,
    defaultVerdict: null,
    ...parts,
  });
}

/** Judges by the layers, with a trust check and a risk score beside them, and explains. */
export function explained(
  layers: readonly Layer[],
  intent: ActionIntent,
  facts: Facts = factsWith(),
  more: readonly Evaluator[] = [],
): string {
  const evaluators = [policyEngine(() => layers), trust(), riskScorer({ maxRiskScore: 0.85 }), ...more];
  const timings = new Map(evaluators.map(({ name }, i) => [name, i + 0.5]));
  return explainDecision(intent, evaluate(intent, evaluators, facts), timings, {
    layers,
    facts: () => facts,
  });
}
