import { describe, expect, it } from 'vitest';
import type { Witness } from '../../../src/approvals/queue.ts';
import { now, REQUEST, Scene, TIMEOUT, waitingRecord } from '../queue-scene.ts';

/** Notes what it is told: `requested`, then `was → is`. */
function listening(): { told: string[]; witness: Witness } {
  const told: string[] = [];
  return {
    told,
    witness: {
      entered: ({ id }) => void told.push(`${id} requested`),
      changed: ({ id, state }, was) => void told.push(`${id} ${was} → ${state}`),
    },
  };
}

function scene() {
  const all = new Scene();
  const { told, witness } = listening();
  return { all, told, queue: all.queue({ witness }) };
}

describe('a witness', () => {
  it('is told of a request once it is stored', () => {
    const { all, told, queue } = scene();
    const ask = all.ask(queue);
    expect(told).toEqual(['id-1 requested']);
    expect(() => queue.enter(ask, waitingRecord(ask.actionId))).toThrow();
    expect(told).toHaveLength(1);
  });

  it('is told of one in a store that answers later when that has answered, and of none that it refuses', async () => {
    const all = new Scene();
    const { told, witness } = listening();
    let isFull = false;
    const store = Object.assign(Object.create(all.store), {
      enter: async (...given: Parameters<typeof all.store.enter>) => {
        if (isFull) throw new Error('disk full');
        return all.store.enter(...given);
      },
    });
    const queue = all.queue({ store, witness });
    const ask = queue.newAsk(REQUEST);
    const entered = queue.enter(ask, waitingRecord(ask.actionId));
    expect(told).toEqual([]);
    await entered;
    expect(told).toEqual(['id-1 requested']);
    isFull = true;
    await expect(queue.enter(queue.newAsk(REQUEST), waitingRecord('other'))).rejects.toThrow('disk full');
    expect(told).toHaveLength(1);
  });

  it.each([
    [true, 'approved'],
    [false, 'denied'],
  ])('is told of a decision: %s', (approved, state) => {
    const { all, told, queue } = scene();
    now(queue.decide(all.ask(queue).id, { by: 'ann', approved }));
    expect(told.slice(1)).toEqual([`id-1 pending → ${state}`]);
  });

  it('is not told of a yes that is not enough, of who waits, or of a decision that does not count', () => {
    const { all, told, queue } = scene();
    all.quorum = 2;
    const ask = all.ask(queue);
    now(queue.decide(ask.id, { by: 'ann', approved: true }));
    expect(() => queue.decide(ask.id, { by: 'worker', approved: true })).toThrow();
    now(queue.adopt(ask));
    now(queue.release(ask.id));
    expect(told).toEqual(['id-1 requested']);
    now(queue.decide(ask.id, { by: 'bob', approved: true }));
    expect(told.slice(1)).toEqual(['id-1 pending → approved']);
  });

  it('is told when a request is withdrawn, also one that was approved', () => {
    const { all, told, queue } = scene();
    const first = all.ask(queue);
    const second = all.ask(queue, { digest: 'digest-2' });
    now(queue.cancel(first.id));
    now(queue.decide(second.id, { by: 'ann', approved: true }));
    now(queue.cancel(second.id));
    expect(told.slice(2)).toEqual([
      'id-1 pending → cancelled',
      'id-2 pending → approved',
      'id-2 approved → cancelled',
    ]);
  });

  it('is told when time is over, whoever notices, and of several queues only the one that ended it', () => {
    const { all, told, queue } = scene();
    const other = listening();
    const ask = all.ask(queue);
    all.clock.advance(TIMEOUT);
    const beside = all.queue({ witness: other.witness, writerId: 'guard-2' });
    expect(now(beside.list())).toMatchObject([{ state: 'expired' }]);
    expect(now(queue.get(ask.id))).toMatchObject({ state: 'expired' });
    expect(() => queue.decide(ask.id, { by: 'ann', approved: true })).toThrow();
    expect(told).toEqual(['id-1 requested']);
    expect(other.told).toEqual(['id-1 pending → expired']);
  });

  it('is not told that an approval was used', () => {
    const { all, told, queue } = scene();
    const ask = all.ask(queue);
    now(queue.decide(ask.id, { by: 'ann', approved: true }));
    const consumes = { approvalId: ask.id, now: all.clock.now() };
    all.memory.append([{ ...waitingRecord('action-1'), kind: 'decided', consumes }]);
    expect(now(queue.get(ask.id))).toMatchObject({ state: 'consumed' });
    expect(told).toHaveLength(2);
  });
});
