import { describe, expect, it } from 'vitest';
import { combine, faultResult } from '../../src/core/evaluate.ts';
import type { EvaluationResult } from '../../src/core/result.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { MetricsCounter } from '../../src/journal/metrics.ts';
import { intentOf } from '../evaluators/action.ts';

function decision(
  verdict: Verdict,
  policyName: string,
  more: Partial<EvaluationResult> = {},
): EvaluationResult {
  const result = { ...faultResult('policy_engine', ''), verdict, metadata: { policyName } };
  return { ...combine([result], 2), riskScore: 0.5, ...more };
}

describe('MetricsCounter', () => {
  it('starts at zero, without dividing by it', () => {
    expect(new MetricsCounter().read()).toMatchObject({
      ...{ totalActions: 0, allowedActions: 0, blockedActions: 0, escalatedActions: 0, warnedActions: 0 },
      ...{
        deferredActions: 0,
        rollbacks: 0,
        rollbackFailures: 0,
        totalCost: 0,
        avgRiskScore: 0,
        avgDurationMs: 0,
      },
    });
  });

  it('counts by verdict, agent, type and policy, and adds up the cost of what ran', () => {
    const counter = new MetricsCounter();
    const paid = intentOf({ agentId: 'a', actionType: 'mail.send', estimatedCost: 0.25 });
    counter.count(paid, decision('ALLOW', 'p'), true);
    counter.count(paid, decision('BLOCK', 'p', { riskScore: 1, latencyMs: 4 }), false);
    for (const verdict of ['WARN', 'DEFER', 'ESCALATE'] as const) {
      counter.count(intentOf(), decision(verdict, 'q'), verdict === 'WARN');
    }
    const metrics = counter.read();
    expect(metrics).toMatchObject({
      ...{ totalActions: 5, allowedActions: 1, blockedActions: 1, warnedActions: 1, deferredActions: 1 },
      ...{ escalatedActions: 1, totalCost: 0.25 },
    });
    expect(metrics.avgRiskScore).toBeCloseTo(0.6);
    expect(metrics.avgDurationMs).toBeCloseTo(2.4);
    expect({ ...metrics.actionsByAgent }).toEqual({ a: 2, default: 3 });
    expect({ ...metrics.actionsByType }).toEqual({ 'mail.send': 2, 'file.read': 3 });
    expect({ ...metrics.verdictsByPolicy }).toEqual({ p: 2, q: 3 });
  });

  it('takes an agent called __proto__ for an agent', () => {
    const counter = new MetricsCounter();
    counter.count(intentOf({ agentId: '__proto__' }), decision('ALLOW', 'constructor'), true);
    expect(Object.keys(counter.read().actionsByAgent)).toEqual(['__proto__']);
    expect(counter.read().verdictsByPolicy.constructor).toBe(1);
  });

  it('counts names beyond 10,000 together, so that invented ones cannot fill memory', () => {
    const counter = new MetricsCounter();
    for (let i = 0; i < 10_005; i++)
      counter.count(intentOf({ agentId: `a${i}` }), decision('ALLOW', 'p'), true);
    const { actionsByAgent } = counter.read();
    expect(Object.keys(actionsByAgent)).toHaveLength(10_001);
    expect(actionsByAgent.other).toBe(5);
  });
});

describe('toPrometheus', () => {
  it('writes a HELP and a TYPE line for each family, and one line for each sample', () => {
    const counter = new MetricsCounter();
    counter.count(intentOf({ estimatedCost: 0.5 }), decision('ALLOW', 'p'), true);
    const text = counter.read().toPrometheus();
    expect(text).toContain('# TYPE plyra_guard_actions_total counter\nplyra_guard_actions_total 1\n');
    expect(text).toContain('plyra_guard_verdicts_total{verdict="ALLOW"} 1\n');
    expect(text).toContain('plyra_guard_cost_usd_total 0.5\n');
    expect(text).toContain('plyra_guard_actions_by_type_total{type="file.read"} 1\n');
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="([^"\\\n]|\\["\\n])*"\})? [0-9.e-]+)$/,
      );
    }
  });

  it('escapes quotes, backslashes and line ends in names, which callers choose', () => {
    const counter = new MetricsCounter();
    const agentId = 'x"} 1\nplyra_guard_actions_total 99\\';
    counter.count(intentOf({ agentId }), decision('ALLOW', 'p'), true);
    const text = counter.read().toPrometheus();
    expect(text).toContain('{agent="x\\"} 1\\nplyra_guard_actions_total 99\\\\"} 1');
    expect(text.split('\n').filter((line) => line.startsWith('plyra_guard_actions_total'))).toHaveLength(1);
  });
});
