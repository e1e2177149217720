import type { z } from '@hono/zod-openapi';
import { Hono } from 'hono';
import { Auth, type Connection } from './auth.ts';
import { readJson } from './body.ts';
import { Counters } from './counters.ts';
import { documentOf } from './document.ts';
import { jsonResponse, SECURITY_HEADERS } from './headers.ts';
import { Hosts } from './hosts.ts';
import { Logins } from './logins.ts';
import type { SidecarParts } from './parts.ts';
import { isUnforeseen, ProblemError, problemOf } from './problem.ts';
import type { Desk, Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { StreamHub } from './stream/hub.ts';

/** How an app is reached. */
export interface AppOptions {
  /** Names that it is called by, beside those of the loopback interface. Without ports. */
  readonly hosts?: readonly string[] | undefined;
  /** Whether any address in numbers may stand for its name. Default false. */
  readonly anyAddress?: boolean | undefined;
  /** Origins of other pages that may call it. Default: none. */
  readonly origins?: readonly string[] | undefined;
  /** Whether programs on this machine need a token too. Default false. */
  readonly requireToken?: boolean | undefined;
  /**
   * Who is at the other end of a request, from what the server hands in with it. Without it nobody is known to be on this
   * machine, and everybody needs a token.
   */
  readonly connection?: ((env: unknown) => Connection) | undefined;
  /** Where sessions of browsers are kept; default: here. */
  readonly logins?: Logins | undefined;
  /** The cookie of a browser's session; cookies of one machine are shared by all its ports. Default `plyra_session`. */
  readonly cookie?: string | undefined;
}

/** A sidecar's app, and what is closed with it. */
export interface SidecarApp {
  readonly app: Hono;
  readonly desk: Desk;
  /** Ends the live streams. */
  readonly close: () => void;
}

const UNKNOWN: Connection = Object.freeze({ address: null, isLocal: false });

/** The sidecar as a function of requests, on a guard's parts. */
export function sidecarApp(parts: SidecarParts, options: AppOptions = {}): SidecarApp {
  const desk = deskOf(parts, options);
  const connectionOf = options.connection ?? (() => UNKNOWN);
  const app = new Hono();
  for (const one of ROUTES) {
    const path = one.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(one.method.toUpperCase(), path, (c) =>
      answer(one, { desk, request: c.req.raw, connection: connectionOf(c.env), params: c.req.param() }),
    );
  }
  app.all('*', (c) => elsewhere(desk, c.req.raw, new URL(c.req.url).pathname));
  return { app, desk, close: () => desk.hub.close() };
}

function deskOf(parts: SidecarParts, options: AppOptions): Desk {
  const { hosts = [], anyAddress = false, origins = [], requireToken = false } = options;
  const { clock, log, warn } = parts;
  const { logins = new Logins(() => clock.monotonic()), cookie = 'plyra_session' } = options;
  const auth = new Auth({
    tokens: parts.store.tokens,
    ...{ clock, logins, requireToken, cookie },
    hosts: new Hosts({ hosts, anyAddress, origins }),
  });
  let document: object | undefined;
  return {
    ...{ parts, auth, logins, cookie },
    counters: new Counters(),
    hub: new StreamHub({ log, clock, warn }),
    begun: clock.monotonic(),
    document: () => {
      document ??= documentOf(ROUTES);
      return document;
    },
  };
}

/** A request for a route. */
interface Asked {
  readonly desk: Desk;
  readonly request: Request;
  readonly connection: Connection;
  readonly params: unknown;
}

async function answer(one: Route, asked: Asked): Promise<Response> {
  const { desk, request, connection } = asked;
  let origin: string | null = null;
  let response: Response;
  try {
    const demand = { permission: one.permission, open: one.open === true };
    const admission = await desk.auth.admit(request, connection, demand);
    origin = admission.origin;
    response = await handled(one, asked, admission.actor);
  } catch (error) {
    response = problemResponse(error, desk);
  }
  desk.counters.request(one.path, request.method, response.status);
  return withCors(response, origin);
}

async function handled(
  one: Route,
  asked: Asked,
  actor: Parameters<Route['handle']>[0]['actor'],
): Promise<Response> {
  const { desk, request, connection } = asked;
  if (request.method === 'HEAD') throw wrongMethod(one.path);
  const params = read(one.params, asked.params, 'path');
  const query = read(one.query, () => queryOf(request.url), 'query');
  const body = one.body && read(one.body, await readJson(request, one.maxBody), 'body');
  const call = { ...{ desk, request, connection, actor }, params, query, body } as Parameters<
    Route['handle']
  >[0];
  const data = await one.handle(call);
  return data instanceof Response ? data : jsonResponse(data);
}

function read(schema: z.ZodType | undefined, data: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(typeof data === 'function' ? data() : data);
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, 20).map(({ path, message }) => ({
    path: [where, ...path.map(String)].join('.'),
    message,
  }));
  throw new ProblemError(400, `The request is wrong: ${errors[0]?.path}: ${errors[0]?.message}.`, { errors });
}

/** The query's fields; one that is given several times is a list. */
function queryOf(url: string): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = Object.create(null);
  const { searchParams } = new URL(url);
  for (const name of new Set(searchParams.keys())) {
    const [first = '', ...others] = searchParams.getAll(name);
    fields[name] = others.length === 0 ? first : [first, ...others];
  }
  return { ...fields };
}

/** What is no route, or another method of one. */
function elsewhere(desk: Desk, request: Request, path: string): Response {
  try {
    const origin = desk.auth.checkHost(request);
    const methods = ROUTES.filter((one) => pathPattern(one.path).test(path)).map(({ method }) =>
      method.toUpperCase(),
    );
    if (request.method === 'OPTIONS' && origin !== null && methods.length > 0)
      return preflight(origin, methods);
    if (methods.length > 0) throw wrongMethod(path, methods);
    throw new ProblemError(404, 'There is nothing here. `/openapi.json` tells what there is.');
  } catch (error) {
    const response = problemResponse(error, desk);
    desk.counters.request('other', request.method.slice(0, 10), response.status);
    return response;
  }
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function wrongMethod(path: string, methods: readonly string[] = ['GET']): ProblemError {
  const allow = methods.join(', ');
  return new ProblemError(405, `${path} takes ${allow}.`, { headers: { allow } });
}

function preflight(origin: string, methods: readonly string[]): Response {
  const headers = {
    ...SECURITY_HEADERS,
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': 'authorization, content-type, last-event-id',
    'access-control-max-age': '600',
  };
  return withCors(new Response(null, { status: 204, headers }), origin);
}

function withCors(response: Response, origin: string | null): Response {
  if (origin === null) return response;
  response.headers.set('access-control-allow-origin', origin);
  response.headers.set('cross-origin-resource-policy', 'cross-origin');
  response.headers.append('vary', 'Origin');
  return response;
}

function problemResponse(error: unknown, { parts }: Desk): Response {
  if (isUnforeseen(error)) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parts.warn(`A request could not be answered: ${what}`);
  }
  const { problem, headers } = problemOf(error);
  return jsonResponse(problem, problem.status, { ...headers, 'content-type': 'application/problem+json' });
}
