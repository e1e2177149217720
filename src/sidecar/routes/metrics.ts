import { GUARD_VERSION } from '../../core/version.ts';
import type { DecisionSums } from '../../stores/action-log.ts';
import { textResponse } from '../headers.ts';
import { type Family, prometheusText, type Sample } from '../metrics-text.ts';
import { type Desk, route } from '../route.ts';

/** Upper bounds of the histogram, in seconds: each is the bound of a bucket that is counted. */
const BOUNDS = [
  0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1,
  0.25, 0.5, 1, 2.5, 5, 10,
];
/** Most requests that are counted for the gauge. */
const MOST_PENDING = 10_000;

/** `GET /metrics` */
export const METRICS_ROUTE = route({
  method: 'get',
  path: '/metrics',
  summary: "The journal's and the sidecar's own figures, for Prometheus",
  permission: 'read',
  answer: {
    description: 'Text in the Prometheus format.',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  },
  handle: async ({ desk }) => {
    const families = [...(await journalFamilies(desk)), ...sidecarFamilies(desk)];
    return textResponse(prometheusText(families), 'text/plain; version=0.0.4; charset=utf-8');
  },
});

async function journalFamilies({ parts }: Desk): Promise<Family[]> {
  const { log, store, queue } = parts;
  const lag = await log.lag();
  const decisions = await log.decisions();
  const pending = queue === null ? [] : await queue.list({ state: 'pending', limit: MOST_PENDING });
  const frozen = (await store.frozen()) !== null;
  return [
    {
      ...counter(
        'plyra_guard_decisions_total',
        'Decisions by verdict, and by the policy or evaluator that decided.',
      ),
      samples: decisions.verdicts.map(({ policy, verdict, count }) => ({
        labels: { verdict, policy },
        value: count,
      })),
    },
    {
      name: 'plyra_guard_decision_duration_seconds',
      type: 'histogram',
      help: 'Time spent judging.',
      samples: histogram(decisions),
    },
    gauge(
      'plyra_guard_audit_lag_records',
      'Journal records that queries had not taken up before this one.',
      lag,
    ),
    gauge('plyra_guard_pending_approvals', 'Requests that wait for a person.', pending.length),
    gauge('plyra_guard_frozen', '1 while every call is refused.', Number(frozen)),
  ];
}

function sidecarFamilies({ parts, counters, hub }: Desk): Family[] {
  const { reloads, error } = parts.policy();
  return [
    {
      ...counter(
        'plyra_guard_policy_reloads_total',
        'Newer versions of the policy files, by what became of them.',
      ),
      samples: [
        { labels: { result: 'loaded' }, value: reloads.loaded },
        { labels: { result: 'failed' }, value: reloads.failed },
      ],
    },
    gauge(
      'plyra_guard_policy_stale',
      '1 while a newer version of the files cannot be loaded.',
      Number(error !== null),
    ),
    gauge('plyra_guard_stream_clients', 'Clients of the live stream.', hub.clients),
    {
      ...counter('plyra_guard_stream_resets_total', 'Clients that fell behind.'),
      samples: [{ value: hub.resets }],
    },
    {
      ...counter('plyra_guard_ingested_entries_total', 'Entries that were sent in, by what became of them.'),
      samples: [
        { labels: { result: 'accepted' }, value: counters.ingested },
        { labels: { result: 'duplicate' }, value: counters.duplicates },
        { labels: { result: 'rejected' }, value: counters.rejected },
      ],
    },
    {
      ...counter('plyra_guard_http_requests_total', 'Requests to the sidecar.'),
      samples: counters.requests().map(({ route: path, method, status, count }) => ({
        labels: { route: path, method, status },
        value: count,
      })),
    },
    ...exporterFamilies(parts),
    {
      name: 'plyra_guard_build_info',
      type: 'gauge',
      help: 'The version that runs.',
      samples: [{ labels: { version: GUARD_VERSION }, value: 1 }],
    },
  ];
}

function exporterFamilies({ exporters }: Desk['parts']): Family[] {
  const all = Object.entries(exporters());
  const samples = (field: 'delivered' | 'dropped' | 'rejected' | 'waiting'): Sample[] =>
    all.map(([exporter, counts]) => ({ labels: { exporter }, value: counts[field] }));
  const waiting = 'Entries that wait for an exporter of this process.';
  return [
    { name: 'plyra_guard_exporter_queue_entries', type: 'gauge', help: waiting, samples: samples('waiting') },
    {
      ...counter('plyra_guard_exporter_delivered_total', 'Entries that a receiver took.'),
      samples: samples('delivered'),
    },
    {
      ...counter('plyra_guard_exporter_drops_total', 'Entries that were lost because too many waited.'),
      samples: samples('dropped'),
    },
    {
      ...counter('plyra_guard_exporter_rejected_total', 'Entries that a receiver would not have.'),
      samples: samples('rejected'),
    },
  ];
}

function histogram({ times, millis }: DecisionSums): Sample[] {
  const total = times.reduce((sum, { count }) => sum + count, 0);
  const upTo = (seconds: number): number =>
    times.reduce((sum, one) => (one.upTo <= seconds * 1000 * (1 + 1e-9) ? sum + one.count : sum), 0);
  return [
    ...BOUNDS.map((bound) => ({ suffix: '_bucket', labels: { le: String(bound) }, value: upTo(bound) })),
    { suffix: '_bucket', labels: { le: '+Inf' }, value: total },
    { suffix: '_sum', value: millis / 1000 },
    { suffix: '_count', value: total },
  ];
}

function counter(name: string, help: string): Pick<Family, 'name' | 'type' | 'help'> {
  return { name, type: 'counter', help };
}

function gauge(name: string, help: string, value: number): Family {
  return { name, type: 'gauge', help, samples: [{ value }] };
}
