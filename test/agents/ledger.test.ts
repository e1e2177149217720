import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgentLedger } from '../../src/agents/ledger.ts';
import { ConfigValidationError } from '../../src/core/errors.ts';
import type { AgentCall } from '../../src/core/intent.ts';

function hop(agentId: string, trustLevel = 1): AgentCall {
  return { agentId, trustLevel, instruction: 'go on', timestamp: new Date(0) };
}

describe('AgentLedger', () => {
  it('takes trust as a number or a level', () => {
    const ledger = new AgentLedger();
    ledger.register('a', 0.4, { canDelegateTo: ['b'], maxActionsPerRun: 3 });
    ledger.register('b', 'PEER');
    expect(ledger.get('a')).toMatchObject({ trustLevel: 0.4, canDelegateTo: ['b'], maxActionsPerRun: 3 });
    expect(ledger.get('b')).toMatchObject({ trustLevel: 0.5, canDelegateTo: [], maxActionsPerRun: null });
    expect([ledger.size, ledger.has('a'), ledger.has('c'), ledger.get('c')]).toEqual([
      2,
      true,
      false,
      undefined,
    ]);
    expect(ledger.agents().map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('has no unknown option, and says which one was meant', () => {
    const register = (options: unknown) => () => new AgentLedger().register('a', 1, options as object);
    expect(register({ can_delegate_to: ['b'] })).toThrow(ConfigValidationError);
    expect(register({ can_delegate_to: ['b'] })).toThrow(
      'An agent has no option `can_delegate_to`. Did you mean `canDelegateTo`?',
    );
    expect(register({ constructor: 1 })).toThrow('There are: canDelegateTo, maxActionsPerRun.');
    for (const odd of [null, 5, 'x', ['b']]) expect(register(odd)).toThrow(ConfigValidationError);
  });

  it('holds the tighter of what code and files say of an agent, until one of them takes it back', () => {
    const ledger = new AgentLedger();
    ledger.register('a', 0.1, { canDelegateTo: ['b', 'c*'], maxActionsPerRun: 9 });
    ledger.register('a', 0.9, { canDelegateTo: ['c1', 'd'], maxActionsPerRun: 3 }, 'files');
    expect(ledger.get('a')).toMatchObject({ trustLevel: 0.1, maxActionsPerRun: 3 });
    expect(['b', 'c1', 'd'].map((to) => ledger.mayDelegate('a', to))).toEqual([false, true, false]);
    ledger.unregister('a', 'code');
    expect(ledger.get('a')?.trustLevel).toBe(0.9);
    ledger.unregister('a', 'files');
    expect(ledger.has('a')).toBe(false);
  });

  it('stays closed once an agent was registered, though all were taken back', () => {
    const ledger = new AgentLedger();
    expect([ledger.isOpen, ledger.effectiveTrust('x', [])]).toEqual([true, 1]);
    ledger.register('a', 1, {}, 'files');
    ledger.unregister('a', 'files');
    expect([ledger.isOpen, ledger.effectiveTrust('x', [])]).toEqual([false, 0]);
  });

  it('counts what is no hop as no trust', () => {
    const garbage = [null, undefined, 5, {}] as unknown as AgentCall[];
    for (const hop of garbage) expect(new AgentLedger().effectiveTrust('a', [hop])).toBe(0);
  });

  it('refuses wrong values and names the agent and the field', () => {
    const ledger = new AgentLedger();
    const wrong: [unknown, unknown, unknown][] = [
      ['', 1, {}],
      [7, 1, {}],
      ['a', Number.NaN, {}],
      ['a', 1.01, {}],
      ['a', -0.1, {}],
      ['a', 'FRIEND', {}],
      ['a', 'constructor', {}],
      ['a', null, {}],
      ['a', ['PEER'], {}],
      ['a', 1, { canDelegateTo: 'b' }],
      ['a', 1, { canDelegateTo: [1] }],
      ['a', 1, { maxActionsPerRun: Number.NaN }],
      ['a', 1, { maxActionsPerRun: -1 }],
      ['a', 1, { maxActionsPerRun: '5' }],
    ];
    for (const [id, trust, options] of wrong) {
      expect(() => ledger.register(id as string, trust as number, options as object)).toThrow(
        ConfigValidationError,
      );
    }
    expect(() => ledger.register('worker', 2)).toThrow(
      'The trust of the agent worker must be a number from 0 to 1',
    );
    expect(ledger.size).toBe(0);
  });

  it('replaces trust and options at a second registration', () => {
    const ledger = new AgentLedger();
    ledger.register('a', 0.2, { canDelegateTo: ['b'] });
    ledger.register('a', 0.9);
    expect(ledger.get('a')).toMatchObject({ trustLevel: 0.9, canDelegateTo: [] });
    expect(ledger.size).toBe(1);
  });
});

describe('effective trust', () => {
  it('is what the chain declares while nobody is registered', () => {
    const ledger = new AgentLedger();
    expect(ledger.effectiveTrust('anyone', [])).toBe(1);
    expect(ledger.effectiveTrust('anyone', [hop('a', 0.8), hop('b', 0.3), hop('c', 1)])).toBe(0.3);
    for (const declared of [Number.NaN, 1.5, -1, Number.POSITIVE_INFINITY, '1' as unknown as number]) {
      const trust = ledger.effectiveTrust('anyone', [hop('a', declared), hop('b', 0.9)]);
      expect(trust === 0 || declared === ('1' as unknown)).toBe(true);
    }
  });

  it('is 0 for an agent that is not registered once any is', () => {
    const ledger = new AgentLedger();
    ledger.register('known', 0.7);
    expect(ledger.effectiveTrust('unknown', [])).toBe(0);
    expect(ledger.effectiveTrust('known', [])).toBe(0.7);
    expect(ledger.effectiveTrust('known', [hop('unknown', 1)])).toBe(0);
    expect(ledger.effectiveTrust('__proto__', [])).toBe(0);
  });

  it('does not believe a registered agent that declares more, and an empty chain is not full trust', () => {
    const ledger = new AgentLedger();
    ledger.register('low', 0.2);
    ledger.register('high', 0.9);
    expect(ledger.effectiveTrust('low', [])).toBe(0.2);
    expect(ledger.effectiveTrust('high', [hop('low', 1), hop('high', 1)])).toBe(0.2);
    expect(ledger.effectiveTrust('low', [hop('high', 1)])).toBe(0.2);
  });

  it('never rises by a longer chain, and never lies above the caller or below 0', () => {
    const ids = ['a', 'b', 'c', 'stranger'];
    const chains = fc.array(fc.tuple(fc.constantFrom(...ids), fc.double()), { maxLength: 8 });
    const property = fc.property(
      fc.constantFrom(...ids),
      chains,
      fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
      (agentId, hops, registered) => {
        const ledger = new AgentLedger();
        for (const [i, id] of registered.entries()) ledger.register(id, (i + 1) / 4);
        const chain = hops.map(([id, trust]) => hop(id, trust));
        let before = ledger.effectiveTrust(agentId, []);
        for (let length = 1; length <= chain.length; length++) {
          const trust = ledger.effectiveTrust(agentId, chain.slice(0, length));
          expect(trust).toBeGreaterThanOrEqual(0);
          expect(trust).toBeLessThanOrEqual(before);
          before = trust;
        }
      },
    );
    fc.assert(property);
  });
});
