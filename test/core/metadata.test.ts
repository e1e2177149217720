import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/core/evaluate.ts';
import type { Evaluator } from '../../src/core/evaluator.ts';
import { factsOf, intentOf } from '../evaluators/action.ts';

/** An evaluator that answers with whatever it is told to. */
function answering(name: string, answer: unknown): Evaluator {
  return { name, evaluate: () => answer as ReturnType<Evaluator['evaluate']> };
}

const judge = (...evaluators: Evaluator[]) => evaluate(intentOf(), evaluators, factsOf());

describe('the metadata of an answer', () => {
  it('does not trust frozen metadata with getters, nor a class instance', () => {
    let reads = 0;
    const shifty = Object.freeze({
      get escalateTo() {
        return reads++ === 0 ? 'dba' : { toString: () => 'nobody' };
      },
    }) as object;
    const decision = judge(answering('a', { verdict: 'ESCALATE', metadata: shifty }));
    expect([decision.metadata.escalateTo, decision.metadata.escalateTo]).toEqual(['dba', 'dba']);
    class Told {
      ruleName = 'r';
    }
    const told = new Told();
    const second = judge(answering('a', { verdict: 'ALLOW', metadata: told }));
    told.ruleName = 'changed';
    expect(second.metadata.ruleName).toBe('r');
  });

  it('takes frozen metadata of a built-in evaluator as it is', () => {
    const metadata = Object.freeze({ ruleName: 'r' });
    expect(judge(answering('policy_engine', { verdict: 'ALLOW', metadata })).metadata).toBe(metadata);
    expect(judge(answering('mine', { verdict: 'ALLOW', metadata })).metadata).not.toBe(metadata);
  });

  it('takes every well-known key of the right type, and any other key', () => {
    const metadata = {
      ruleName: null,
      policyName: 'p',
      defaulted: false,
      escalateTo: null,
      deferSeconds: 0,
      timeoutSeconds: 0.5,
      requiredTrust: 1,
      actualTrust: 0,
      currentDepth: 1,
      maxDepth: Number.POSITIVE_INFINITY,
      limit: '1/min',
      currentSpend: 0,
      budgetLimit: 1.5,
      riskScore: 0.5,
      denied: { approvalId: null, note: 'no' },
      approvalTimedOut: 3,
      fault: false,
      mine: { a: [1] },
    };
    expect(judge(answering('a', { verdict: 'WARN', metadata })).metadata).toEqual(metadata);
  });

  it.each<[string, unknown]>([
    ['escalateTo', { a: 1 }],
    ['escalateTo', 5],
    ['deferSeconds', 'soon'],
    ['deferSeconds', -1],
    ['deferSeconds', Number.POSITIVE_INFINITY],
    ['requiredTrust', 'x'],
    ['actualTrust', 2],
    ['timeoutSeconds', Number.NaN],
    ['timeoutSeconds', 0],
    ['timeoutSeconds', 1e12],
    ['ruleName', 5],
    ['policyName', {}],
    ['defaulted', 'yes'],
    ['override', 1],
    ['currentDepth', '1'],
    ['maxDepth', null],
    ['limit', 5],
    ['currentSpend', Number.NaN],
    ['budgetLimit', '5'],
    ['denied', true],
    ['denied', { approvalId: 5, note: null }],
    ['approvalTimedOut', 'x'],
    ['fault', 'no'],
  ])('metadata whose %s is %o blocks and names the key', (key, value) => {
    for (const metadata of [{ [key]: value }, Object.freeze({ [key]: value })]) {
      const decision = judge(answering('odd', { verdict: 'ALLOW', metadata }));
      expect(decision).toMatchObject({ verdict: 'BLOCK', evaluatorName: 'odd', metadata: { fault: true } });
      expect(decision.reason).toBe(`The evaluator odd gave a wrong ${key} in its metadata.`);
    }
  });
});
