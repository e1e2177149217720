import { z } from '@hono/zod-openapi';
import { entryOfWire } from '../../core/entry-of-wire.ts';
import { type Ingested, ingestedBody } from '../../core/ingested.ts';
import { route } from '../route.ts';
import { SENT_ENTRY } from '../schemas/entry.ts';

/** Most entries of one batch, and most bytes. */
const MAX_ENTRIES = 1_000;
const MAX_BYTES = 8 * 1024 * 1024;
/** How far the clock of a sender may be ahead, in milliseconds. */
const MAX_AHEAD_MS = 24 * 60 * 60_000;

const ENTRIES = z.array(z.unknown()).max(MAX_ENTRIES);
const BATCH = z.union([z.object({ actions: ENTRIES }), z.object({ entries: ENTRIES }), ENTRIES]).openapi({
  description: 'Entries that have ended, each like `SentEntry`: `{"actions": […]}`, or a list alone.',
});

const RECEIPT = z
  .object({
    accepted: z.number().int().openapi({ description: 'How many were new, and are in the journal now.' }),
    duplicates: z
      .number()
      .int()
      .openapi({ description: 'How many were there before, by writer and number.' }),
    rejected: z
      .array(z.object({ index: z.number().int(), detail: z.string() }))
      .openapi({ description: 'Those that are not kept, and why. Sending them again is no use.' }),
  })
  .openapi('Receipt');

/** `POST /api/actions` */
export const INGEST_ROUTE = route({
  method: 'post',
  path: '/api/actions',
  summary: 'Takes in the entries of an agent elsewhere',
  permission: 'ingest',
  body: BATCH,
  maxBody: MAX_BYTES,
  answer: { description: 'All that is counted here is in the journal.', schema: RECEIPT },
  handle: async ({ desk: { parts, counters }, actor, body }) => {
    const now = parts.clock.now();
    const rejected: { index: number; detail: string }[] = [];
    const items = listOf(body).flatMap((data, index) => {
      const read = readEntry(data, actor.name, now);
      if (typeof read !== 'string') return read;
      rejected.push({ index, detail: read });
      return [];
    });
    const isNew = await parts.log.ingest(items, (item) => ({
      ...parts.draft('decided', item.actionId, ingestedBody(item)),
      policyRevision: item.policyRevision,
    }));
    const accepted = isNew.filter(Boolean).length;
    const duplicates = isNew.length - accepted;
    counters.ingested += accepted;
    counters.duplicates += duplicates;
    counters.rejected += rejected.length;
    return { accepted, duplicates, rejected };
  },
});

function listOf(body: z.infer<typeof BATCH>): readonly unknown[] {
  if (Array.isArray(body)) return body;
  return 'actions' in body ? body.actions : body.entries;
}

/** An entry, or why it is none. */
function readEntry(data: unknown, sentBy: string, now: number): Ingested | string {
  const read = SENT_ENTRY.safeParse(data);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it cannot be read'}`;
  }
  const { action_id: actionId, policy_revision: policyRevision, timestamp } = read.data;
  const { writer, seq, hash, policy_revision: _revision, ...fields } = read.data;
  if (Date.parse(timestamp) > now + MAX_AHEAD_MS)
    return 'timestamp: lies more than a day ahead of this clock';
  const names = [actionId, policyRevision, writer.id];
  if (names.some((name) => !name.isWellFormed() || name.includes('\0'))) {
    return 'action_id, policy_revision and writer.id: hold half a character or a NUL';
  }
  const body = { ...entryOfWire(fields) };
  return { actionId, policyRevision, body, origin: { writer, seq, hash, sentBy } };
}
