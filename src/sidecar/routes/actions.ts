import { z } from '@hono/zod-openapi';
import { sealHash } from '../../core/chain.ts';
import { originOf } from '../../core/ingested.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { entryToWire } from '../../core/wire-entry.ts';
import type { ActionTrail } from '../../stores/action-log.ts';
import { ProblemError } from '../problem.ts';
import { route } from '../route.ts';
import { ID, limitOf } from '../schemas/common.ts';
import { ENTRY } from '../schemas/entry.ts';
import { FILTER_FIELDS, logFilter } from '../schemas/filter.ts';

const CURSOR = z.string().regex(/^[1-9]\d{0,15}$/, 'is no cursor: send the `next_cursor` of the page before');

const LIST = z.object({ actions: z.array(ENTRY), next_cursor: z.string().nullable() }).openapi('ActionList');

const RECORD = z.object({
  position: z.number().int(),
  kind: z.string(),
  at: z.string(),
  writer: z.object({ id: z.string(), host: z.string(), pid: z.number() }),
  seq: z.number().int(),
  prev_hash: z.string(),
  hash: z.string(),
  sent_by: z.string().nullable(),
});

const ACTION = z
  .object({
    action: ENTRY,
    chain: z.object({
      ok: z.boolean().openapi({ description: 'Whether every record has the hash of what it says.' }),
      records: z.array(RECORD),
    }),
    snapshot: z
      .object({
        id: z.string(),
        handler: z.string(),
        state: z.enum(['captured', 'restoring', 'rolled_back']),
        captured_at: z.string(),
        bytes: z.number(),
      })
      .nullable(),
  })
  .openapi('Action');

/** `GET /api/actions` */
export const LIST_ROUTE = route({
  method: 'get',
  path: '/api/actions',
  summary: 'What agents did, newest first',
  permission: 'read',
  open: true,
  query: z.object({ ...FILTER_FIELDS, limit: limitOf(1_000, 100), cursor: CURSOR.optional() }),
  answer: { description: 'A page of entries.', schema: LIST },
  handle: async ({ desk: { parts }, query }) => {
    const before = query.cursor === undefined ? undefined : Number(query.cursor);
    const page = await parts.log.page({ ...logFilter(query), limit: query.limit, before });
    return {
      actions: page.entries.map(entryToWire),
      next_cursor: page.next === null ? null : String(page.next),
    };
  },
});

/** `GET /api/actions/{id}` */
export const ACTION_ROUTE = route({
  method: 'get',
  path: '/api/actions/{id}',
  summary: 'One action, with the records that prove it',
  permission: 'read',
  open: true,
  params: ID,
  answer: { description: 'The action.', schema: ACTION },
  problems: { 404: 'There is no action of this id.' },
  handle: async ({ desk: { parts }, params: { id } }) => {
    const trail = await parts.log.trail(id);
    if (trail === undefined)
      throw new ProblemError(404, `There is no action ${JSON.stringify(id)} in the journal.`);
    const [snapshot] = parts.store.snapshots?.list({ actionId: id, limit: 1 }) ?? [];
    return {
      action: entryToWire(trail.entry),
      chain: chainOf(trail, parts.sha256),
      snapshot: snapshot === undefined ? null : snapshotJson(snapshot),
    };
  },
});

function chainOf({ records }: ActionTrail, sha256: (text: string) => string) {
  return {
    ok: records.every((record) => sealHash(record, sha256) === record.hash),
    records: records.map(({ position, kind, at, writer, seq, prevHash, hash, body }) => ({
      ...{ position, kind, at, writer, seq, prev_hash: prevHash, hash },
      sent_by: senderOf(body),
    })),
  };
}

/** Who sent a record's entry in; `null` for one that was journaled here. */
function senderOf(body: string): string | null {
  if (!body.includes('"origin":')) return null;
  const data: unknown = JSON.parse(body);
  return typeof data === 'object' && data !== null ? (originOf(data)?.sentBy ?? null) : null;
}

function snapshotJson({ id, handler, state, capturedAt, bytes }: Snapshot) {
  return { id, handler, state, captured_at: capturedAt.toISOString(), bytes };
}
