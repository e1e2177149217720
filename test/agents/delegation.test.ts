import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delegationFacts } from '../../src/agents/delegation.ts';
import { AgentLedger } from '../../src/agents/ledger.ts';
import type { AgentCall } from '../../src/core/intent.ts';

function chainOf(...ids: string[]): AgentCall[] {
  return ids.map((agentId) => ({ agentId, trustLevel: 1, instruction: 'go on', timestamp: new Date(0) }));
}

const EMPTY = new AgentLedger();

describe('delegationFacts', () => {
  it('is nothing without a chain', () => {
    const facts = delegationFacts([], 'a', EMPTY, 0, 'a');
    expect(facts).toEqual({ depth: 0, active: 0, cycle: null, forbidden: null });
    expect(delegationFacts([], 'b', EMPTY, 0)).toBe(facts);
    expect(delegationFacts([], 'b', EMPTY, 2).active).toBe(2);
  });

  it('does not take the caller at the end of its own chain for a circle', () => {
    expect(delegationFacts(chainOf('a', 'b'), 'b', EMPTY, 1)).toEqual({
      depth: 2,
      active: 1,
      cycle: null,
      forbidden: null,
    });
  });

  it('finds an agent that occurs twice: among the hops, as the caller, as the origin, or by itself', () => {
    expect(delegationFacts(chainOf('a', 'b', 'a'), 'a', EMPTY, 1).cycle).toBe('a');
    expect(delegationFacts(chainOf('a', 'b'), 'a', EMPTY, 1).cycle).toBe('a');
    expect(delegationFacts(chainOf('a', 'b'), 'b', EMPTY, 1, 'b').cycle).toBe('b');
    expect(delegationFacts(chainOf('a', 'a'), 'a', EMPTY, 1).cycle).toBe('a');
  });

  it('forbids a step outside what a registered agent may delegate to', () => {
    const ledger = new AgentLedger();
    ledger.register('lead', 1, { canDelegateTo: ['worker', 'test-*'] });
    ledger.register('worker', 1);
    ledger.register('boss', 1, { canDelegateTo: ['*'] });
    const forbidden = (ids: string[], caller: string, origin: string | null = null) =>
      delegationFacts(chainOf(...ids), caller, ledger, 1, origin).forbidden;
    expect(forbidden(['lead', 'worker'], 'worker')).toBe(null);
    expect(forbidden(['lead', 'test-1'], 'test-1')).toBe(null);
    expect(forbidden(['lead'], 'worker')).toBe(null);
    expect(forbidden(['lead', 'other'], 'other')).toEqual({ from: 'lead', to: 'other' });
    expect(forbidden(['lead'], 'workers')).toEqual({ from: 'lead', to: 'workers' });
    // By default a registered agent may delegate to nobody.
    expect(forbidden(['worker'], 'lead')).toEqual({ from: 'worker', to: 'lead' });
    expect(forbidden(['worker'], 'worker', 'lead')).toBe(null);
    expect(forbidden(['boss'], 'boss', 'lead')).toEqual({ from: 'lead', to: 'boss' });
    expect(forbidden(['boss', 'anybody'], 'anybody')).toBe(null);
    // An agent that is not registered has no list; it has no trust either.
    expect(forbidden(['stranger', 'lead'], 'lead')).toBe(null);
  });

  it('reports a cycle exactly when an agent occurs twice, for chains of any make', () => {
    const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(ids, fc.constantFrom('a', 'b', 'z'), (hops, caller) => {
        const walked = hops.at(-1) === caller ? hops : [...hops, caller];
        const { cycle, depth } = delegationFacts(chainOf(...hops), caller, EMPTY, 1);
        expect(depth).toBe(hops.length);
        expect(cycle !== null).toBe(new Set(walked).size < walked.length);
      }),
    );
  });

  it('bounds its work on an absurd chain and still tells its depth', () => {
    const chain = chainOf(...Array.from({ length: 50_000 }, (_, i) => `agent-${i}`));
    expect(delegationFacts(chain, 'caller', EMPTY, 1)).toMatchObject({ depth: 50_000, cycle: null });
  });
});
