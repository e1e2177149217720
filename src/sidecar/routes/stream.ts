import { z } from '@hono/zod-openapi';
import type { LogFilter } from '../../stores/action-log.ts';
import { matchesFilter } from '../../stores/filter.ts';
import { SECURITY_HEADERS } from '../headers.ts';
import { ProblemError } from '../problem.ts';
import { route } from '../route.ts';
import { FILTER_FIELDS, logFilter } from '../schemas/filter.ts';
import type { Subscription } from '../stream/hub.ts';
import { matchesWords } from '../stream/words.ts';

const EVENT_ID = /^\d{1,16}$/;

/** `GET /api/stream` */
export const STREAM_ROUTE = route({
  method: 'get',
  path: '/api/stream',
  summary: 'The live stream: every action when it changes, of any process on the store',
  permission: 'read',
  query: z.object(FILTER_FIELDS),
  answer: {
    description:
      'Server-sent events. `action`: an entry, with its position as id; `Last-Event-ID` goes on behind one. `reset`: the ' +
      'client missed something and has to list again.',
    contentType: 'text/event-stream',
  },
  problems: { 503: 'Too many listen.' },
  handle: async ({ desk, request, connection, query }) => {
    if (!desk.hub.hasRoom) throw new ProblemError(503, 'Too many clients listen already. Try again later.');
    const filter = logFilter(query);
    const body = await desk.hub.listen({
      key: JSON.stringify(filter),
      wants: wantsOf(filter),
      lastEventId: lastEventId(request),
      mayGoOn: () =>
        desk.auth.admit(request, connection, { permission: 'read', open: false }).then(
          () => true,
          () => false,
        ),
    });
    return new Response(body, {
      headers: {
        ...SECURITY_HEADERS,
        'content-type': 'text/event-stream; charset=utf-8',
        'x-accel-buffering': 'no',
      },
    });
  },
});

function lastEventId({ headers }: Request): number | null {
  const id = headers.get('last-event-id');
  if (id === null || id === '') return null;
  if (!EVENT_ID.test(id)) throw new ProblemError(400, '`Last-Event-ID` is no id of an event of this stream.');
  return Number(id);
}

function wantsOf(filter: LogFilter): Subscription['wants'] {
  const matches = matchesFilter(filter);
  const hasWords = filter.search === undefined ? () => true : matchesWords(filter.search);
  const { ruleName } = filter;
  return (entry) =>
    (ruleName === undefined || entry.ruleName === ruleName) && hasWords(entry) && matches(entry);
}
