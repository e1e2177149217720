import { describe, expect, it } from 'vitest';
import type { RollbackHandler } from '../../src/rollback/handler.ts';
import { POLICY, Scene } from './scene.ts';

/** A guard with a request that waits for a person; its id. */
async function asked(): Promise<{ readonly scene: Scene; readonly id: string }> {
  const scene = new Scene({ guard: { policy: POLICY, approvals: { wait: false } } });
  const pay = scene.guard.wrap(async function pay(text: string) {
    return `paid ${text}`;
  });
  await expect(pay('pay bob 5')).rejects.toThrow(/person|approv|escalat/i);
  const [{ id }] = (await scene.ask('/api/approvals', { token: await scene.token('viewer') })).json.approvals;
  return { scene, id };
}

describe('a request for approval', () => {
  it('is approved once, by the name of the token, and told so to who comes too late', async () => {
    const { scene, id } = await asked();
    const token = await scene.token('approver', null, 'ann');
    const answer = await scene.ask(`/api/approvals/${id}/approve`, { token, body: { note: 'fine' } });
    expect(answer.json).toMatchObject({ state: 'approved', decided_by: 'token:ann', note: 'fine' });
    const late = await scene.ask(`/api/approvals/${id}/deny`, { token, body: {} });
    expect(late.status).toBe(409);
    const kinds = [...(await scene.runtime.store.records())].filter(({ kind }) => kind === 'approval');
    expect(JSON.stringify(kinds.at(-1)?.body)).toContain('token:ann');
  });

  it('is denied, and the model is shown the note', async () => {
    const { scene, id } = await asked();
    const token = await scene.token('approver');
    const answer = await scene.ask(`/api/approvals/${id}/deny`, { token, body: { note: 'too much' } });
    expect(answer.json).toMatchObject({ state: 'denied', note: 'too much' });
  });

  it('may be granted for more than one call, and the grant revoked', async () => {
    const { scene, id } = await asked();
    const token = await scene.token('approver', null, 'ann');
    const grant = { scope: 'call', minutes: 5 };
    expect((await scene.ask(`/api/approvals/${id}/approve`, { token, body: { grant } })).status).toBe(200);
    const { grants } = (await scene.ask('/api/grants', { token })).json;
    expect(grants).toMatchObject([{ scope: 'call', granted_by: 'token:ann', revoked_at: null }]);
    const path = `/api/grants/${grants[0].id}`;
    expect((await scene.ask(path, { method: 'DELETE', token })).json.revoked_by).toBe('token:ann');
    expect((await scene.ask('/api/grants', { token })).json.grants).toEqual([]);
    expect((await scene.ask(path, { method: 'DELETE', token })).status).toBe(404);
  });

  it('that is not there is not found; what is no decision is refused', async () => {
    const { scene, id } = await asked();
    const token = await scene.token('approver');
    expect((await scene.ask('/api/approvals/none/approve', { token, body: {} })).status).toBe(404);
    const bad = { grant: { scope: 'for ever' } };
    expect((await scene.ask(`/api/approvals/${id}/approve`, { token, body: bad })).status).toBe(400);
  });

  it('is not approved by who may only look or send', async () => {
    const { scene, id } = await asked();
    for (const role of ['viewer', 'ingest'] as const) {
      const token = await scene.token(role);
      expect((await scene.ask(`/api/approvals/${id}/approve`, { token, body: {} })).status).toBe(403);
    }
    const { approvals } = (await scene.ask('/api/approvals', { token: await scene.token('viewer') })).json;
    expect(approvals[0].state).toBe('pending');
  });
});

