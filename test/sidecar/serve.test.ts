import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ActionGuard, SidecarStartupError } from '../../src/index.ts';
import { createApp } from '../../src/sidecar.ts';
import { POLICY } from './scene.ts';
import { folder, plain, Server, shell } from './server.ts';

/** An agent in this process that made two calls, one of them refused. */
async function agent(path: string): Promise<void> {
  const guard = new ActionGuard({ policy: POLICY, snapshotPath: path });
  const tool = guard.wrap((text: string) => text);
  tool('hello');
  expect(() => tool('/etc/passwd')).toThrow();
  await guard.close();
}

describe("the original's dashboard page", () => {
  it('works as it is printed', async () => {
    const cwd = folder();
    const path = join(cwd, 'data', 'snapshots.db');
    await agent(path);
    const server = await Server.start(['--port', '0'], { cwd, env: { PLYRA_SNAPSHOT_PATH: path } });
    const { port } = server.listening;
    const list = await shell(`curl -s 'http://localhost:${port}/api/actions?limit=20&outcome=BLOCK'`);
    expect(JSON.parse(list).actions).toMatchObject([{ intent: '/etc/passwd', outcome: 'BLOCK' }]);
    // Unquoted, as it stands there: the shell ends the command at the ampersand.
    const unquoted = await shell(`curl -s http://localhost:${port}/api/actions?limit=20&outcome=BLOCK; wait`);
    expect(JSON.parse(unquoted).actions).toHaveLength(2);
    const judged = await shell(`curl -s -X POST http://localhost:${port}/api/policy/evaluate \\
  -H "Content-Type: application/json" \\
  -d '{"intent": "rm -rf /var/log"}'`);
    expect(JSON.parse(judged)).toMatchObject({ outcome: 'BLOCK', rule_name: 'recursive-delete' });
    const [{ action_id: id }] = JSON.parse(list).actions;
    expect(
      JSON.parse(await shell(`curl -s http://localhost:${port}/api/actions/${id}`)).action.action_id,
    ).toBe(id);
    expect(JSON.parse(await shell(`curl -s http://localhost:${port}/api/stats`)).total).toBe(2);
    expect(JSON.parse(await shell(`curl -s http://localhost:${port}/api/health`)).status).toBe('ok');
    expect(await server.stop('SIGINT')).toBe(0);
  });
});

describe('plyra-guard serve', () => {
  it('keeps the door to the network for those with a token, and makes the first one', async () => {
    const cwd = folder();
    const server = await Server.start(['--host', '0.0.0.0', '--port', '0'], { cwd });
    const { port, admin_token: token } = server.listening;
    const url = `http://127.0.0.1:${port}/api/actions`;
    expect((await fetch(url)).status).toBe(401);
    expect(token).toMatch(/^plyra_admin_/);
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    await server.stop();
    const again = await Server.start(['--host', '0.0.0.0', '--port', '0'], { cwd });
    expect(again.listening.admin_token).toBeNull();
  });

  it('writes a token for exporters beside the store, for its user alone, and keeps it', async () => {
    const cwd = folder();
    const file = join(cwd, '.plyra', 'ingest.token');
    const first = await Server.start(['--port', '0'], { cwd });
    const token = readFileSync(file, 'utf8').trim();
    expect(token).toMatch(/^plyra_ingest_/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const send = (port: number) =>
      fetch(`http://127.0.0.1:${port}/api/actions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"actions":[]}',
      });
    expect((await send(first.listening.port)).status).toBe(200);
    await first.stop();
    const second = await Server.start(['--port', '0'], { cwd });
    expect(readFileSync(file, 'utf8').trim()).toBe(token);
    await second.stop();
    writeFileSync(file, 'rubbish');
    chmodSync(file, 0o644);
    const third = await Server.start(['--port', '0'], { cwd });
    expect(readFileSync(file, 'utf8')).not.toBe('rubbish');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await send(third.listening.port)).status).toBe(401);
  });

  it('logs a browser in by the link that it prints, once', async () => {
    const server = await Server.start(['--port', '0'], { cwd: folder() });
    const { login, url } = server.listening;
    const answer = await fetch(login, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(`${url}/`, { headers: { cookie } })).status).toBe(200);
    expect((await fetch(login, { redirect: 'manual' })).status).toBe(401);
  });

  it('judges by a file that is watched, and keeps the last good version', async () => {
    const cwd = folder();
    const file = join(cwd, 'policy.yaml');
    const rules = (action: string): string =>
      `version: "1"\ndefault_action: allow\nrules:\n  - {pattern: x, action: ${action}}\n`;
    writeFileSync(file, rules('block'));
    const server = await Server.start(['--port', '0', '--config', file], { cwd });
    const { url } = server.listening;
    const judge = async (): Promise<string> => {
      const answer = await plain(`${url}/api/policy/evaluate`, '{"intent":"x"}');
      return (answer as { outcome: string }).outcome;
    };
    const error = async (): Promise<string | null> => {
      const health = (await plain(`${url}/api/health`)) as { policy: { error: string | null } };
      return health.policy.error;
    };
    expect(await judge()).toBe('BLOCK');
    writeFileSync(file, rules('warn'));
    await expect.poll(judge, { timeout: 10_000 }).toBe('WARN');
    writeFileSync(file, rules('wran'));
    await expect.poll(error, { timeout: 10_000 }).toMatch(/policy\.yaml:4/);
    expect(await judge()).toBe('WARN');
    writeFileSync(file, rules('allow'));
    await expect.poll(judge, { timeout: 10_000 }).toBe('ALLOW');
    expect(await error()).toBeNull();
  });

  it('says what to do where the port is taken or the options are wrong', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const cwd = folder();
    await expect(Server.start(['--port', String(port)], { cwd })).rejects.toThrow(/taken.*another port/s);
    await expect(Server.start(['--port', 'http'], { cwd })).rejects.toThrow(/--port takes a number/);
    await expect(Server.start(['--host', '192.0.2.1', '--port', '0'], { cwd })).rejects.toThrow(/no address/);
  });
});

describe('guard.serve', () => {
  it('serves the guard until it is closed, also one in memory', async () => {
    const guard = new ActionGuard({ policy: POLICY, snapshotPath: null });
    const { url } = await guard.serve({ port: 0 });
    guard.wrap((text: string) => text)('hello');
    const answer = (await plain(`${url}/api/actions`)) as { actions: { intent: string }[] };
    expect(answer.actions).toMatchObject([{ intent: 'hello' }]);
    await expect(guard.serve({ port: Number(new URL(url).port) })).rejects.toThrow(SidecarStartupError);
    await guard.close();
    await expect(fetch(`${url}/api/actions`)).rejects.toThrow();
  });
});

describe('createApp', () => {
  it('is a function of requests that takes nobody to be on this machine', async () => {
    const guard = new ActionGuard({ policy: POLICY, snapshotPath: null });
    onTestFinished(() => guard.close());
    const app = createApp({ guard });
    const headers = { host: 'localhost' };
    expect((await app.fetch(new Request('http://localhost/api/actions', { headers }))).status).toBe(401);
    expect(() => createApp({ guard: {} })).toThrow(/serves an ActionGuard/);
  });
});
