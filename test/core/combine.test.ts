import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine } from '../../src/core/evaluate.ts';
import type { EvaluatorResult } from '../../src/core/result.ts';
import { worst } from '../../src/core/verdict.ts';

const VERDICTS = ['ALLOW', 'WARN', 'DEFER', 'ESCALATE', 'BLOCK'] as const;

/** An opinion, with the two marks that matter when opinions are combined. */
const opinion: fc.Arbitrary<EvaluatorResult> = fc
  .record({
    verdict: fc.constantFrom(...VERDICTS),
    evaluatorName: fc.constantFrom('policy_engine', 'risk_scorer', 'custom', 'trust'),
    reason: fc.string(),
    override: fc.boolean(),
    fault: fc.boolean(),
    riskScore: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ verdict, evaluatorName, reason, override, fault, riskScore }) => ({
    verdict: fault ? 'BLOCK' : verdict,
    reason,
    confidence: 1,
    evaluatorName,
    suggestedAction: null,
    metadata: { ...(override ? { override } : {}), ...(fault ? { fault } : {}), riskScore },
  }));

describe('combine', () => {
  it('does not depend on the order of the opinions', () => {
    const shuffled = fc
      .uniqueArray(opinion, { selector: (one) => one.evaluatorName, minLength: 1 })
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const a = combine(list, 0);
        const b = combine(other, 0);
        expect(b.verdict).toBe(a.verdict);
        expect(b.riskScore).toBe(a.riskScore);
      }),
    );
  });

  it('is the worst of all verdicts, unless the policy overrides the risk scorer', () => {
    fc.assert(
      fc.property(fc.array(opinion, { minLength: 1 }), (list) => {
        const overridden = list.some((one) => one.evaluatorName === 'policy_engine' && one.metadata.override);
        const counting = list.filter(
          (one) =>
            one.evaluatorName !== 'risk_scorer' ||
            (one.verdict !== 'ALLOW' && (!overridden || one.metadata.fault === true)),
        );
        const expected = counting
          .map((one) => one.verdict)
          .reduce(worst, counting.length === 0 ? 'BLOCK' : 'ALLOW');
        expect(combine(list, 0).verdict).toBe(expected);
      }),
    );
  });

  it('is BLOCK when nobody but the risk scorer allows: a low risk is not permission', () => {
    expect(combine([scored('ALLOW')], 0)).toMatchObject({ verdict: 'BLOCK', riskScore: 0.9 });
  });

  const scored = (verdict: 'ALLOW' | 'BLOCK', more: object = {}): EvaluatorResult => ({
    ...{ verdict, reason: 'risk', confidence: 1, suggestedAction: null },
    evaluatorName: 'risk_scorer',
    metadata: { riskScore: 0.9, ...more },
  });
  const override: EvaluatorResult = {
    ...scored('ALLOW'),
    evaluatorName: 'policy_engine',
    metadata: { override: true },
  };

  it('still reports the risk score where the scorer has no say', () => {
    expect(combine([scored('BLOCK'), override], 0)).toMatchObject({ verdict: 'ALLOW', riskScore: 0.9 });
  });

  it('lets no other evaluator override, and no override excuse a fault', () => {
    const impostor = { ...override, evaluatorName: 'custom' };
    expect(combine([scored('BLOCK'), impostor], 0).verdict).toBe('BLOCK');
    expect(combine([scored('BLOCK', { fault: true }), override], 0).verdict).toBe('BLOCK');
  });
});