describe('rolling back', () => {
  /** A guard whose tool `set` changes a value, undone by a handler. */
  function undoable() {
    const scene = new Scene();
    const values = new Map<string, string>();
    const handler: RollbackHandler = {
      name: 'values',
      actionTypes: ['value.set'],
      capture: ({ parameters }) => ({
        key: parameters.key,
        value: values.get(String(parameters.key)) ?? null,
      }),
      restore: ({ data }) => {
        const { key, value } = data as { key: string; value: string | null };
        if (value === null) values.delete(key);
        else values.set(key, value);
      },
    };
    scene.guard.registerRollbackHandler('value.*', handler);
    const set = scene.guard.protect('value.set')(({ key, value }: { key: string; value: string }) => {
      values.set(key, value);
      return value;
    });
    return { scene, values, set };
  }

  it('undoes an action once, in the name of who asked', async () => {
    const { scene, values, set } = undoable();
    set({ key: 'a', value: 'one' });
    const [{ action_id: id }] = (await scene.ask('/api/actions')).json.actions;
    const token = await scene.token('approver', null, 'ann');
    const dry = await scene.ask(`/api/actions/${id}/rollback`, { token, body: { dry_run: true } });
    expect(dry.json).toMatchObject({ rolled_back: false, dry_run: true });
    expect(values.get('a')).toBe('one');
    const done = await scene.ask(`/api/actions/${id}/rollback`, { token, body: {} });
    expect(done.json).toMatchObject({ rolled_back: true });
    expect(values.has('a')).toBe(false);
    expect((await scene.ask(`/api/actions/${id}/rollback`, { token, body: {} })).json.rolled_back).toBe(
      false,
    );
    const [newest] = (await scene.ask('/api/actions')).json.actions;
    expect(newest).toMatchObject({ tool_name: 'rollback', principal: 'token:ann' });
  });

  it('undoes a task, and says what it could not', async () => {
    const { scene, values, set } = undoable();
    scene.guard.withContext({ taskId: 't' }, () => {
      set({ key: 'a', value: 'one' });
      set({ key: 'b', value: 'two' });
      scene.echo('changes nothing');
    });
    const token = await scene.token('approver');
    const { json } = await scene.ask('/api/tasks/t/rollback', { token, body: {} });
    expect(json).toMatchObject({ task_id: 't', total_actions: 3, success: true });
    expect(json.rolled_back).toHaveLength(2);
    expect(json.skipped).toHaveLength(1);
    expect(values.size).toBe(0);
  });

  it('of what cannot be undone says why', async () => {
    const { scene } = undoable();
    scene.echo('hello');
    const [{ action_id: id }] = (await scene.ask('/api/actions')).json.actions;
    const token = await scene.token('admin');
    const answer = await scene.ask(`/api/actions/${id}/rollback`, { token, body: {} });
    expect(answer.status).toBe(409);
    expect(answer.json.detail).toContain('captured');
    expect((await scene.ask('/api/actions/none/rollback', { token, body: {} })).status).toBe(404);
  });
});

describe('a login link', () => {
  const COOKIE = /^plyra_session=([\w-]{43}); Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/;

  async function loggedIn() {
    const scene = new Scene();
    const key = scene.sidecar.desk.logins.newKey({ name: 'web:ann@here', role: 'admin' });
    const answer = await scene.ask(`/login?key=${key}`);
    const secret = COOKIE.exec(answer.headers.get('set-cookie') ?? '')?.[1];
    return { scene, key, answer, cookie: `other=1; plyra_session=${secret}` };
  }

  it('begins a session, once, and is journaled', async () => {
    const { scene, key, answer } = await loggedIn();
    expect(answer.status).toBe(303);
    expect(answer.headers.get('set-cookie')).toMatch(COOKIE);
    const [record] = [...(await scene.runtime.store.records())];
    expect(record?.body).toMatchObject({ event: 'login', by: 'web:ann@here' });
    expect((await scene.ask(`/login?key=${key}`)).status).toBe(401);
  });

  it("lets the sidecar's own pages do what its role may", async () => {
    const { scene, cookie } = await loggedIn();
    const own = { cookie, 'sec-fetch-site': 'same-origin', origin: 'http://localhost:8765' };
    expect((await scene.ask('/api/sessions', { headers: { cookie, 'sec-fetch-site': 'none' } })).status).toBe(
      200,
    );
    expect((await scene.ask('/api/approvals/x/approve', { headers: own, body: {} })).status).toBe(404);
    expect((await scene.ask('/logout', { headers: own, method: 'POST' })).json).toEqual({ ended: true });
    expect((await scene.ask('/api/sessions', { headers: own })).status).toBe(401);
  });

  it('is of no use to pages of another port or site, nor to one that does not say where it is', async () => {
    const { scene, cookie } = await loggedIn();
    for (const headers of [
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, origin: 'http://localhost:3000' },
    ]) {
      expect((await scene.ask('/api/sessions', { headers })).status).toBe(403);
    }
    expect((await scene.ask('/api/approvals/x/approve', { headers: { cookie }, body: {} })).status).toBe(403);
  });

  it('and tokens cannot be guessed: who tries on is made to wait', async () => {
    const scene = new Scene();
    for (let i = 0; i < 30; i++) expect((await scene.ask(`/login?key=wrong${i}`)).status).toBe(401);
    const answer = await scene.ask('/login?key=wrong');
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await scene.ask('/api/sessions', { token: await scene.token('admin') })).status).toBe(429);
  });
});

describe('pages of other origins', () => {
  it('are answered where they are listed, and never with cookies', async () => {
    const scene = new Scene({ app: { origins: ['https://desk.example'] } });
    const origin = 'https://desk.example';
    const token = await scene.token('viewer');
    const answer = await scene.ask('/api/sessions', { token, headers: { origin } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const preflight = await scene.ask('/api/sessions', { method: 'OPTIONS', headers: { origin } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    const closed = await new Scene().ask('/api/sessions', { method: 'OPTIONS', headers: { origin } });
    expect(closed.status).toBe(403);
    expect(closed.headers.get('access-control-allow-origin')).toBeNull();
  });
});
