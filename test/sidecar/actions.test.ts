import { describe, expect, it } from 'vitest';
import { type Answered, Scene } from './scene.ts';

/** A guard whose tool was called with each of these, whatever became of it. */
function sceneOf(place: 'memory' | 'sqlite', ...texts: readonly string[]): Scene {
  const scene = new Scene({ place });
  for (const text of texts) call(scene, text);
  return scene;
}

function call(scene: Scene, text: string): void {
  try {
    scene.echo(text);
  } catch {
    // Refused.
  }
}

const intentsOf = ({ json }: Answered): string[] => json.actions.map(({ intent }) => intent);

describe.each(['sqlite', 'memory'] as const)('GET /api/actions of a journal in %s', (place) => {
  it('has the newest first, page by page, each once', async () => {
    const texts = Array.from({ length: 7 }, (_, i) => `one ${i}`);
    const scene = sceneOf(place, ...texts);
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page++) {
      const answer = await scene.ask(`/api/actions?limit=3${cursor}`);
      seen.push(...intentsOf(answer));
      // What is added meanwhile changes no later page.
      call(scene, `late ${page}`);
      if (answer.json.next_cursor === null) break;
      cursor = `&cursor=${answer.json.next_cursor}`;
    }
    expect(seen).toEqual(texts.toReversed());
  });

  it('is chosen by outcome, rule, tool, session, tag, time and words', async () => {
    const scene = sceneOf(place, '/etc/passwd', 'hello world');
    scene.guard.withContext({ sessionId: 's', taskId: 't', agentId: 'ann' }, () =>
      call(scene, 'hello there'),
    );
    const chosen = async (query: string): Promise<string[]> =>
      intentsOf(await scene.ask(`/api/actions?${query}`));
    expect(await chosen('outcome=block')).toEqual(['/etc/passwd']);
    expect(await chosen('rule=system-files&outcome=BLOCK')).toEqual(['/etc/passwd']);
    expect(await chosen('q=hell')).toEqual(['hello there', 'hello world']);
    expect(await chosen('q=hello&session_id=s&task_id=t&agent_id=ann')).toEqual(['hello there']);
    expect(await chosen('tool_name=echo&limit=1')).toEqual(['hello there']);
    expect(await chosen('tag=none&tag=other')).toEqual([]);
    expect(await chosen('from=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await chosen('to=2999-01-01T00:00:00Z')).toHaveLength(3);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'cursor=x',
    'outcome=MAYBE',
    'from=yesterday',
    'limit=1&limit=2',
  ])('refuses %s', async (query) => {
    const answer = await new Scene({ place }).ask(`/api/actions?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].path).toMatch(/^query\./);
  });

  it('tells of one action with the records that prove it', async () => {
    const scene = sceneOf(place, 'hello');
    const [{ action_id: id }] = (await scene.ask('/api/actions')).json.actions;
    const { action, chain, snapshot } = (await scene.ask(`/api/actions/${id}`)).json;
    expect(action).toMatchObject({ intent: 'hello', state: 'done', result: 'echo hello' });
    expect(chain.ok).toBe(true);
    expect(chain.records.map(({ kind }: { kind: string }) => kind)).toEqual(['decided', 'done']);
    expect(snapshot).toBeNull();
    expect((await scene.ask('/api/actions/nobody')).status).toBe(404);
  });

  it('counts by outcome, tool, agent, rule and minute', async () => {
    const scene = sceneOf(place, '/etc/passwd', '/etc/hosts', 'a');
    const { json } = await scene.ask('/api/stats');
    expect(json).toMatchObject({ total: 3, by_outcome: { ALLOW: 1, BLOCK: 2 } });
    expect(json.by_tool).toMatchObject([{ tool_name: 'echo', total: 3 }]);
    expect(json.by_agent).toMatchObject([{ agent_id: 'default', by_outcome: { ALLOW: 1, BLOCK: 2 } }]);
    expect(json.by_rule).toMatchObject([{ rule_name: 'system-files', hits: 2 }]);
    expect(json.minutes.length).toBeGreaterThanOrEqual(60);
    const total = json.minutes.reduce((sum: number, one: { total: number }) => sum + one.total, 0);
    expect(total).toBe(3);
    expect(json.latency_ms.p50).toBeGreaterThan(0);
  });

  it('replays a session in its order', async () => {
    const scene = sceneOf(place, 'of no session');
    scene.guard.withContext({ sessionId: 'a/b c' }, () => {
      for (const text of ['first', '/etc/passwd', 'third']) call(scene, text);
    });
    const token = await scene.token('viewer');
    const { sessions } = (await scene.ask('/api/sessions', { token })).json;
    expect(sessions).toMatchObject([{ session_id: 'a/b c', total: 3, by_outcome: { ALLOW: 2, BLOCK: 1 } }]);
    const replay = await scene.ask(`/api/sessions/${encodeURIComponent('a/b c')}`, { token });
    expect(intentsOf(replay)).toEqual(['first', '/etc/passwd', 'third']);
    expect((await scene.ask('/api/sessions/none', { token })).status).toBe(404);
  });

  it('lists rules in order, with how often each decided, and agents', async () => {
    const scene = sceneOf(place, '/etc/passwd', 'x');
    scene.guard.registerAgent('boss', 0.8);
    const token = await scene.token('viewer');
    const { layers } = (await scene.ask('/api/policies', { token })).json;
    expect(layers[0].rules).toMatchObject([
      { name: 'system-files', hits: 1, last_hit: expect.any(String) },
      { name: 'money', hits: 0, last_hit: null },
    ]);
    const { agents } = (await scene.ask('/api/agents', { token })).json;
    expect(agents).toMatchObject([
      { agent_id: 'default', registered: false, total: 2 },
      { agent_id: 'boss', registered: true, trust_level: 0.8, total: 0 },
    ]);
  });
});

describe('POST /api/policy/evaluate', () => {
  it('judges a text or an action, and writes nothing', async () => {
    const scene = new Scene();
    const text = await scene.ask('/api/policy/evaluate', { body: { intent: '/etc/passwd' } });
    expect(text.json).toMatchObject({ outcome: 'BLOCK', verdict: 'BLOCK', rule_name: 'system-files' });
    const action = {
      action_type: 'file.read',
      tool_name: 'read',
      parameters: { path: '/tmp/../etc/passwd' },
    };
    expect((await scene.ask('/api/policy/evaluate', { body: { intent: action } })).json.outcome).toBe(
      'BLOCK',
    );
    const command = { intent: 'cat /etc/passwd', as: 'shell' };
    expect((await scene.ask('/api/policy/evaluate', { body: command })).json.results.length).toBeGreaterThan(
      0,
    );
    expect((await scene.ask('/api/actions')).json.actions).toEqual([]);
  });

  it.each([
    [{ intent: 5 }],
    [{ intent: [] }],
    [{ intent: { tool: 'x' } }],
    [{ intent: {} }],
    [{ intent: 'x', as: 'poem' }],
    [{ intent: 'x', mode: 'monitor' }],
    [[]],
  ])('refuses %j', async (body) => {
    expect((await new Scene().ask('/api/policy/evaluate', { body })).status).toBe(400);
  });

  it('is not confused by keys of the prototype', async () => {
    const text =
      '{"intent": {"action_type": "a.b", "parameters": {"__proto__": {"path": "/etc/passwd"}, "a": "b"}}}';
    const answer = await new Scene().ask('/api/policy/evaluate', { text });
    expect([200, 400]).toContain(answer.status);
    expect(({} as Record<string, unknown>).path).toBeUndefined();
  });
});
