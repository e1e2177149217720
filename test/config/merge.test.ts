import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../src/config/defaults.ts';
import { mergeSettings } from '../../src/config/merge.ts';

describe('settings of several layers', () => {
  it('of limits the lowest that is stated holds; a default competes with nothing', () => {
    const { global, budget } = mergeSettings([
      {
        global: { maxRiskScore: 0.9, maxDelegationDepth: 9, executionTimeoutSeconds: null },
        budget: { perTask: 20 },
      },
      {
        global: { maxRiskScore: 0.95, executionTimeoutSeconds: 5 },
        budget: { perTask: null, escalateAbove: 1 },
      },
    ]);
    expect(global).toEqual({
      ...DEFAULTS.global,
      maxRiskScore: 0.9,
      maxDelegationDepth: 9,
      executionTimeoutSeconds: 5,
    });
    expect(budget).toEqual({ ...DEFAULTS.budget, perTask: 20, escalateAbove: 1 });
  });

  it('null lifts a default limit where no layer states a number', () => {
    expect(mergeSettings([{ budget: { perTask: null } }, {}]).budget.perTask).toBeNull();
  });

  it('of rates the lower in the long run, per name, also under a prefix of another layer', () => {
    const { rateLimits } = mergeSettings([
      { rateLimits: { default: '60/min', perTool: { 'send_*': '5/hour', read: '1/sec' } } },
      {
        rateLimits: {
          default: '100/hour',
          perTool: { send_mail: '100/min', read: '90/min' },
          perAgent: { a: '1/day' },
        },
      },
    ]);
    expect(rateLimits).toEqual({
      default: '100/hour',
      perTool: { 'send_*': '5/hour', send_mail: '5/hour', read: '1/sec' },
      perAgent: { a: '1/day' },
    });
  });

  it('the same agent has the lowest trust and cap, and the last list of whom it may delegate to', () => {
    const { agents } = mergeSettings([
      { agents: [{ id: 'a', trustLevel: 0.3, maxActionsPerRun: null, canDelegateTo: ['x'] }, { id: 'b' }] },
      { agents: [{ id: 'a', trustLevel: 0.9, maxActionsPerRun: 7, canDelegateTo: ['y'] }] },
    ]);
    expect(agents).toEqual([
      { id: 'a', trustLevel: 0.3, maxActionsPerRun: 7, canDelegateTo: ['y'] },
      { id: 'b', trustLevel: 0.5, maxActionsPerRun: 100, canDelegateTo: [] },
    ]);
  });

  it('of everything else the last layer that states it', () => {
    const merged = mergeSettings([
      { mode: 'monitor', storage: { path: 'a', durability: 'power' }, tools: { t: { a: 'path', b: 'url' } } },
      { mode: 'enforce', storage: { path: 'b' }, tools: { t: { b: 'sql' }, u: {} } },
      { evaluators: { riskScorer: { enabled: false }, humanGate: { enabled: true } } },
    ]);
    expect(merged.mode).toBe('enforce');
    expect(merged.storage).toEqual({ ...DEFAULTS.storage, path: 'b', durability: 'power' });
    expect(merged.tools).toEqual({ t: { a: 'path', b: 'sql' }, u: {} });
    expect(merged.evaluators.riskScorer.enabled).toBe(false);
    expect(merged.evaluators.humanGate).toEqual({ ...DEFAULTS.evaluators.humanGate, enabled: true });
  });

  it('is frozen all the way down', () => {
    const { tools, rateLimits } = mergeSettings([{ tools: { t: { a: 'path' } } }]);
    expect(Object.isFrozen(tools.t)).toBe(true);
    expect(Object.isFrozen(rateLimits.perTool)).toBe(true);
  });

  it('a later layer never raises a limit that an earlier one states', () => {
    const limit = fc.option(fc.nat(100), { nil: null });
    fc.assert(
      fc.property(limit, limit, limit, (a, b, c) => {
        const layers = [a, b, c].map((perTask) => ({ budget: { perTask } }));
        const numbers = [a, b, c].filter((one) => one !== null);
        expect(mergeSettings(layers).budget.perTask).toBe(numbers.length === 0 ? null : Math.min(...numbers));
      }),
    );
  });
});
