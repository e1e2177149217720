import { describe, expect, it } from 'vitest';
import { may, type Permission } from '../../src/access/roles.ts';
import { ROLES } from '../../src/core/access-token.ts';
import { documentOf } from '../../src/sidecar/document.ts';
import { ROUTES } from '../../src/sidecar/routes.ts';
import { type Answered, HERE, Scene, THERE } from './scene.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly permission: Permission | null;
  readonly isOpen: boolean;
  readonly hasBody: boolean;
  readonly responses: readonly string[];
}

type Described = Record<string, Record<string, Record<string, unknown>>>;

/** Every operation that the document tells of. */
const OPERATIONS: readonly Operation[] = Object.entries(
  (documentOf(ROUTES) as { paths: Described }).paths,
).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => ({
    ...{ method: method.toUpperCase(), path },
    permission: one['x-permission'] as Permission | null,
    isOpen: (one.security as object[]).some((way) => Object.keys(way).length === 0),
    hasBody: one.requestBody !== undefined,
    responses: Object.keys(one.responses as object),
  })),
);
const GUARDED = OPERATIONS.filter(({ permission }) => permission !== null);

/** Bodies that each route takes. */
const GOOD: Readonly<Record<string, unknown>> = {
  '/api/actions': { actions: [] },
  '/api/policy/evaluate': { intent: 'rm -rf /' },
};

function urlOf({ path }: Operation): string {
  return path.replace('{id}', 'nobody').replace('/login', '/login?key=wrong');
}

function ask(scene: Scene, one: Operation, more: Parameters<Scene['ask']>[1] = {}): Promise<Answered> {
  const body = one.hasBody ? { body: GOOD[one.path] ?? {} } : {};
  return scene.ask(urlOf(one), { method: one.method, ...body, ...more });
}

/** What must hold of whatever comes back. */
function expectSafe({ status, headers, text, json }: Answered): void {
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(text).not.toMatch(/\bat .+:\d+:\d+|node_modules|\/src\//);
  if (status < 400) return;
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(json).toMatchObject({
    status,
    type: expect.any(String),
    title: expect.any(String),
    detail: expect.any(String),
  });
}

describe('the OpenAPI document', () => {
  it('is one of version 3.1, and tells of every route of the app', () => {
    expect(documentOf(ROUTES)).toMatchObject({ openapi: '3.1.0' });
    expect(OPERATIONS.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort(),
    );
  });

  it('lets programs on this machine do five things without a token, and no more', () => {
    expect(
      OPERATIONS.filter(({ isOpen }) => isOpen)
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual([
      'GET /api/actions',
      'GET /api/actions/{id}',
      'GET /api/health',
      'GET /api/stats',
      'POST /api/policy/evaluate',
    ]);
  });
});

describe.each(OPERATIONS)('$method $path', (one) => {
  it('refuses a foreign host and a page of a foreign origin, whatever they bring', async () => {
    const scene = new Scene();
    const token = await scene.token('admin');
    const foreign = [
      { host: 'evil.example' },
      { host: 'localhost.evil.example' },
      { host: 'localhost@evil.example' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:3000' },
    ];
    for (const headers of foreign) {
      const answer = await ask(scene, one, { token, headers });
      expect({ headers, status: answer.status }).toEqual({ headers, status: 403 });
      expectSafe(answer);
    }
  });

  it('answers a HEAD and another method without doing anything', async () => {
    const scene = new Scene();
    const token = await scene.token('admin');
    const answer = await scene.ask(urlOf(one), { method: 'PATCH', token });
    expect(answer.status).toBe(405);
    expectSafe(answer);
    expect((await scene.ask(urlOf(one), { method: 'HEAD', token })).status).toBe(405);
  });
});

describe.each(GUARDED)('$method $path', (one) => {
  it('without a token is for programs on this machine alone, where it is for anybody', async () => {
    const scene = new Scene();
    const here = await ask(scene, one, { from: HERE });
    expect(here.status === 401).toBe(!one.isOpen);
    expectSafe(here);
    const browser = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' };
    const proxied = { 'x-forwarded-for': '203.0.113.9' };
    for (const more of [{ from: THERE }, { headers: browser }, { headers: proxied }]) {
      const answer = await ask(scene, one, more);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expectSafe(answer);
    }
  });

  it('without a token is for nobody where tokens are required', async () => {
    expect((await ask(new Scene({ app: { requireToken: true } }), one)).status).toBe(401);
  });

  it('takes no token that is wrong, expired or garbled, also of a program on this machine', async () => {
    const scene = new Scene();
    const expired = await scene.token('admin', -1_000);
    const unknown = `plyra_admin_${'A'.repeat(43)}`;
    for (const token of [expired, unknown, 'x', '']) {
      const answer = await ask(scene, one, { token });
      expect(answer.status).toBe(401);
      expectSafe(answer);
    }
  });

  it.each(ROLES)('is for the role %s as far as that may', async (role) => {
    const scene = new Scene();
    const token = await scene.token(role);
    const answer = await ask(scene, one, { token, from: THERE });
    expect(answer.status === 403).toBe(one.permission === null || !may(role, one.permission));
    expect(answer.status).not.toBe(401);
    expect(answer.status).not.toBe(500);
    if (answer.status !== 403) expect(one.responses).toContain(String(answer.status));
    expectSafe(answer);
  });
});

describe.each(GUARDED.filter(({ hasBody }) => hasBody))('the body of $method $path', (one) => {
  it.each([
    ['no JSON', '{'],
    ['another shape', '"text"'],
    ['a null', 'null'],
    ['an unknown key', '{"surprise": 1}'],
  ])('may not be %s', async (_what, text) => {
    const scene = new Scene();
    const answer = await ask(scene, one, { token: await scene.token('admin'), text });
    expect(answer.status).toBe(400);
    expectSafe(answer);
  });

  it('may not be too large, told or not', async () => {
    const scene = new Scene();
    const token = await scene.token('admin');
    const size = one.path === '/api/actions' ? 9 * 1024 * 1024 : 1024 * 1024 + 1;
    const text = JSON.stringify({ intent: 'x'.repeat(size) });
    const told = await ask(scene, one, { token, text, headers: { 'content-length': String(text.length) } });
    expect(told.status).toBe(413);
    const untold = await ask(scene, one, { token, text });
    expect(untold.status).toBe(413);
    expectSafe(untold);
  });

  it('is of the type JSON, as it is', async () => {
    const scene = new Scene();
    const token = await scene.token('admin');
    const form = { 'content-type': 'text/plain' };
    expect((await ask(scene, one, { token, headers: form })).status).toBe(415);
    expect((await ask(scene, one, { token, headers: { 'content-encoding': 'gzip' } })).status).toBe(415);
  });
});

describe('what is no route', () => {
  it('is not found', async () => {
    const scene = new Scene();
    for (const path of ['/nothing', '/api', '/api/actions/', '/../etc/passwd', '/api/actions/%00/x']) {
      const answer = await scene.ask(path);
      expect(answer.status).toBe(404);
      expectSafe(answer);
    }
  });
});

describe('an error that nobody foresaw', () => {
  it('is told to the operator, and to the client only that there is one', async () => {
    const scene = new Scene();
    const secret = 'the file /home/ann/secret.db is broken';
    Object.defineProperty(scene.parts.log, 'page', {
      value: () => {
        throw new Error(secret);
      },
    });
    const answer = await scene.ask('/api/actions');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('ann');
    expectSafe(answer);
    expect(scene.warnings.join()).toContain(secret);
  });
});
