import { z } from '@hono/zod-openapi';
import { entryToWire } from '../../core/wire-entry.ts';
import type { SessionCounts, SessionPlace } from '../../stores/action-log.ts';
import { countsByName } from '../counts.ts';
import type { SidecarParts } from '../parts.ts';
import { ProblemError } from '../problem.ts';
import { route } from '../route.ts';
import { BY_OUTCOME, ID, limitOf, word } from '../schemas/common.ts';
import { ENTRY } from '../schemas/entry.ts';

const SESSION = z
  .object({
    session_id: z.string(),
    total: z.number().int(),
    by_outcome: BY_OUTCOME,
    first_at: z.string(),
    last_at: z.string(),
  })
  .openapi('Session');

const LIST = z.object({ sessions: z.array(SESSION), next_cursor: z.string().nullable() });
const REPLAY = z.object({
  session_id: z.string(),
  actions: z
    .array(ENTRY)
    .openapi({ description: 'Oldest first: calls, decisions and results as they were.' }),
  next_cursor: z.string().nullable(),
});

/** `GET /api/sessions` */
export const SESSIONS_ROUTE = route({
  method: 'get',
  path: '/api/sessions',
  summary: 'Sessions, the one that was last active first',
  permission: 'read',
  query: z.object({ limit: limitOf(1_000, 100), cursor: word(2_000).optional() }),
  answer: { description: 'A page of sessions.', schema: LIST },
  handle: async ({ desk: { parts }, query: { limit, cursor } }) => {
    const before = cursor === undefined ? undefined : placeOf(cursor);
    const { sessions, next } = await parts.log.sessions({ limit, before });
    return {
      sessions: await Promise.all(sessions.map((session) => sessionJson(session, parts))),
      next_cursor: next === null ? null : cursorOf(next),
    };
  },
});

/** `GET /api/sessions/{id}` */
export const SESSION_ROUTE = route({
  method: 'get',
  path: '/api/sessions/{id}',
  summary: 'The exact sequence of calls, decisions and results of a session',
  permission: 'read',
  params: ID,
  query: z.object({
    limit: limitOf(1_000, 1_000),
    cursor: z
      .string()
      .regex(/^\d{1,16}$/, 'is no cursor')
      .optional(),
  }),
  answer: { description: 'A page of its actions, oldest first.', schema: REPLAY },
  problems: { 404: 'There is no session of this id.' },
  handle: async ({ desk: { parts }, params: { id }, query: { limit, cursor } }) => {
    const page = await parts.log.page({ sessionId: id, after: Number(cursor ?? 0), limit });
    if (page.entries.length === 0 && cursor === undefined) {
      throw new ProblemError(404, `There is no session ${JSON.stringify(id)} in the journal.`);
    }
    return {
      session_id: id,
      actions: page.entries.map(entryToWire),
      next_cursor: page.next === null ? null : String(page.next),
    };
  },
});

async function sessionJson({ sessionId, actions, firstAt, lastAt }: SessionCounts, { log }: SidecarParts) {
  const [counts] = countsByName(await log.totals('session', sessionId));
  return {
    session_id: sessionId,
    total: actions,
    by_outcome: counts?.outcomes ?? {},
    first_at: firstAt.toISOString(),
    last_at: lastAt.toISOString(),
  };
}

function cursorOf(place: SessionPlace): string {
  return Buffer.from(JSON.stringify([place.lastAt, place.sessionId])).toString('base64url');
}

function placeOf(cursor: string): SessionPlace {
  try {
    const data: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(data)) {
      const [lastAt, sessionId] = data as unknown[];
      if (Number.isSafeInteger(lastAt) && typeof sessionId === 'string') {
        return { lastAt: Number(lastAt), sessionId };
      }
    }
  } catch {
    // Below.
  }
  throw new ProblemError(400, '`cursor` is no cursor: send the `next_cursor` of the page before.');
}
