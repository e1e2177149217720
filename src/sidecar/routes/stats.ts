import { z } from '@hono/zod-openapi';
import type { NamedCounts, TimesUpTo } from '../../stores/action-log.ts';
import { countsByName } from '../counts.ts';
import { route } from '../route.ts';
import { BY_OUTCOME } from '../schemas/common.ts';

const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;
/** Most names of a kind that are told, those with the most actions first. */
const MAX_NAMES = 100;

const NAMED = { total: z.number().int(), by_outcome: BY_OUTCOME, last_at: z.string() };

const STATS = z
  .object({
    total: z.number().int(),
    by_outcome: BY_OUTCOME,
    by_tool: z.array(z.object({ tool_name: z.string(), ...NAMED })),
    by_agent: z.array(z.object({ agent_id: z.string(), ...NAMED })),
    by_rule: z.array(z.object({ rule_name: z.string(), hits: z.number().int(), ...NAMED })),
    minutes: z
      .array(z.object({ minute: z.string(), total: z.number().int(), by_outcome: BY_OUTCOME }))
      .openapi({ description: 'The last hour, oldest first, with every minute.' }),
    latency_ms: z
      .object({
        p50: z.number().nullable(),
        p90: z.number().nullable(),
        p95: z.number().nullable(),
        p99: z.number().nullable(),
      })
      .openapi({ description: 'How long judging took in the last hour, at most a third too much.' }),
  })
  .openapi('Stats');

/** `GET /api/stats` */
export const STATS_ROUTE = route({
  method: 'get',
  path: '/api/stats',
  summary: 'How many actions there were, by outcome, tool, agent, rule and minute',
  permission: 'read',
  open: true,
  answer: { description: 'Counts of all that is retained.', schema: STATS },
  handle: async ({ desk: { parts } }) => {
    const { log, clock } = parts;
    const now = clock.now();
    const from = new Date(now - HOUR_MS + MINUTE_MS);
    const all = await log.totals('all');
    return {
      total: sum(all),
      by_outcome: byOutcome(all),
      by_tool: named(await log.totals('tool')).map(({ name, ...counts }) => ({ tool_name: name, ...counts })),
      by_agent: named(await log.totals('agent')).map(({ name, ...counts }) => ({
        agent_id: name,
        ...counts,
      })),
      by_rule: named(await log.totals('rule')).map(({ name, ...counts }) => ({
        ...{ rule_name: name, hits: counts.total },
        ...counts,
      })),
      minutes: minutesOf(await log.minutes({ from }), from.getTime(), now),
      latency_ms: percentiles(await log.latencies({ from })),
    };
  },
});

function named(counts: readonly NamedCounts[]) {
  return countsByName(counts)
    .slice(0, MAX_NAMES)
    .map(({ name, total, outcomes, lastAt }) => ({
      ...{ name, total, by_outcome: outcomes, last_at: lastAt.toISOString() },
    }));
}

function sum(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

function byOutcome(counts: readonly { readonly outcome: string; readonly count: number }[]) {
  return Object.fromEntries(counts.map(({ outcome, count }) => [outcome, count]));
}

function minutesOf(
  counts: readonly { minute: Date; outcome: string; count: number }[],
  from: number,
  to: number,
) {
  const first = Math.floor(from / MINUTE_MS);
  const last = Math.floor(to / MINUTE_MS);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const minute = new Date((first + i) * MINUTE_MS);
    const its = counts.filter((one) => one.minute.getTime() === minute.getTime());
    return { minute: minute.toISOString(), total: sum(its), by_outcome: byOutcome(its) };
  });
}

function percentiles(times: readonly TimesUpTo[]) {
  const total = sum(times);
  const at = (share: number): number | null => {
    let seen = 0;
    for (const { upTo, count } of times) {
      seen += count;
      if (seen >= share * total) return Number.isFinite(upTo) ? upTo : null;
    }
    return null;
  };
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}
