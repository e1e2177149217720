import { describe, expect, it } from 'vitest';
import { ActionEscalatedError, BudgetExceededError } from '../../src/core/refusals.ts';
import { ActionGuard } from '../../src/guard.ts';
import type { GuardOptions } from '../../src/guard-options.ts';
import { SqliteLimiter } from '../../src/limits/sqlite.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { PlainDatabase } from '../limits/database.ts';
import { databasePath } from '../limits/database-path.ts';
import { refusalOf } from './guards.ts';

const CONFIG: GuardOptions['config'] = {
  budget: { per_task: 1, per_agent_per_run: 0.7 },
  policies: [
    { name: 'no_secrets', action_types: ['*'], condition: "intent == 'secret'" },
    { name: 'often_blocked', action_types: ['*'], condition: 'agent.violations >= 3' },
    {
      name: 'often_fails',
      action_types: ['*'],
      condition: 'agent.error_rate > 0.5 and agent.action_count >= 4',
    },
  ],
};

/** A guard on a database, as a process would start it; `end` ends it in order. */
function start(path: string, writerId: string, options: GuardOptions = {}) {
  const clock = new FakeClock();
  const database = new PlainDatabase(path);
  const limiter = new SqliteLimiter({ database, writerId, now: clock.monotonic });
  const guard = new ActionGuard({ limiter, clock, snapshotPath: null, config: CONFIG, ...options });
  const end = async (): Promise<void> => {
    await guard.close();
    limiter.close();
    database.close();
  };
  const tool = guard.protect('pay', { estimatedCost: 0.2 })((what: string) => {
    if (what === 'fail') throw new Error('disk full');
    return what;
  });
  const call = (agentId: string, what: string, context: { taskId?: string; sessionId?: string } = {}) =>
    refusalOf(() => guard.withContext({ agentId, ...context }, () => tool(what)));
  const history = (agentId: string): number | undefined => {
    const { results } = guard.evaluate({ actionType: 'read', agentId });
    const scorer = results.find(({ evaluatorName }) => evaluatorName === 'risk_scorer');
    return (scorer?.metadata.signals as { readonly agentHistory: number } | undefined)?.agentHistory;
  };
  return { guard, clock, call, tool, history, end };
}

describe("an agent's record", () => {
  it('counts in the next process: conditions see it, and the risk score rises with it', async () => {
    const path = databasePath();
    const first = start(path, 'first');
    expect(first.history('a')).toBe(0);
    for (let i = 0; i < 2; i++) {
      expect(await first.call('a', 'secret')).toMatchObject({ policyTriggered: 'no_secrets' });
    }
    expect(first.history('a')).toBeCloseTo(2 / 7);
    await first.end();

    const second = start(path, 'second');
    expect(second.history('a')).toBeCloseTo(2 / 7);
    expect(second.history('b')).toBe(0);
    expect(second.guard.evaluate({ actionType: 'read', agentId: 'a' }).verdict).toBe('ALLOW');
    await second.call('a', 'secret');
    expect(await second.call('a', 'hello')).toMatchObject({ policyTriggered: 'often_blocked' });
    expect(second.guard.evaluate({ actionType: 'read', agentId: 'b' }).verdict).toBe('ALLOW');
    await second.end();
  });

  it('counts in another process within 250 ms', async () => {
    const path = databasePath();
    const [mine, other] = [start(path, 'mine'), start(path, 'other')];
    expect(mine.history('a')).toBe(0);
    for (let i = 0; i < 3; i++) await other.call('a', 'secret');
    mine.clock.advance(250);
    expect(mine.history('a')).toBeCloseTo(3 / 8);
    expect(await mine.call('a', 'hello')).toMatchObject({ policyTriggered: 'often_blocked' });
  });

  it('has the failures of its tools in it, after a restart too', async () => {
    const path = databasePath();
    const first = start(path, 'first');
    for (let i = 0; i < 3; i++) {
      expect(await first.call('a', 'fail', { sessionId: `s${i}` })).toMatchObject({ message: 'disk full' });
    }
    await first.end();
    const second = start(path, 'second');
    expect(second.history('a')).toBeCloseTo(3 / 8);
    second.guard.withContext({ agentId: 'a', sessionId: 's4' }, () => second.tool('hello'));
    expect(await second.call('a', 'hello')).toMatchObject({ policyTriggered: 'often_fails' });
  });
});

describe('a budget', () => {
  it('of a task or a session holds after a restart', async () => {
    const path = databasePath();
    const inTask = { taskId: 't', sessionId: 's' };
    const first = start(path, 'first');
    for (let i = 0; i < 3; i++) {
      first.guard.withContext({ agentId: 'a', ...inTask }, () => first.tool('hello'));
    }
    await first.end();
    const second = start(path, 'second');
    expect(await second.call('a', 'hello', inTask)).toMatchObject({ currentSpend: 0.6, budgetLimit: 0.7 });
    for (const agentId of ['b', 'c']) {
      second.guard.withContext({ agentId, ...inTask }, () => second.tool('hello'));
    }
    expect(await second.call('d', 'hello', inTask)).toBeInstanceOf(BudgetExceededError);
    second.guard.withContext({ agentId: 'a', sessionId: 'new' }, () => second.tool('hello'));
  });

  it('that more than three agents have used most of together needs a person, in any process', async () => {
    const path = databasePath();
    const shown: string[] = [];
    const first = start(path, 'first');
    const second = start(path, 'second');
    const asked = start(path, 'asked', {
      escalationHandler: ({ reason }) => shown.push(reason) > 0,
    });
    first.guard.withContext({ agentId: 'a', taskId: 't' }, () => first.tool('hello'));
    first.guard.withContext({ agentId: 'b', taskId: 't' }, () => first.tool('hello'));
    second.guard.withContext({ agentId: 'c', taskId: 't' }, () => second.tool('hello'));
    second.guard.withContext({ agentId: 'c', taskId: 't' }, () => second.tool('hello'));
    expect(await second.call('d', 'hello', { taskId: 't' })).toBeInstanceOf(ActionEscalatedError);
    asked.guard.withContext({ agentId: 'd', taskId: 't' }, () => asked.tool('hello'));
    expect(shown).toEqual([
      expect.stringContaining('More than 3 agents together have spent or reserved over 80 %'),
    ]);
    expect(await asked.call('d', 'hello', { taskId: 't' })).toBeInstanceOf(BudgetExceededError);
  });
});
