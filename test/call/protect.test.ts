import { describe, expect, it } from 'vitest';
import { RateLimitExceededError } from '../../src/core/refusals.ts';
import { openGuard } from './guards.ts';

describe('protect', () => {
  it('guards a function as an action of a type, with tags, cost and risk', () => {
    const guard = openGuard();
    const pay = guard.protect('payment.send', {
      ...{ tags: ['money'], estimatedCost: 0.5, riskLevel: 'HIGH', params: ['amount'] },
    })((amount: number) => amount);
    expect(pay(5)).toBe(5);
    expect(guard.getAuditLog()[0]).toMatchObject({
      ...{ actionType: 'payment.send', tags: ['money'], estimatedCost: 0.5, riskLevel: 'HIGH' },
      parameters: { amount: 5 },
    });
    expect(guard.getMetrics().totalCost).toBe(0.5);
  });

  it('demands the trust that it was told to', () => {
    const guard = openGuard();
    guard.registerAgent('intern', 'SUB_AGENT');
    guard.registerAgent('lead', 'ORCHESTRATOR');
    const deploy = guard.protect('deploy', { minTrust: 'PEER' })(() => 'deployed');
    const as = (agentId: string) => () => guard.withContext({ agentId }, deploy);
    expect(as('intern')).toThrow(
      expect.objectContaining({ name: 'TrustViolationError', requiredTrust: 0.5, actualTrust: 0.3 }),
    );
    expect(as('stranger')).toThrow(expect.objectContaining({ actualTrust: 0 }));
    expect(as('lead')()).toBe('deployed');
  });

  it('counts actions of a run against the cap of the agent', () => {
    const guard = openGuard();
    guard.registerAgent('worker', 1, { maxActionsPerRun: 2 });
    const act = guard.wrap(() => 1);
    guard.withContext({ agentId: 'worker' }, () => {
      act();
      act();
      expect(() => act()).toThrow(RateLimitExceededError);
    });
  });
});
