import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TaskTally } from '../../../src/limits/memory/task-tally.ts';

describe('TaskTally', () => {
  it('never counts fewer agents than have money in the task, and exactly as many for up to eight', () => {
    const steps = fc.array(fc.tuple(fc.nat(14), fc.nat(2), fc.boolean()), { maxLength: 100 });
    fc.assert(
      fc.property(steps, fc.boolean(), (actions, few) => {
        const tally = new TaskTally();
        const open: { agentId: string; share: ReturnType<TaskTally['share']>; cost: number }[] = [];
        for (const [name, cost, gives] of actions) {
          const agentId = `a${few ? name % 8 : name}`;
          const share = tally.share(agentId);
          tally.spend(share, cost);
          open.push({ agentId, share, cost });
          const back = gives ? open.splice(name % open.length, 1) : [];
          for (const one of back) tally.spend(one.share, -one.cost);
          const spenders = new Set(open.filter((one) => one.cost > 0).map((one) => one.agentId));
          const { spent, agents } = tally.seenBy('a0');
          const expected = new Set([...spenders, 'a0']).size;
          expect(spent).toBe(open.reduce((sum, one) => sum + one.cost, 0));
          expect(agents).toBeGreaterThanOrEqual(expected);
          if (few) expect(agents).toBe(expected);
        }
      }),
    );
  });
});
