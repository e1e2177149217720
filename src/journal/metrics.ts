import type { ExporterCounts } from '../core/exporter-counts.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { EvaluationResult } from '../core/result.ts';
import type { Verdict } from '../core/verdict.ts';
import type { WebhookCounts } from '../core/webhook-message.ts';

/** Counters of one guard instance since it was made. */
export interface GuardMetrics {
  readonly totalActions: number;
  readonly allowedActions: number;
  readonly blockedActions: number;
  readonly escalatedActions: number;
  readonly warnedActions: number;
  readonly deferredActions: number;
  readonly rollbacks: number;
  readonly rollbackFailures: number;
  /** USD, of the actions that ran. */
  readonly totalCost: number;
  readonly avgRiskScore: number;
  /** Mean evaluation time in milliseconds. */
  readonly avgDurationMs: number;
  readonly actionsByAgent: Readonly<Record<string, number>>;
  readonly actionsByType: Readonly<Record<string, number>>;
  readonly verdictsByPolicy: Readonly<Record<string, number>>;
  /** Messages about approvals that the webhook took, that were given up, and that were dropped because too many waited. */
  readonly webhooksDelivered: number;
  readonly webhooksFailed: number;
  readonly webhooksDropped: number;
  /** What became of the entries that exporters were handed, by the exporter's name. */
  readonly exporters: Readonly<Record<string, ExporterCounts>>;
  /** The same in Prometheus' text format. */
  toPrometheus(): string;
}

/** Beyond this many names further ones are counted together as `other`, so that invented names cannot fill memory. */
const MAX_NAMES = 10_000;

const NONE_SENT: WebhookCounts = Object.freeze({ delivered: 0, failed: 0, dropped: 0 });

/** Counters that are kept up to date at every call, never scanned for. */
export class MetricsCounter {
  readonly #byVerdict = new Map<Verdict, number>();
  readonly #byAgent = new Map<string, number>();
  readonly #byType = new Map<string, number>();
  readonly #byPolicy = new Map<string, number>();
  #rollbacks = 0;
  #rollbackFailures = 0;
  #total = 0;
  #cost = 0;
  #risk = 0;
  #judgingMs = 0;

