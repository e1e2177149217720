import { describe, expect, it } from 'vitest';
import type { Matched, NewRequest } from '../../../src/approvals/queue.ts';
import type { ApprovalAsk } from '../../../src/core/approval.ts';
import { later, storeWith } from '../other-stores.ts';
import { MINUTE, now, Scene, TIMEOUT } from '../queue-scene.ts';

const yes = { by: 'alice', approved: true };
const no = { by: 'alice', approved: false, note: 'No' };

/** What a call is told, and by which request or grant. */
function told(matched: Matched): string {
  if (matched.kind === 'none') return 'none';
  return `${matched.kind} ${matched.kind === 'granted' ? matched.grant.id : matched.approval.id}`;
}

const look = (
  scene: Scene,
  digest = 'digest-1',
  objections = ['payments'],
  session: string | null = null,
): string => told(now(scene.queue().match(digest, session, objections)));

describe('a call', () => {
  it('goes by nothing where nothing was asked', () => {
    expect(look(new Scene())).toBe('none');
  });

  it.each<[string, (scene: Scene, ask: ApprovalAsk) => unknown, string]>([
    ['is pending', () => {}, 'pending id-1'],
    ['was approved', (scene, { id }) => scene.queue().decide(id, yes), 'approved id-1'],
    ['was denied', (scene, { id }) => scene.queue().decide(id, no), 'denied id-1'],
    ['was cancelled', (scene, { id }) => scene.queue().cancel(id), 'none'],
    ['expired', (scene, { id }) => scene.queue().expire(id), 'none'],
    ['is overdue', (scene) => scene.clock.advance(TIMEOUT), 'none'],
    [
      'was denied long ago',
      (scene, { id }) => [scene.queue().decide(id, no), scene.clock.advance(TIMEOUT)],
      'none',
    ],
  ])('goes by a request that %s', (_what, change, matched) => {
    const scene = new Scene();
    change(scene, scene.ask(scene.queue()));
    expect(look(scene)).toBe(matched);
  });

  it('goes by a request once', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, yes);
    const [record] = scene.memory.records();
    if (record === undefined) throw new Error('There is no record.');
    const consumes = { approvalId: ask.id, now: scene.clock.now() };
    scene.memory.append([{ ...record, kind: 'decided', body: () => ({}), consumes }]);
    expect(look(scene)).toBe('none');
  });

  it.each(['pending', 'approved', 'denied'])('does not go by a %s request of another digest', (state) => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    if (state !== 'pending')
      scene.queue().decide(ask.id, { ...(state === 'denied' ? no : yes), scope: 'call' });
    for (const digest of ['digest-2', 'digest-', 'DIGEST-1', 'digest-1 ', ''])
      expect(look(scene, digest)).toBe('none');
    // Whatever the store answers.
    const all = storeWith(scene.store, {
      list: () => scene.store.list({}),
      grants: () => scene.store.grants({}),
    });
    expect(scene.queue({ store: all }).match('digest-2', null, [])).toEqual({ kind: 'none' });
  });

  it('does not go by what a living call waits for', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue(), { waits: true });
    expect(look(scene)).toBe('none');
    scene.queue().decide(ask.id, yes);
    expect(look(scene)).toBe('none');
    const store = storeWith(scene.store, { hasWaiter: () => false });
    expect(told(now(scene.queue({ store }).match('digest-1', null, ['payments'])))).toBe('approved id-1');
  });

  it.each([
    [[], 'approved id-1'],
    [['payments'], 'approved id-1'],
    [['payments', 'night'], 'none'],
    [['night'], 'none'],
  ])('that is objected to by %j goes by an approval of who saw "payments": %s', (objections, matched) => {
    const scene = new Scene();
    scene.queue().decide(scene.ask(scene.queue()).id, yes);
    expect(look(scene, 'digest-1', objections)).toBe(matched);
  });

  it('asks again where a pending request does not show everything, and goes by a denial all the same', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    expect(look(scene, 'digest-1', ['night'])).toBe('none');
    scene.queue().decide(ask.id, no);
    expect(look(scene, 'digest-1', ['night'])).toBe('denied id-1');
  });

  it('goes by the newest request that says something', () => {
    const scene = new Scene();
    const queue = scene.queue();
    const [approved, denied, cancelled] = [scene.ask(queue), scene.ask(queue), scene.ask(queue)];
    scene.ask(queue, { waits: true });
    queue.decide(approved.id, yes);
    queue.decide(denied.id, no);
    queue.cancel(cancelled.id);
    expect(look(scene)).toBe('denied id-2');
  });

  it('is told the same by a store that answers later', async () => {
    const scene = new Scene();
    const queue = scene.queue();
    const [approved, waited] = [scene.ask(queue), scene.ask(queue, { waits: true })];
    for (const { id } of [approved, waited]) queue.decide(id, yes);
    const matched = await scene.queue({ store: later(scene.store) }).match('digest-1', null, []);
    expect(told(matched)).toBe('approved id-1');
  });
});

describe('a grant', () => {
  const granted = (decision: object, request: Partial<NewRequest> = {}): Scene => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue(), request);
    scene.queue().decide(ask.id, { ...yes, ...decision });
    return scene;
  };

  it('of scope call lets every such call through until it ends', () => {
    const scene = granted({ scope: 'call', minutes: 60 });
    expect([look(scene), look(scene), look(scene, 'digest-1', [], 'session-9')]).toEqual(
      Array(3).fill('granted id-2'),
    );
    scene.clock.advance(60 * MINUTE - 1);
    expect(look(scene)).toBe('granted id-2');
    scene.clock.advance(1);
    expect(look(scene)).toBe('none');
  });

  it('of scope session lets only calls of that session through', () => {
    const scene = granted({ scope: 'session' });
    expect(look(scene, 'digest-1', ['payments'], 'session-1')).toBe('granted id-2');
    for (const session of ['session-2', '', null]) {
      expect(look(scene, 'digest-1', ['payments'], session)).toBe('approved id-1');
    }
  });

  it('does not go farther than what was shown', () => {
    const scene = granted({ scope: 'call' });
    expect(look(scene, 'digest-1', ['payments', 'night'])).toBe('none');
  });

  it('lets nothing through once it is revoked, nor does the approval that it came with', () => {
    const scene = granted({ scope: 'call' });
    scene.queue().revoke('id-2', 'bob');
    expect(look(scene)).toBe('none');
    expect(scene.told().map(({ event }) => event)).toEqual(['approved', 'cancelled', 'revoked']);
  });
});
