import { describe, expect, it } from 'vitest';
import { keptOpinion } from '../../src/call/kept-opinion.ts';
import { makeRedactor } from '../../src/core/redact.ts';
import type { EvaluatorResult } from '../../src/core/result.ts';
import { resultText } from '../../src/core/wire-results.ts';

const redactor = makeRedactor({ keys: [], patterns: [] });
const quiet = redactor.forAction({ path: 'notes.txt' });

function opinion(changes: Partial<EvaluatorResult> = {}): EvaluatorResult {
  return {
    verdict: 'ALLOW',
    reason: 'It may be read',
    confidence: 1,
    evaluatorName: 'policy_engine',
    suggestedAction: null,
    metadata: METADATA,
    ...changes,
  };
}

const METADATA = Object.freeze({ ruleName: 'a rule', deep: Object.freeze({ count: 1 }) });

describe('what an entry keeps of an opinion', () => {
  it('is made once where it is given again and again', () => {
    expect(keptOpinion(opinion(), quiet)).toBe(keptOpinion(opinion(), quiet));
  });

  it.each<[Partial<EvaluatorResult>]>([
    [{ verdict: 'WARN' }],
    [{ reason: 'another' }],
    [{ confidence: 0.5 }],
    [{ evaluatorName: 'risk_scorer' }],
    [{ suggestedAction: 'another' }],
  ])('is what is said now, although it was said otherwise before with the same metadata: %j', (changes) => {
    keptOpinion(opinion(), quiet);
    expect(keptOpinion(opinion(changes), quiet)).toEqual(opinion(changes));
    expect(resultText(keptOpinion(opinion(changes), quiet))).toBe(resultText(opinion(changes)));
  });

  it('is read anew from metadata that can change', () => {
    for (const make of [
      (count: number) => ({ count }),
      (count: number) => Object.freeze({ deep: { count } }),
      (count: number) => Object.freeze({ list: [count] }),
    ]) {
      const metadata = make(1);
      expect(resultText(keptOpinion(opinion({ metadata }), quiet))).toContain('1');
      Object.assign(Object.values(metadata)[0] ?? {}, [2], { count: 2 });
      if (!Object.isFrozen(metadata)) Object.assign(metadata, { count: 2 });
      expect(resultText(keptOpinion(opinion({ metadata }), quiet))).toMatch(/2/);
    }
  });

  it('hides the secrets of the action, also in what was kept for others', () => {
    const said = opinion({
      reason: 'ask for hunter2hunter2',
      metadata: Object.freeze({ by: 'hunter2hunter2' }),
    });
    expect(resultText(keptOpinion(said, quiet))).toContain('hunter2');
    const secretive = redactor.forAction({ password: 'hunter2hunter2' });
    expect(resultText(keptOpinion(said, secretive))).not.toContain('hunter2');
    expect(resultText(keptOpinion(said, quiet))).toContain('hunter2');
  });

  it('is data whose text is that of its fields', () => {
    const kept = keptOpinion(opinion({ suggestedAction: 'wait' }), quiet);
    expect(resultText({ ...kept })).toBe(resultText(kept));
    expect(Object.isFrozen(kept)).toBe(true);
  });
});
