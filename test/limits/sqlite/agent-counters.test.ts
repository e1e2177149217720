import { describe, expect, it } from 'vitest';
import { CALL } from '../../../src/testing/limiter/setup.ts';
import { PlainDatabase } from '../database.ts';
import { IN_SESSION, limiterOn } from '../scene.ts';

describe('SqliteLimiter: agents in several processes', () => {
  const both = () => {
    const database = new PlainDatabase();
    return { mine: limiterOn(database), other: limiterOn(database, 'other') };
  };
  const violations = ({ limiter }: ReturnType<typeof limiterOn>) => limiter.facts(CALL).agent.violations;
  const actions = ({ limiter }: ReturnType<typeof limiterOn>) => limiter.facts(CALL).agent.actionCount;

  it('shows a violation of another process within 250 ms', () => {
    const { mine, other } = both();
    expect(violations(mine)).toBe(0);
    other.limiter.recordOutcome(CALL.agentId, 'BLOCK');
    mine.limiter.recordOutcome(CALL.agentId, 'ALLOW');
    mine.clock.advance(249);
    expect([violations(mine), actions(mine)]).toEqual([0, 1]);
    mine.clock.advance(1);
    expect([violations(mine), actions(mine)]).toEqual([1, 2]);
    other.limiter.recordOutcome(CALL.agentId, 'BLOCK');
    mine.limiter.recordOutcome(CALL.agentId, 'BLOCK');
    expect([violations(mine), actions(mine)]).toEqual([3, 4]);
  });

  it('gathers other outcomes, and writes them with the next transaction, at 64, after 250 ms, or when told', () => {
    const { mine, other } = both();
    const written = (): number => {
      other.clock.advance(250);
      return actions(other);
    };
    const record = (times: number): void => {
      for (let i = 0; i < times; i++) mine.limiter.recordOutcome(CALL.agentId, 'ALLOW');
    };
    record(63);
    expect(written()).toBe(0);
    record(1);
    expect(written()).toBe(64);
    record(1);
    mine.limiter.reserve({ ...CALL, taskId: null });
    expect(written()).toBe(64);
    mine.limiter.reserve(IN_SESSION);
    expect(written()).toBe(65);
    record(1);
    mine.clock.advance(250);
    record(1);
    expect(written()).toBe(67);
    record(1);
    mine.limiter.flush();
    expect(written()).toBe(68);
    record(1);
    mine.limiter.close();
    expect(written()).toBe(69);
    record(1);
    mine.limiter.recordOutcome('another', 'BLOCK');
    expect(written()).toBe(70);
  });
});
