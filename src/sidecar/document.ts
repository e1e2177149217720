import { createRoute, OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import { GUARD_VERSION } from '../core/version.ts';
import type { Route } from './route.ts';
import { PROBLEM } from './schemas/common.ts';
import { SENT_ENTRY } from './schemas/entry.ts';

/** What every route may answer beside its own. */
const PROBLEMS: Readonly<Record<number, string>> = Object.freeze({
  400: 'The request is wrong; `errors` says where.',
  401: 'No credential, or one that is not good.',
  403: 'A role that may not, or a foreign host or page.',
  429: 'Too many wrong credentials.',
  500: 'Something went wrong that nobody foresaw.',
});
const BODY_PROBLEMS: Readonly<Record<number, string>> = Object.freeze({
  413: 'The body is too large.',
  415: 'The body is no JSON.',
});

/** The OpenAPI 3.1 document of routes. */
export function documentOf(routes: readonly Route[]): object {
  const { openAPIRegistry: registry, getOpenAPI31Document } = new OpenAPIHono();
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  registry.register('SentEntry', SENT_ENTRY);
  for (const one of routes) registry.registerPath(createRoute(configOf(one)));
  return getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'plyra-guard sidecar',
      version: GUARD_VERSION,
      description:
        'Entries, approvals and policy of every agent on a journal. Programs on this machine need no token for routes that ' +
        'say `security: [{}, …]`, unless `require_token` is set.',
    },
  });
}

function configOf(one: Route): RouteConfig {
  const { method, path, summary, permission, open = false, params, query, body, answer } = one;
  const request = {
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { query }),
    ...(body === undefined
      ? {}
      : { body: { required: true, content: { 'application/json': { schema: body } } } }),
  };
  const security = permission === null ? [] : [...(open ? [{}] : []), { token: [permission] }];
  return {
    ...{ method, path, summary, security, 'x-permission': permission },
    request,
    responses: { [path === '/login' ? 303 : 200]: answerOf(answer), ...problemsOf(one) },
  } as unknown as RouteConfig;
}

function answerOf({ description, schema, contentType = 'application/json' }: Route['answer']) {
  if (schema !== undefined) return { description, content: { [contentType]: { schema } } };
  return { description, content: { [contentType]: { schema: {} } } };
}

function problemsOf({ body, problems = {} }: Route) {
  const all = { ...PROBLEMS, ...(body === undefined ? {} : BODY_PROBLEMS), ...problems };
  const content = { 'application/problem+json': { schema: PROBLEM } };
  return Object.fromEntries(
    Object.entries(all).map(([status, description]) => [status, { description, content }]),
  );
}
