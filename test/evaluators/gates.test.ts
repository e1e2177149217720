import { describe, expect, it } from 'vitest';
import { cascade } from '../../src/evaluators/cascade.ts';
import { humanGate } from '../../src/evaluators/human-gate.ts';
import { trust } from '../../src/evaluators/trust.ts';
import { factsOf, intentOf } from './action.ts';

describe('trust', () => {
  const judge = (...changes: Parameters<typeof factsOf>) => trust().evaluate(intentOf(), factsOf(...changes));

  it('has no opinion where no trust is demanded, or enough is there', () => {
    expect(judge({ agent: { trustLevel: 0 } })).toBe(undefined);
    expect(judge({ minTrust: 0.5, agent: { trustLevel: 0.5 } })).toBe(undefined);
  });

  it('blocks an agent with too little trust, and garbage on either side', () => {
    expect(judge({ minTrust: 0.5, agent: { id: 'w', trustLevel: 0.3, registered: true } })).toMatchObject({
      verdict: 'BLOCK',
      reason: 'This needs a trust of 0.5, and the agent w has 0.3',
      metadata: { requiredTrust: 0.5, actualTrust: 0.3 },
    });
    expect(judge({ minTrust: Number.NaN })).toMatchObject({ verdict: 'BLOCK' });
    expect(judge({ minTrust: 0.1, agent: { trustLevel: Number.NaN } })).toMatchObject({ verdict: 'BLOCK' });
  });

  it('tells an agent that is not registered how to become trusted, and names the chain', () => {
    const found = judge({ minTrust: 0.5, agent: { trustLevel: 0 }, delegation: { depth: 2 } });
    expect(found).toMatchObject({
      reason: expect.stringContaining('delegation chain'),
      suggestedAction: expect.stringContaining('register default'),
    });
  });

  it('blocks a delegation outside can_delegate_to, whatever the trust', () => {
    expect(judge({ delegation: { depth: 1, forbidden: { from: 'a', to: 'b' } } })).toMatchObject({
      verdict: 'BLOCK',
      reason: 'The agent a may not delegate to b',
      metadata: { requiredTrust: 1, actualTrust: 1, from: 'a', to: 'b' },
    });
  });
});

describe('cascade', () => {
  const judge = (delegation: NonNullable<Parameters<typeof factsOf>[0]>['delegation'] = {}) =>
    cascade({ maxDepth: 4, maxConcurrent: 10 }).evaluate(intentOf(), factsOf({ delegation }));

  it('has no opinion within its bounds', () => {
    expect(judge()).toBe(undefined);
    expect(judge({ depth: 4, active: 10 })).toBe(undefined);
  });

  it('blocks what is too deep, too wide, or runs in a circle', () => {
    expect(judge({ depth: 5 })).toMatchObject({
      verdict: 'BLOCK',
      metadata: { currentDepth: 5, maxDepth: 4 },
    });
    expect(judge({ depth: 1, active: 11 })).toMatchObject({
      verdict: 'BLOCK',
      reason: '11 delegations are in progress, and at most 10 are allowed at once',
      metadata: { active: 11, maxConcurrent: 10, currentDepth: 1, maxDepth: 4 },
    });
    expect(judge({ depth: 3, cycle: 'a' })).toMatchObject({ verdict: 'BLOCK', metadata: { cycle: 'a' } });
  });

  it('blocks when a number is none', () => {
    expect(judge({ depth: Number.NaN })).toMatchObject({ verdict: 'BLOCK' });
    expect(judge({ active: Number.NaN })).toMatchObject({ verdict: 'BLOCK' });
  });
});

describe('human_gate', () => {
  const gate = humanGate({ riskLevels: ['CRITICAL'], actionTypes: ['payment.*', 'db.drop'] });
  const judge = (changes: Record<string, unknown>, canAsk: boolean) =>
    gate.evaluate(intentOf(changes), factsOf({ canAsk }));

  it('has no opinion of other actions', () => {
    expect(judge({}, true)).toBe(undefined);
    expect(judge({ actionType: 'prepayment.send' }, false)).toBe(undefined);
    expect(
      humanGate({ riskLevels: [], actionTypes: [] }).evaluate(intentOf({ riskLevel: 'CRITICAL' }), factsOf()),
    ).toBe(undefined);
  });

  it('asks for listed risk levels and action types', () => {
    expect(judge({ riskLevel: 'CRITICAL' }, true)).toMatchObject({
      verdict: 'ESCALATE',
      metadata: { riskLevel: 'CRITICAL' },
    });
    expect(judge({ actionType: 'payment.card.charge' }, true)).toMatchObject({
      verdict: 'ESCALATE',
      metadata: { actionType: 'payment.card.charge', glob: 'payment.*' },
    });
  });

  it('blocks with nobody to ask, and says how to have somebody', () => {
    expect(judge({ riskLevel: 'CRITICAL' }, false)).toMatchObject({
      verdict: 'BLOCK',
      reason: expect.stringContaining('there is nobody to ask'),
      suggestedAction: expect.stringContaining('escalationHandler'),
    });
  });
});
