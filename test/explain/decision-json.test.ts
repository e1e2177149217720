import { expect, test } from 'vitest';
import { combine } from '../../src/core/evaluate.ts';
import { decisionJson } from '../../src/explain/decision-json.ts';

test('a decision on the wire has snake_case words, in metadata too', () => {
  const result = {
    verdict: 'BLOCK',
    reason: 'Too risky',
    confidence: 0.9,
    evaluatorName: 'risk_scorer',
    suggestedAction: 'less',
    metadata: { riskScore: 0.9, signals: { actionType: 1 }, given: ['asIs'] },
  } as const;
  expect(decisionJson(combine([result], 1.5))).toEqual({
    outcome: 'BLOCK',
    verdict: 'BLOCK',
    reason: 'Too risky',
    rule_name: null,
    policy_triggered: 'risk_scorer',
    risk_score: 0.9,
    latency_ms: 1.5,
    suggested_action: 'less',
    results: [
      {
        evaluator_name: 'risk_scorer',
        verdict: 'BLOCK',
        reason: 'Too risky',
        confidence: 0.9,
        suggested_action: 'less',
        metadata: { risk_score: 0.9, signals: { action_type: 1 }, given: ['asIs'] },
      },
    ],
  });
});
