import { z } from '@hono/zod-openapi';
import type { ApprovalQueue } from '../../approvals/queue.ts';
import { approvalJson } from '../../core/wire-approval.ts';
import type { SidecarParts } from '../parts.ts';
import { ProblemError } from '../problem.ts';
import { type Call, route } from '../route.ts';
import { ID, limitOf, word } from '../schemas/common.ts';

const STATES = ['pending', 'approved', 'denied', 'expired', 'consumed', 'cancelled'] as const;

const APPROVAL = z
  .looseObject({
    id: z.string(),
    action_id: z.string(),
    state: z.enum(STATES),
    tool_name: z.string(),
    agent_id: z.string(),
    reason: z.string(),
    shown: z
      .object({ intent: z.string(), parameters: z.record(z.string(), z.unknown()) })
      .nullable()
      .openapi({ description: 'What would run, in clear; `null` once it is decided.' }),
    requested_at: z.string(),
    expires_at: z.string(),
    decided_by: z.string().nullable(),
    note: z.string().nullable(),
  })
  .openapi('Approval');

const NOTE = z.string().max(10_000).optional();
const SIGNATURE = z.string().max(1_000).optional().openapi({
  description: 'Ed25519 in base64, where approvers are configured: see `votePayload`.',
});
const APPROVE = z
  .strictObject({
    note: NOTE,
    grant: z
      .strictObject({ scope: z.enum(['once', 'session', 'call']), minutes: z.number().positive().optional() })
      .optional(),
    signature: SIGNATURE,
  })
  .openapi('Approve');
const DENY = z.strictObject({ note: NOTE, signature: SIGNATURE }).openapi('Deny');

const PROBLEMS = {
  404: 'There is no such request.',
  409: 'It was decided already, or has expired.',
};

/** `GET /api/approvals` */
export const APPROVALS_ROUTE = route({
  method: 'get',
  path: '/api/approvals',
  summary: 'Requests that people decide on, newest first',
  permission: 'read',
  query: z.object({
    state: z.enum(STATES).optional(),
    agent_id: word().optional(),
    limit: limitOf(1_000, 100),
  }),
  answer: { description: 'The requests.', schema: z.object({ approvals: z.array(APPROVAL) }) },
  handle: async ({ desk: { parts }, query: { state, agent_id: agentId, limit } }) => {
    const approvals = await queueOf(parts).list({ state, agentId, limit });
    return { approvals: approvals.map(approvalJson) };
  },
});

/** `POST /api/approvals/{id}/approve` */
export const APPROVE_ROUTE = route({
  method: 'post',
  path: '/api/approvals/{id}/approve',
  summary: 'Lets a call run, once or as far as the grant goes',
  permission: 'approve',
  params: ID,
  body: APPROVE,
  answer: { description: 'The request as it is now.', schema: APPROVAL },
  problems: PROBLEMS,
  handle: async ({ desk: { parts }, actor, params: { id }, body: { note, grant, signature } }) => {
    const approval = await queueOf(parts).decide(id, {
      ...{ by: actor.name, approved: true, note: note ?? null, signature: signature ?? null },
      ...(grant === undefined ? {} : { scope: grant.scope }),
      ...(grant?.minutes === undefined ? {} : { minutes: grant.minutes }),
    });
    return approvalJson(approval);
  },
});

/** `POST /api/approvals/{id}/deny` */
export const DENY_ROUTE = route({
  method: 'post',
  path: '/api/approvals/{id}/deny',
  summary: 'Refuses a call; the model is shown the note',
  permission: 'deny',
  params: ID,
  body: DENY,
  answer: { description: 'The request as it is now.', schema: APPROVAL },
  problems: PROBLEMS,
  handle: async ({
    desk: { parts },
    actor,
    params: { id },
    body: { note, signature },
  }: Call<z.infer<typeof ID>, undefined, z.infer<typeof DENY>>) => {
    const decision = { by: actor.name, approved: false, note: note ?? null, signature: signature ?? null };
    return approvalJson(await queueOf(parts).decide(id, decision));
  },
});

/** The queue of requests. Throws ProblemError where there is none. */
export function queueOf({ queue }: SidecarParts): ApprovalQueue {
  if (queue !== null) return queue;
  throw new ProblemError(409, "This guard's store keeps no requests for approval.");
}
