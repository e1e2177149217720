import { z } from '@hono/zod-openapi';
import { SECURITY_HEADERS, textResponse } from '../headers.ts';
import { ProblemError } from '../problem.ts';
import { route } from '../route.ts';

const HOURS_12 = 12 * 60 * 60;

/** `GET /login` */
export const LOGIN_ROUTE = route({
  method: 'get',
  path: '/login',
  summary: 'Begins a session of a browser, with the key of a link that is good once',
  permission: null,
  query: z.object({ key: z.string().min(1).max(200) }),
  answer: { description: 'Goes on to the first page, with a cookie.', contentType: 'text/html' },
  handle: async ({ desk, connection, query: { key } }) => {
    const { auth, logins, parts, cookie } = desk;
    auth.checkAttempts(connection);
    const begun = logins.begin(key);
    if (begun === undefined) {
      auth.noteFailure(connection);
      throw new ProblemError(
        401,
        'This link was used before, or is older than five minutes. Print a new one.',
      );
    }
    await parts.store.append([
      parts.draft('policy', `policy:${parts.newId()}`, {
        event: 'login',
        by: begun.login.name,
        role: begun.login.role,
      }),
    ]);
    return new Response(null, {
      status: 303,
      headers: {
        ...SECURITY_HEADERS,
        location: '/',
        'set-cookie': `${cookie}=${begun.secret}; Path=/; Max-Age=${HOURS_12}; HttpOnly; SameSite=Strict`,
      },
    });
  },
});

/** `POST /logout` */
export const LOGOUT_ROUTE = route({
  method: 'post',
  path: '/logout',
  summary: "Ends a browser's session",
  permission: 'read',
  answer: { description: 'It has ended.', schema: z.object({ ended: z.boolean() }) },
  handle: ({ desk: { auth, logins }, request }) => {
    const secret = auth.sessionOf(request);
    if (secret !== undefined) logins.end(secret);
    return { ended: secret !== undefined };
  },
});

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>plyra-guard</title></head>
<body>
<h1>plyra-guard</h1>
<p>The sidecar runs, and you are logged in.</p>
<ul>
<li><a href="/api/actions">Actions</a></li>
<li><a href="/api/stats">Statistics</a></li>
<li><a href="/api/approvals">Approvals</a></li>
<li><a href="/api/policies">Policies</a></li>
<li><a href="/openapi.json">The whole API</a></li>
</ul>
</body>
</html>
`;

/** `GET /` */
export const HOME_ROUTE = route({
  method: 'get',
  path: '/',
  summary: 'Where a browser begins',
  permission: 'read',
  answer: { description: 'A page.', contentType: 'text/html' },
  handle: () => textResponse(PAGE, 'text/html; charset=utf-8'),
});
