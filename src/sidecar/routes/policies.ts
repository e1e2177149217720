import { z } from '@hono/zod-openapi';
import { countsByName, type NameCounts } from '../counts.ts';
import { route } from '../route.ts';
import { BY_OUTCOME } from '../schemas/common.ts';

const HITS = { hits: z.number().int(), by_outcome: BY_OUTCOME, last_hit: z.string().nullable() };

const POLICIES = z
  .object({
    revision: z.string(),
    loaded_at: z.string(),
    mode: z.enum(['enforce', 'monitor']),
    error: z.string().nullable(),
    layers: z.array(
      z.looseObject({
        name: z.string().nullable(),
        rules: z
          .array(z.looseObject({ name: z.string(), ...HITS }))
          .openapi({ description: 'In the order in which they are tried.' }),
        policies: z.array(z.looseObject({ name: z.string(), ...HITS })),
      }),
    ),
  })
  .openapi('Policies');

type Data = Readonly<Record<string, unknown>>;

/** `GET /api/policies` */
export const POLICIES_ROUTE = route({
  method: 'get',
  path: '/api/policies',
  summary: 'The policy in force: its rules in order, how often each decided, and when last',
  permission: 'read',
  answer: { description: 'The policy that the sidecar judges by.', schema: POLICIES },
  handle: async ({ desk: { parts } }) => {
    const { revision, loadedAt, mode, error, layers } = parts.policy();
    const counts = new Map(countsByName(await parts.log.totals('rule')).map((one) => [one.name, one]));
    const withHits = (list: unknown): Data[] =>
      (Array.isArray(list) ? (list as Data[]) : []).map((one) => ({
        ...one,
        ...hits(counts.get(String(one.name))),
      }));
    return {
      ...{ revision, loaded_at: loadedAt.toISOString(), mode, error: error?.message ?? null },
      layers: layers.map((layer) => ({
        ...{ name: null },
        ...layer,
        rules: withHits(layer.rules),
        policies: withHits(layer.policies),
      })),
    };
  },
});

function hits(counts: NameCounts | undefined) {
  return {
    hits: counts?.total ?? 0,
    by_outcome: counts?.outcomes ?? {},
    last_hit: counts?.lastAt.toISOString() ?? null,
  };
}
