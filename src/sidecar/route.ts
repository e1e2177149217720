import type { z } from '@hono/zod-openapi';
import type { Permission } from '../access/roles.ts';
import type { Awaitable } from '../core/awaitable.ts';
import type { Actor, Auth, Connection } from './auth.ts';
import type { Counters } from './counters.ts';
import type { Logins } from './logins.ts';
import type { SidecarParts } from './parts.ts';
import type { StreamHub } from './stream/hub.ts';

/** What a route has at hand. */
export interface Desk {
  readonly parts: SidecarParts;
  readonly auth: Auth;
  readonly logins: Logins;
  readonly counters: Counters;
  readonly hub: StreamHub;
  /** When the sidecar began, by the monotonic clock. */
  readonly begun: number;
  /** The cookie that has a session's secret. */
  readonly cookie: string;
  /** The OpenAPI document, made when it is first asked for. */
  readonly document: () => object;
}

/** A request that was admitted and read. */
export interface Call<Params, Query, Body> {
  readonly desk: Desk;
  readonly request: Request;
  readonly connection: Connection;
  readonly actor: Actor;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

/** An answer as the document tells it. */
export interface RouteAnswer {
  readonly description: string;
  /** Of the JSON; an answer of another type says which. */
  readonly schema?: z.ZodType | undefined;
  readonly contentType?: string | undefined;
}

/** One route: what it takes, who may call it and what it answers. */
export interface RouteOf<Params, Query, Body> {
  readonly method: 'get' | 'post' | 'delete';
  /** With parameters as OpenAPI writes them: `/api/actions/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** `null`: whoever the host check lets through. */
  readonly permission: Permission | null;
  /** True for what programs on this machine may ask without a token. */
  readonly open?: boolean | undefined;
  readonly params?: z.ZodType<Params> | undefined;
  readonly query?: z.ZodType<Query> | undefined;
  readonly body?: z.ZodType<Body> | undefined;
  /** Most bytes of the body. Default 1 MB. */
  readonly maxBody?: number | undefined;
  readonly answer: RouteAnswer;
  /** Statuses of problems beside 400, 401, 403, 413, 415 and 500. */
  readonly problems?: Readonly<Record<number, string>> | undefined;
  /** Data is sent as JSON with the status 200. */
  readonly handle: (call: Call<Params, Query, Body>) => Awaitable<Response | object>;
}

/** A route, whatever it takes. */
export type Route = RouteOf<never, never, never>;

/** A route whose handler's types follow from its schemas. */
export function route<Params = undefined, Query = undefined, Body = undefined>(
  definition: RouteOf<Params, Query, Body>,
): Route {
  return definition as unknown as Route;
}