  /** Counts one decided action; `ran` says whether its tool was run. */
  count(intent: ActionIntent, decision: EvaluationResult, ran: boolean): void {
    this.#total++;
    this.#risk += decision.riskScore;
    this.#judgingMs += decision.latencyMs;
    if (ran && intent.estimatedCost > 0) this.#cost += intent.estimatedCost;
    this.#byVerdict.set(decision.verdict, (this.#byVerdict.get(decision.verdict) ?? 0) + 1);
    increment(this.#byAgent, intent.agentId);
    increment(this.#byType, intent.actionType);
    if (decision.policyTriggered !== null) increment(this.#byPolicy, decision.policyTriggered);
  }

  /** Counts an action that was, or could not be, undone. */
  countRollback(succeeded: boolean): void {
    if (succeeded) this.#rollbacks++;
    else this.#rollbackFailures++;
  }

  /** The counters as they stand, with those of the webhook and of the exporters. */
  read(
    { delivered, failed, dropped }: WebhookCounts = NONE_SENT,
    exporters: GuardMetrics['exporters'] = {},
  ): GuardMetrics {
    const of = (verdict: Verdict): number => this.#byVerdict.get(verdict) ?? 0;
    const counts = {
      totalActions: this.#total,
      allowedActions: of('ALLOW'),
      blockedActions: of('BLOCK'),
      escalatedActions: of('ESCALATE'),
      warnedActions: of('WARN'),
      deferredActions: of('DEFER'),
      rollbacks: this.#rollbacks,
      rollbackFailures: this.#rollbackFailures,
      totalCost: this.#cost,
      avgRiskScore: this.#total === 0 ? 0 : this.#risk / this.#total,
      avgDurationMs: this.#total === 0 ? 0 : this.#judgingMs / this.#total,
      actionsByAgent: toRecord(this.#byAgent),
      actionsByType: toRecord(this.#byType),
      verdictsByPolicy: toRecord(this.#byPolicy),
      webhooksDelivered: delivered,
      webhooksFailed: failed,
      webhooksDropped: dropped,
      exporters,
    };
    return { ...counts, toPrometheus: () => prometheusText(counts) };
  }
}

function increment(counts: Map<string, number>, name: string): void {
  const key = counts.size >= MAX_NAMES && !counts.has(name) ? 'other' : name;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Without a prototype, so that an agent called `__proto__` is a name like any other. */
function toRecord(counts: ReadonlyMap<string, number>): Record<string, number> {
  const record: Record<string, number> = Object.create(null);
  for (const [name, count] of counts) record[name] = count;
  return record;
}

function prometheusText(counts: Omit<GuardMetrics, 'toPrometheus'>): string {
  const lines: string[] = [];
  const family = (name: string, type: string, help: string, samples: Samples): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [labels, value] of samples) lines.push(`${name}${labels} ${value}`);
  };
  const labelled = (label: string, record: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(record).map(([name, value]) => [`{${label}="${escapeLabel(name)}"}`, value]);
  family('plyra_guard_actions_total', 'counter', 'Actions judged.', [['', counts.totalActions]]);
  family('plyra_guard_verdicts_total', 'counter', 'Actions by verdict.', [
    ['{verdict="ALLOW"}', counts.allowedActions],
    ['{verdict="WARN"}', counts.warnedActions],
    ['{verdict="DEFER"}', counts.deferredActions],
    ['{verdict="ESCALATE"}', counts.escalatedActions],
    ['{verdict="BLOCK"}', counts.blockedActions],
  ]);
  family('plyra_guard_cost_usd_total', 'counter', 'Estimated cost of actions that ran, USD.', [
    ['', counts.totalCost],
  ]);
  family('plyra_guard_risk_score_mean', 'gauge', 'Mean risk score, 0 to 1.', [['', counts.avgRiskScore]]);
  family('plyra_guard_decision_seconds_mean', 'gauge', 'Mean time to judge an action.', [
    ['', counts.avgDurationMs / 1000],
  ]);
  family(
    'plyra_guard_actions_by_agent_total',
    'counter',
    'Actions by agent.',
    labelled('agent', counts.actionsByAgent),
  );
  family(
    'plyra_guard_actions_by_type_total',
    'counter',
    'Actions by type.',
    labelled('type', counts.actionsByType),
  );
  family(
    'plyra_guard_decisions_total',
    'counter',
    'Decisions by policy.',
    labelled('policy', counts.verdictsByPolicy),
  );
  family('plyra_guard_webhooks_total', 'counter', 'Webhook messages by what became of them.', [
    ['{result="delivered"}', counts.webhooksDelivered],
    ['{result="failed"}', counts.webhooksFailed],
    ['{result="dropped"}', counts.webhooksDropped],
  ]);
  exporterFamilies(counts.exporters, family);
  return `${lines.join('\n')}\n`;
}

type Samples = readonly (readonly [labels: string, value: number])[];

function exporterFamilies(
  exporters: GuardMetrics['exporters'],
  family: (name: string, type: string, help: string, samples: Samples) => void,
): void {
  const all = Object.entries(exporters).map(
    ([name, counts]) => [`exporter="${escapeLabel(name)}"`, counts] as const,
  );
  if (all.length === 0) return;
  family(
    'plyra_guard_exporter_entries_total',
    'counter',
    'Entries by exporter and what became of them.',
    all.flatMap(
      ([label, { delivered, dropped, rejected }]): Samples => [
        [`{${label},result="delivered"}`, delivered],
        [`{${label},result="dropped"}`, dropped],
        [`{${label},result="rejected"}`, rejected],
      ],
    ),
  );
  family(
    'plyra_guard_exporter_failures_total',
    'counter',
    'Attempts to deliver that failed.',
    all.map(([label, { failures }]) => [`{${label}}`, failures]),
  );
  family(
    'plyra_guard_exporter_queue',
    'gauge',
    'Entries that wait to be delivered.',
    all.map(([label, { waiting }]) => [`{${label}}`, waiting]),
  );
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
