import { describe, expect, it } from 'vitest';
import { Scene, sentEntry } from './scene.ts';

async function send(scene: Scene, entries: readonly unknown[], token?: string) {
  return scene.ask('/api/actions', {
    body: { actions: entries },
    token: token ?? (await scene.token('ingest')),
  });
}

describe.each(['sqlite', 'memory'] as const)('an entry that is sent in to a journal in %s', (place) => {
  it('is listed, counted and proved beside those of this machine', async () => {
    const scene = new Scene({ place });
    scene.echo('near');
    const entry = sentEntry(2, {
      session_id: 's',
      parameters: { path: '/x' },
      result: { n: 1 },
      estimated_cost: 0.25,
    });
    expect((await send(scene, [entry])).json).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
    const { actions } = (await scene.ask('/api/actions')).json;
    expect(actions.map(({ intent }: { intent: string }) => intent)).toEqual(['far away 2', 'near']);
    expect(actions[0]).toMatchObject({
      ...entry,
      parameters: { path: '/x' },
      result: { n: 1 },
      estimated_cost: 0.25,
    });
    expect((await scene.ask('/api/stats')).json.total).toBe(2);
    const { chain } = (await scene.ask('/api/actions/far-2')).json;
    expect(chain).toMatchObject({
      ok: true,
      records: [{ kind: 'decided', sent_by: expect.stringMatching(/^token:/) }],
    });
  });

  it('is kept once, however often and by whichever batch it comes', async () => {
    const scene = new Scene({ place });
    expect((await send(scene, [sentEntry(1), sentEntry(2), sentEntry(1)])).json.accepted).toBe(2);
    expect((await send(scene, [sentEntry(2), sentEntry(3)])).json).toMatchObject({
      accepted: 1,
      duplicates: 1,
    });
    expect((await scene.ask('/api/actions')).json.actions).toHaveLength(3);
    expect((await scene.ask('/api/stats')).json.total).toBe(3);
  });

  it('takes the place of what was told of its action before', async () => {
    const scene = new Scene({ place });
    await send(scene, [sentEntry(1, { action_id: 'one' })]);
    await send(scene, [sentEntry(2, { action_id: 'one', rolled_back: true })]);
    expect((await scene.ask('/api/actions')).json.actions).toMatchObject([
      { action_id: 'one', rolled_back: true, seq: 2 },
    ]);
  });

  it('overwrites nothing that was journaled here, nor what another machine sent', async () => {
    const scene = new Scene({ place });
    try {
      scene.echo('/etc/passwd');
    } catch {
      // Refused, as it is to be.
    }
    const [{ action_id: id }] = (await scene.ask('/api/actions')).json.actions;
    await send(scene, [sentEntry(9, { action_id: id, outcome: 'ALLOW', intent: 'nothing to see' })]);
    await send(scene, [sentEntry(1, { action_id: 'far' })]);
    await send(scene, [
      sentEntry(1, { action_id: 'far', intent: 'forged', writer: { id: 'other', host: 'h', pid: 1 } }),
    ]);
    const { actions } = (await scene.ask('/api/actions')).json;
    expect(actions.map(({ intent }: { intent: string }) => intent)).toEqual(['far away 1', '/etc/passwd']);
    expect(actions[1].outcome).toBe('BLOCK');
  });

  it('that cannot be kept is told by its place, and the others are kept', async () => {
    const scene = new Scene({ place });
    const bad = [
      sentEntry(1, { state: 'running' }),
      sentEntry(2, { timestamp: 'yesterday' }),
      sentEntry(3, { timestamp: '2999-01-01T00:00:00Z' }),
      sentEntry(4, { action_id: 'a\0b' }),
      sentEntry(5, { writer: { id: 'x' } }),
      sentEntry(6, { outcome: 'PERHAPS' }),
      null,
    ];
    const { json } = await send(scene, [...bad, sentEntry(7)]);
    expect(json.accepted).toBe(1);
    expect(json.rejected.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(json.rejected[1].detail).toContain('timestamp');
  });

  it('leaves the journal in order', async () => {
    const scene = new Scene({ place });
    scene.echo('near');
    await send(scene, [sentEntry(1), sentEntry(2)]);
    scene.echo('near again');
    const positions = [...(await scene.runtime.store.records())].map(({ position }) => position);
    expect(positions).toEqual(positions.map((_, i) => i + 1));
  });
});

describe('a batch', () => {
  it('has at most a thousand entries', async () => {
    const scene = new Scene();
    expect(
      (
        await send(
          scene,
          Array.from({ length: 1_001 }, (_, i) => sentEntry(i + 1)),
        )
      ).status,
    ).toBe(400);
    expect(
      (
        await send(
          scene,
          Array.from({ length: 1_000 }, (_, i) => sentEntry(i + 1)),
        )
      ).json.accepted,
    ).toBe(1_000);
  });

  it('that cannot be written is not acknowledged, and leaves nothing behind', async () => {
    const scene = new Scene();
    const token = await scene.token('ingest');
    const { draft } = scene.parts;
    let calls = 0;
    Object.defineProperty(scene.parts, 'draft', {
      value: (...given: Parameters<typeof draft>) => {
        if (++calls === 2) throw new Error('the disk is full');
        return draft(...given);
      },
    });
    expect((await send(scene, [sentEntry(1), sentEntry(2)], token)).status).toBe(500);
    expect((await scene.ask('/api/actions')).json.actions).toEqual([]);
    expect((await send(scene, [sentEntry(1), sentEntry(2)], token)).json.accepted).toBe(2);
  });
});
