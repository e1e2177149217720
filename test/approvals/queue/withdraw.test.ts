import { describe, expect, it } from 'vitest';
import { ApprovalError } from '../../../src/index.ts';
import { now, Scene } from '../queue-scene.ts';

describe('taking a yes back', () => {
  it('cancels an approved request that was not used, and journals who did it', () => {
    const scene = new Scene();
    const queue = scene.queue();
    const { id } = scene.ask(queue);
    queue.decide(id, { by: 'alice', approved: true });
    expect(queue.withdraw(id, 'bob')).toMatchObject({ state: 'cancelled' });
    expect(scene.memory.records().at(-1)?.body).toMatchObject({
      event: 'cancelled',
      was: 'approved',
      by: 'bob',
    });
    expect(now(queue.get(id))?.state).toBe('cancelled');
  });

  it.each(['pending', 'denied', 'cancelled'])('is refused where the request is %s', (state) => {
    const scene = new Scene();
    const queue = scene.queue();
    const { id } = scene.ask(queue);
    if (state === 'denied') queue.decide(id, { by: 'alice', approved: false });
    if (state === 'cancelled') queue.cancel(id);
    expect(() => queue.withdraw(id, 'bob')).toThrow(ApprovalError);
    expect(now(queue.get(id))?.state).toBe(state);
  });

  it('is refused for a request that is not there, and for a name that is none', () => {
    const scene = new Scene();
    expect(() => scene.queue().withdraw('nonsense', 'bob')).toThrow(/no request/);
    expect(() => scene.queue().withdraw('nonsense', '')).toThrow(/Say who/);
  });
});
