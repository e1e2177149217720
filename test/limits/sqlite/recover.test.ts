import { describe, expect, it } from 'vitest';
import { reserved } from '../../../src/testing/limiter/setup.ts';
import { IN_SESSION, limiterOn } from '../scene.ts';

describe('SqliteLimiter: recover', () => {
  const dead = () => false;
  const alive = () => true;

  async function crashed() {
    const { database, limiter } = limiterOn();
    await reserved(limiter, { ...IN_SESSION, actionId: 'decided', cost: 0.2 });
    await reserved(limiter, { ...IN_SESSION, actionId: 'undecided', cost: 0.3 });
    await limiter.settle(await reserved(limiter, { ...IN_SESSION, actionId: 'decided', cost: 0.1 }));
    const next = limiterOn(database, 'next');
    const state = () => {
      const { taskSpend, actionsThisRun } = next.limiter.facts(IN_SESSION);
      return [taskSpend, actionsThisRun, next.reservations()];
    };
    return { database, next, state };
  }

  it('gives back what a dead writer reserved and never decided, and leaves spent what it decided', async () => {
    const { next, state } = await crashed();
    expect(state()).toEqual([0.6, 3, 3]);
    next.recover(alive, () => false);
    expect(state()).toEqual([0.6, 3, 3]);
    const asked: string[] = [];
    for (let i = 0; i < 2; i++) {
      next.recover(dead, (actionId) => {
        asked.push(actionId);
        return actionId === 'decided';
      });
      expect(state()).toEqual([0.3, 2, 0]);
    }
    expect(asked.sort()).toEqual(['decided', 'decided', 'undecided']);
  });

  it('leaves its own reservations alone', async () => {
    const { limiter, reservations, recover } = limiterOn();
    await reserved(limiter, IN_SESSION);
    recover(dead, () => false);
    expect([limiter.facts(IN_SESSION).taskSpend, reservations()]).toEqual([0.1, 1]);
  });

  it('changes nothing when the journal cannot be asked', async () => {
    const { next, state } = await crashed();
    const unreadable = (actionId: string): boolean => {
      if (actionId === 'undecided') return false;
      throw new Error('disk error');
    };
    expect(() => next.recover(dead, unreadable)).toThrow('disk error');
    expect(state()).toEqual([0.6, 3, 3]);
  });

  it('gives nothing back twice when another process recovers between', async () => {
    const { database, next, state } = await crashed();
    const third = limiterOn(database, 'third');
    next.recover(dead, (actionId) => {
      third.recover(
        (writerId) => writerId !== 'writer',
        (id) => id === 'decided',
      );
      return actionId === 'decided';
    });
    expect(state()).toEqual([0.3, 2, 0]);
  });

  it('is done when a limit leaves no room, once a minute at most', async () => {
    const { next, database } = await crashed();
    const reserve = () => next.limiter.reserve({ ...IN_SESSION, cost: 0.5 }).refused;
    expect(reserve()).toBe(true);
    next.tell(dead, (actionId) => actionId === 'decided');
    expect(reserve()).toBe(true);
    next.clock.advance(59_999);
    expect(next.limiter.facts({ ...IN_SESSION, cost: 0.5 }).taskSpend).toBe(0.6);
    next.clock.advance(1);
    expect(reserve()).toBe(false);
    expect(next.limiter.facts(IN_SESSION).taskSpend).toBe(0.8);
    // Whoever judges sees the room too.
    const third = limiterOn(database, 'third');
    third.tell(dead, () => false);
    expect(third.limiter.facts({ ...IN_SESSION, cost: 0.5 }).taskSpend).toBe(0.3);
  });

  it('leaves a refusal as it is when nobody can say what became of the others', async () => {
    const { next, state } = await crashed();
    next.tell(dead, () => {
      throw new Error('disk error');
    });
    expect(next.limiter.reserve({ ...IN_SESSION, cost: 0.5 })).toMatchObject({
      refused: true,
      evaluatorName: 'cost_estimator',
    });
    expect(state()).toEqual([0.6, 3, 3]);
  });
});
