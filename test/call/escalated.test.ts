import { describe, expect, it } from 'vitest';
import { reasonsOf, steadyReasonsOf } from '../../src/call/escalated.ts';
import type { EvaluationResult, EvaluatorResult } from '../../src/core/result.ts';

const result = (evaluatorName: string, verdict: string, reason: string) =>
  ({ evaluatorName, verdict, reason, metadata: {} }) as EvaluatorResult;

const decisionOf = (...results: readonly EvaluatorResult[]) =>
  ({ reason: results[0]?.reason ?? '', results }) as EvaluationResult;

const SCORE = 'The risk score 0.61 is above 0.6, the most that …';

describe('the reasons of a request', () => {
  const decision = decisionOf(
    result('risk_scorer', 'ESCALATE', SCORE),
    result('policy_engine', 'DEFER', 'Backups run at night'),
    result('human_gate', 'ESCALATE', ''),
    result('trust', 'ALLOW', 'trusted'),
    result('mine', 'ESCALATE', 'Backups run at night'),
  );

  it('are all of them, the deciding one first, each once', () => {
    expect(reasonsOf(decision)).toBe(`${SCORE} Also: Backups run at night`);
  });

  it('are without figures that change where they are signed', () => {
    const steady = 'The risk score is above what the agent may do alone Also: Backups run at night';
    expect(steadyReasonsOf(decision)).toBe(steady);
    const other = decisionOf(...decision.results.with(0, result('risk_scorer', 'ESCALATE', 'risk 0.7')));
    expect(steadyReasonsOf(other)).toBe(steady);
  });
});
