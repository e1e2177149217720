import { describe, expect, it } from 'vitest';
import { now, problemOf, Scene, stateOf, TIMEOUT } from '../queue-scene.ts';

const yes = { by: 'alice', approved: true };

describe('an approval', () => {
  it('counts up to the last millisecond, and not after it', () => {
    const scene = new Scene();
    const [early, late] = [scene.ask(scene.queue()), scene.ask(scene.queue())];
    scene.clock.advance(TIMEOUT - 1);
    expect(now(scene.queue().decide(early.id, yes)).state).toBe('approved');
    scene.clock.advance(1);
    expect(problemOf(() => scene.queue().decide(late.id, yes))).toBe('expired');
    expect(scene.store.get(late.id)).toMatchObject({ state: 'expired', shown: null, votes: [] });
    expect(scene.told().at(-1)).toMatchObject({ event: 'expired', approvalId: late.id });
  });

  it('is too late by the wall clock alone', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.clock.setWall(TIMEOUT);
    expect(problemOf(() => scene.queue().decide(ask.id, yes))).toBe('expired');
  });

  it("is too late by the machine's clock, also where the wall clock was set back", () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.clock.setWall(-24 * 60 * TIMEOUT);
    scene.clock.advance(TIMEOUT - 1);
    expect(now(scene.queue().get(ask.id))?.state).toBe('pending');
    scene.clock.advance(1);
    expect(problemOf(() => scene.queue().decide(ask.id, yes))).toBe('expired');
    expect(stateOf(scene, ask)).toBe('expired');
  });

  it.each(['boot-2', null])('is judged by the wall clock alone where the machine is %j', (boot) => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.boot = boot;
    scene.clock.setWall(-TIMEOUT);
    scene.clock.advance(TIMEOUT);
    expect(now(scene.queue().decide(ask.id, yes)).state).toBe('approved');
  });

  it('is too late for the process whose call has waited for long enough, whatever other clocks say', async () => {
    const scene = new Scene();
    scene.boot = null;
    const ask = scene.ask(scene.queue(), { waits: true });
    const fired: (() => void)[] = [];
    // A process that is held up: its timers do not fire.
    const clock = {
      now: scene.clock.now,
      monotonic: scene.clock.monotonic,
      setTimer: (_ms: number, fn: () => void) => {
        fired.push(fn);
        return () => {};
      },
    };
    const waited = scene.queue({ clock }).wait(ask, { timeoutMs: TIMEOUT });
    scene.clock.setWall(-TIMEOUT);
    scene.clock.advance(TIMEOUT);
    expect(problemOf(() => scene.queue().decide(ask.id, yes))).toBe('expired');
    await expect(waited).resolves.toMatchObject({ state: 'expired' });
  });

  it('that has not been used in time lets nothing through', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, yes);
    scene.clock.setWall(-TIMEOUT);
    scene.clock.advance(TIMEOUT);
    expect(scene.queue().match('digest-1', null, [])).toEqual({ kind: 'none' });
    expect(stateOf(scene, ask)).toBe('expired');
  });

  it('of a request whose time cannot be read is too late', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const get = (): ReturnType<typeof scene.store.get> => {
      const approval = scene.store.get(ask.id);
      return approval && { ...approval, expiresAt: new Date(Number.NaN) };
    };
    const store = Object.assign(Object.create(scene.store), {
      get,
      change: scene.store.change.bind(scene.store),
    });
    expect(problemOf(() => scene.queue({ store }).decide(ask.id, yes))).toBe('expired');
  });
});
