import { z } from '@hono/zod-openapi';
import { approvalJson } from '../../core/wire-approval.ts';
import { route } from '../route.ts';
import { ID, limitOf } from '../schemas/common.ts';
import { queueOf } from './approvals.ts';

const GRANT = z
  .looseObject({
    id: z.string(),
    approval_id: z.string(),
    scope: z.enum(['session', 'call']),
    agent_id: z.string(),
    tool_name: z.string(),
    granted_by: z.string(),
    expires_at: z.string(),
    revoked_at: z.string().nullable(),
  })
  .openapi('Grant');

/** `GET /api/grants` */
export const GRANTS_ROUTE = route({
  method: 'get',
  path: '/api/grants',
  summary: 'Grants that calls can go by now, newest first',
  permission: 'read',
  query: z.object({ limit: limitOf(1_000, 100) }),
  answer: { description: 'The live grants.', schema: z.object({ grants: z.array(GRANT) }) },
  handle: async ({ desk: { parts }, query: { limit } }) => {
    const grants = await queueOf(parts).grants({ liveAt: parts.clock.now(), limit });
    return { grants: grants.map(approvalJson) };
  },
});

/** `DELETE /api/grants/{id}` */
export const REVOKE_ROUTE = route({
  method: 'delete',
  path: '/api/grants/{id}',
  summary: 'Ends a grant',
  permission: 'revoke_grants',
  params: ID,
  answer: { description: 'The grant as it is now.', schema: GRANT },
  problems: { 404: 'There is no such grant, or it has ended.' },
  handle: async ({ desk: { parts }, actor, params: { id } }) =>
    approvalJson(await queueOf(parts).revoke(id, actor.name)),
});
