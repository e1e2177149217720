import { z } from '@hono/zod-openapi';
import { countsByName } from '../counts.ts';
import { route } from '../route.ts';
import { BY_OUTCOME, limitOf } from '../schemas/common.ts';

const AGENTS = z
  .object({
    agents: z.array(
      z.object({
        agent_id: z.string(),
        registered: z.boolean(),
        trust_level: z.number().nullable(),
        can_delegate_to: z.array(z.string()),
        max_actions_per_run: z.number().nullable(),
        spend_usd: z.number().nullable().openapi({
          description:
            'Spent and reserved by the agent in the run that the sidecar sees, where it has a budget.',
        }),
        error_rate: z.number(),
        violations: z.number().int(),
        total: z.number().int(),
        by_outcome: BY_OUTCOME,
        last_at: z.string().nullable(),
      }),
    ),
  })
  .openapi('Agents');

/** `GET /api/agents` */
export const AGENTS_ROUTE = route({
  method: 'get',
  path: '/api/agents',
  summary: 'Agents with trust, spend and counts, those with the most actions first',
  permission: 'read',
  query: z.object({ limit: limitOf(1_000, 100) }),
  answer: { description: 'Registered agents, and those that the journal knows.', schema: AGENTS },
  handle: async ({ desk: { parts }, query: { limit } }) => {
    const counted = countsByName(await parts.log.totals('agent')).slice(0, limit);
    const counts = new Map(counted.map((one) => [one.name, one]));
    const ids = [...new Set([...counts.keys(), ...parts.registeredAgents()])];
    const agents = ids.map(async (id) => {
      const agent = await parts.agent(id);
      const its = counts.get(id);
      return {
        ...{ agent_id: id, registered: agent.registered, trust_level: agent.trustLevel },
        ...{ can_delegate_to: agent.canDelegateTo, max_actions_per_run: agent.maxActionsPerRun },
        ...{ spend_usd: agent.spend, error_rate: agent.errorRate, violations: agent.violations },
        ...{ total: its?.total ?? 0, by_outcome: its?.outcomes ?? {} },
        last_at: its?.lastAt.toISOString() ?? null,
      };
    });
    return { agents: await Promise.all(agents) };
  },
});
