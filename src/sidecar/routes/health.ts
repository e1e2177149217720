import { z } from '@hono/zod-openapi';
import { GUARD_VERSION } from '../../core/version.ts';
import { jsonResponse } from '../headers.ts';
import { route } from '../route.ts';

const HEALTH = z
  .object({
    status: z.enum(['ok', 'failing']),
    version: z.string(),
    store: z.string(),
    uptime_s: z.number(),
    frozen: z.boolean(),
    policy: z.object({
      revision: z.string(),
      loaded_at: z.string(),
      mode: z.enum(['enforce', 'monitor']),
      error: z.string().nullable().openapi({
        description: 'Why the newest version of the files is not in force; the last good one is then.',
      }),
    }),
  })
  .openapi('Health');

/** `GET /api/health` */
export const HEALTH_ROUTE = route({
  method: 'get',
  path: '/api/health',
  summary: 'Whether the sidecar works, and which policy is in force',
  permission: 'read',
  open: true,
  answer: { description: 'It works.', schema: HEALTH },
  problems: { 503: 'The store does not answer; the body has the status `failing`.' },
  handle: async ({ desk: { parts, begun } }) => {
    const { store, log, clock } = parts;
    const { revision, loadedAt, mode, error } = parts.policy();
    let frozen = false;
    let works = true;
    try {
      await log.newest();
      frozen = (await store.frozen()) !== null;
    } catch (failure) {
      works = false;
      parts.warn(
        `The store does not answer: ${failure instanceof Error ? failure.message : String(failure)}`,
      );
    }
    const policy = { revision, loaded_at: loadedAt.toISOString(), mode, error: error?.message ?? null };
    const uptime = Math.round(clock.monotonic() - begun) / 1000;
    const health = { status: works ? 'ok' : 'failing', version: GUARD_VERSION, store: store.name };
    return jsonResponse({ ...health, uptime_s: uptime, frozen, policy }, works ? 200 : 503);
  },
});
