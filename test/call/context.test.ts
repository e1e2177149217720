import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentSignal } from '../../src/call/context.ts';
import { AgentNotRegisteredError } from '../../src/core/errors.ts';
import { thenable } from '../core/thenable.ts';
import { soakFactor } from '../seed.ts';
import { settled } from './clocks.ts';
import { openGuard } from './guards.ts';

describe('context', () => {
  it('reaches every guarded call in it, across awaits, and none outside', async () => {
    const guard = openGuard();
    const call = guard.wrap(async () => 1);
    const context = {
      ...{ agentId: 'a', taskId: 't', sessionId: 's', taskContext: 'tidy up', principal: 'ann' },
    };
    await guard.withContext(context, async () => {
      await settled();
      await call();
    });
    await call();
    const [outside, inside] = guard.getAuditLog();
    expect(inside).toMatchObject({ agentId: 'a', taskId: 't', sessionId: 's', principal: 'ann' });
    expect(outside).toMatchObject({ agentId: 'default', taskId: null, sessionId: null, principal: null });
  });

  it('adds to the context around it, and an undefined field changes nothing', () => {
    const guard = openGuard();
    const call = guard.wrap(() => 1);
    guard.withContext({ agentId: 'a', taskId: 't' }, () =>
      guard.withContext({ taskId: 'inner', agentId: undefined }, () => call()),
    );
    expect(guard.getAuditLog()[0]).toMatchObject({ agentId: 'a', taskId: 'inner' });
  });

  it('is also set by setTaskContext', () => {
    const guard = openGuard();
    guard.setTaskContext(
      't',
      'a',
      guard.wrap(() => 1),
    );
    expect(guard.getAuditLog({ taskId: 't', agentId: 'a' })).toHaveLength(1);
  });

  it('of concurrent flows is never mixed up', async () => {
    const turns = fc.array(fc.nat({ max: 4 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(turns, async (waits) => {
        const guard = openGuard();
        const seen: string[] = [];
        const call = guard.wrap(async (name: string) => {
          await settled();
          return name;
        });
        guard.addEvaluator({
          name: 'spy',
          evaluate({ agentId, intent }) {
            seen.push(`${agentId}=${intent}`);
            return undefined;
          },
        });
        await Promise.all(
          waits.map((wait, i) =>
            guard.withContext({ agentId: `agent${i}`, taskId: `task${i}` }, async () => {
              for (let n = 0; n < wait; n++) await Promise.resolve();
              await call(`agent${i}`);
              await call(`agent${i}`);
            }),
          ),
        );
        expect(seen).toHaveLength(waits.length * 2);
        for (const pair of seen) expect(pair.split('=')[0]).toBe(pair.split('=')[1]);
        for (const { agentId, taskId } of guard.getAuditLog())
          expect(taskId).toBe(agentId.replace('agent', 'task'));
      }),
      { numRuns: 30 * soakFactor },
    );
  });

  it('names the call in whose tool another one was made', async () => {
    const guard = openGuard();
    const inner = guard.wrap(async () => 1);
    const outer = guard.wrap(async () => inner());
    await Promise.all([outer(), outer()]);
    const entries = guard.getAuditLog();
    const parents = entries
      .filter(({ parentActionId }) => parentActionId === null)
      .map(({ actionId }) => actionId);
    const children = entries.flatMap(({ parentActionId }) => parentActionId ?? []);
    expect(children.sort()).toEqual(parents.sort());
    expect(new Set(children).size).toBe(2);
  });

  it('has no signal outside a tool with a time limit', () => {
    expect(currentSignal()).toBeUndefined();
    let inside: AbortSignal | undefined;
    openGuard().wrap(() => {
      inside = currentSignal();
    })();
    expect(inside).toBeUndefined();
  });
});

describe('delegation', () => {
  it('adds one hop for as long as the function runs', async () => {
    const guard = openGuard();
    const call = guard.wrap(async () => 1);
    await guard.delegate('researcher', 'find it', async () => {
      await settled();
      await guard.delegate('reader', 'read it', () => call());
    });
    await call();
    const [after, inside] = guard.getAuditLog();
    expect(inside?.agentId).toBe('reader');
    expect(inside?.instructionChain).toMatchObject([
      { agentId: 'researcher', instruction: 'find it' },
      { agentId: 'reader', instruction: 'read it' },
    ]);
    expect(after?.instructionChain).toEqual([]);
  });

  it('passes on results and errors', async () => {
    const guard = openGuard();
    expect(guard.delegate('a', '', () => 5)).toBe(5);
    expect(await guard.delegate('a', '', async () => 5)).toBe(5);
    const boom = (): never => {
      throw new Error('boom');
    };
    expect(() => guard.delegate('a', '', boom)).toThrow('boom');
    await expect(guard.delegate('a', '', async () => boom())).rejects.toThrow('boom');
  });

  it('to an agent that is not registered is refused while any is', () => {
    const guard = openGuard();
    guard.registerAgent('known', 0.8);
    expect(() => guard.delegate('stranger', 'do it', () => 1)).toThrow(AgentNotRegisteredError);
    expect(() => guard.delegate('stranger', 'do it', () => 1)).toThrow(
      'guard.registerAgent("stranger", trust)',
    );
    expect(guard.delegate('known', 'do it', () => 1)).toBe(1);
  });

  it('outside can_delegate_to blocks the calls in it', () => {
    const guard = openGuard();
    guard.registerAgent('lead', 0.8, { canDelegateTo: ['reader'] });
    guard.registerAgent('reader', 0.5);
    guard.registerAgent('writer', 0.5);
    const call = guard.wrap(() => 1);
    const via = (agentId: string): unknown =>
      guard.delegate('lead', '', () => guard.delegate(agentId, '', call));
    expect(via('reader')).toBe(1);
    expect(() => via('writer')).toThrow('The agent lead may not delegate to writer');
  });

  it('also binds the agent who began the chain, and counts that agent once', () => {
    const guard = openGuard();
    guard.registerAgent('lead', 0.8, { canDelegateTo: ['reader'] });
    guard.registerAgent('reader', 0.8, { canDelegateTo: ['helper'] });
    guard.registerAgent('helper', 0.8);
    const call = guard.wrap(() => 1);
    const asLead = (fn: () => unknown): unknown => guard.withContext({ agentId: 'lead' }, fn);
    const viaReader = (): unknown => guard.delegate('reader', '', () => guard.delegate('helper', '', call));
    expect(asLead(viaReader)).toBe(1);
    expect(() => asLead(() => guard.delegate('helper', '', call))).toThrow('lead may not delegate to helper');
    expect(() => asLead(() => guard.delegate('reader', '', () => guard.delegate('lead', '', call)))).toThrow(
      'lead',
    );
  });

  it('never raises trust: the lowest of the chain counts', () => {
    const guard = openGuard();
    guard.registerAgent('low', 0.2, { canDelegateTo: ['*'] });
    guard.registerAgent('high', 0.9);
    const call = guard.protect('deploy', { minTrust: 0.5 })(() => 1);
    expect(guard.delegate('high', '', call)).toBe(1);
    expect(() => guard.delegate('low', '', () => guard.delegate('high', '', call))).toThrow('trust');
  });
  it('counts an agent that code inside a delegation acts for, though it is no hop', () => {
    const guard = openGuard();
    guard.registerAgent('high', 0.9, { canDelegateTo: ['*'] });
    guard.registerAgent('low', 0.1, { canDelegateTo: ['*'] });
    const call = guard.protect('a.b', { minTrust: 0.5 })(() => 1);
    const asLow = (): unknown =>
      guard.withContext({ agentId: 'low' }, () => guard.delegate('high', '', call));
    expect(asLow).toThrow('trust');
    expect(() => guard.delegate('high', '', asLow)).toThrow('trust');
  });

  it('does not start the work of a thenable that is no promise', () => {
    const guard = openGuard();
    let started = 0;
    const lazy = thenable(() => started++);
    expect(guard.delegate('a', '', () => lazy)).toBe(lazy);
    expect(started).toBe(0);
  });

  it('in a circle blocks', () => {
    const guard = openGuard();
    const call = guard.wrap(() => 1);
    const circle = (): unknown =>
      guard.delegate('a', '', () => guard.delegate('b', '', () => guard.delegate('a', '', call)));
    expect(circle).toThrow(expect.objectContaining({ name: 'CascadeDepthExceededError' }));
  });
});
