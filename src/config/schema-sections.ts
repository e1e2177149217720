import { AGENT_DEFAULTS, DEFAULTS } from './defaults.ts';
import type { Zod } from './lazy.ts';
import { about, type SchemaValues } from './schema-values.ts';
import type { ApprovalWebhook, ExporterSettings } from './settings.ts';

/** Exporters that a file can name. */
const EXPORTERS = ['stdout', 'jsonl', 'sidecar', 'otel', 'datadog', 'webhook'] as const;
const KINDS = ['path', 'url', 'shell', 'sql', 'text'] as const;
const COUNT = 'a whole number, 0 or more';
const MONEY = 'an amount in USD, 0 or more, or null for no limit';
const DAYS = 'a number of days above 0, or null';
const TEXTS = 'a list of texts, e.g. `[a, b]`';

/** Limits: `global`, `budget`, `rate_limits`. */
export function limitSections(v: SchemaValues) {
  const { global, budget, rateLimits } = DEFAULTS;
  const money = () => v.number(MONEY, { min: 0 }).nullable();
  const rates = (whose: string) =>
    about(v.names(v.rate(), `a mapping of ${whose} to rates`), `Rates by ${whose}; a name may end in *.`, {});
  return {
    global: v.object(
      {
        default_verdict: about(
          v.verdict(),
          'What happens where no rule and no policy matches and the file has no `rules`.',
          global.defaultVerdict,
        ),
        max_risk_score: about(
          v.zeroToOne(),
          'Above this risk an action is blocked; above it, scaled by trust, it is escalated.',
          global.maxRiskScore,
        ),
        max_delegation_depth: about(
          v.number(COUNT, { min: 0, whole: true }),
          'Most hops of a delegation chain.',
          global.maxDelegationDepth,
        ),
        max_concurrent_delegations: about(
          v.number(COUNT, { min: 0, whole: true }),
          'Most delegations at the same time.',
          global.maxConcurrentDelegations,
        ),
        execution_timeout_seconds: about(
          v.timer().nullable(),
          'Seconds that an async tool may run; null: no limit.',
          null,
        ),
      },
      'a mapping of limits',
    ),
    budget: v.object(
      {
        per_task: about(money(), 'Most that one task may cost, in USD.', budget.perTask),
        per_agent_per_run: about(
          money(),
          'Most that one agent may cost in a run, in USD.',
          budget.perAgentPerRun,
        ),
        currency: about(v.word(['USD']), 'Only USD.', budget.currency),
        escalate_above: about(money(), 'A single action that costs more is escalated.', null),
      },
      'a mapping of amounts',
    ),
    rate_limits: v.object(
      {
        default: about(
          v.rate().nullable(),
          'For every agent and tool without a rate of its own.',
          rateLimits.default,
        ),
        per_tool: rates('tool'),
        per_agent: rates('agent'),
      },
      'a mapping of rates',
    ),
  };
}

/** One entry of `agents`, and `tools`. */
export function agentSections(v: SchemaValues) {
  const agent = v.object(
    {
      id: v.filled('the id of an agent, as text').meta({ description: 'The id that calls carry.' }),
      trust_level: about(v.trust(), '0 to 1, or a level by name.', AGENT_DEFAULTS.trustLevel),
      can_delegate_to: about(v.list(v.text(), TEXTS), 'Ids that it may delegate to; may end in *.', []),
      max_actions_per_run: about(
        v.number(`${COUNT}, or null for no cap`, { min: 0, whole: true }).nullable(),
        'Most actions in one run.',
        AGENT_DEFAULTS.maxActionsPerRun,
      ),
    },
    'a mapping with an `id`',
  );
  return {
    agents: v.list(agent, 'a list of agents'),
    tools: v.names(
      v.names(v.word(KINDS), 'a mapping of parameter names to kinds'),
      'a mapping of tool names to the kinds of their parameters',
    ),
  };
}

/** Judging: `evaluators`, `spellings`, `mode`, `redaction`. */
export function judgingSections(v: SchemaValues) {
  const gate = DEFAULTS.evaluators.humanGate;
  const expected = 'a mapping such as `{enabled: true}`';
  const enabled = (on: boolean) => about(v.flag(), 'Whether it takes part.', on);
  const simple = () => v.object({ enabled: enabled(true) }, expected).optional();
  return {
    evaluators: v.object(
      {
        schema_validator: simple(),
        policy_engine: simple(),
        risk_scorer: simple(),
        rate_limiter: simple(),
        cost_estimator: simple(),
        human_gate: v
          .object(
            {
              enabled: enabled(gate.enabled),
              risk_levels: about(
                v.list(v.word(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']), 'a list of risk levels'),
                'Risk levels that always ask a person.',
                gate.riskLevels,
              ),
              action_types: about(v.list(v.text(), TEXTS), 'Globs of action types that always ask.', []),
            },
            expected,
          )
          .optional(),
      },
      'a mapping of evaluators',
    ),
    spellings: v.object(
      {
        unreadable: about(
          v.word(['escalate', 'allow', 'block']),
          'What happens to a command or query that cannot be read.',
          DEFAULTS.spellings.unreadable,
        ),
      },
      'a mapping',
    ),
    redaction: v.object(
      {
        keys: about(v.list(v.text(), TEXTS), 'Names of parameters to hide, beside the built-in ones.', []),
        patterns: about(v.list(v.text(), TEXTS), 'Python regular expressions of what to hide.', []),
      },
      'a mapping of what to hide',
    ),
    mode: v.word(['enforce', 'monitor']),
  };
}

/** `rollback`, `observability`, `storage`, `sidecar`. */
export function keepingSections(v: SchemaValues, { z }: Zod) {
  const { rollback, observability, storage, sidecar } = DEFAULTS;
  const days = () => v.number(DAYS, { above: 0 }).nullable();
  const oneOf = `a name (${EXPORTERS.join(', ')}) or \`{name: {option: value}}\``;
  const options = Object.fromEntries(
    EXPORTERS.map((name) => [name, v.names(z.unknown(), 'a mapping of options').optional()]),
  );
  const withOptions = v
    .object(options, oneOf)
    .refine((value) => Object.keys(value).length === 1, { error: oneOf })
    .meta({ minProperties: 1, maxProperties: 1 });
  const exporter = z
    .union([z.enum(EXPORTERS, { error: oneOf }), withOptions], { error: oneOf })
    .transform(
      (written): ExporterSettings =>
        typeof written === 'string'
          ? { name: written, options: {} }
          : { name: Object.keys(written)[0] ?? '', options: Object.values(written)[0] ?? {} },
    );
  return {
    rollback: v.object(
      {
        enabled: about(v.flag(), 'Whether actions can be undone.', rollback.enabled),
        snapshot_dir: about(v.text('a path, or null').nullable(), 'Where snapshots are kept.', null),
        max_snapshots: about(
          v.number(COUNT, { min: 0, whole: true }),
          'Most snapshots.',
          rollback.maxSnapshots,
        ),
        max_age_days: about(days(), 'Snapshots older than this are removed.', null),
        max_bytes: about(v.size(), 'Most that all snapshots take; units are powers of 1024.', '1GB'),
        on_capture_failure: about(
          v.word(['block', 'allow']),
          'What happens to an action whose snapshot fails.',
          rollback.onCaptureFailure,
        ),
        irreversible: about(
          v.word(['allow', 'warn', 'escalate', 'block']),
          'What happens to an action that cannot be undone.',
          rollback.irreversible,
        ),
      },
      'a mapping',
    ),
    observability: v.object(
      {
        exporters: about(v.list(exporter, 'a list of exporters'), 'Where entries are sent.', []),
        audit_log_max_entries: about(
          v.number('a whole number from 1 to 10000000', { min: 1, max: 10_000_000, whole: true }),
          'Entries that are kept in memory.',
          observability.auditLogMaxEntries,
        ),
      },
      'a mapping',
    ),
    storage: v.object(
      {
        path: about(v.filled('a path'), 'The journal.', storage.path),
        durability: about(
          v.word(['process', 'power']),
          'What the journal survives: the end of the process, or of the power.',
          storage.durability,
        ),
        on_store_failure: about(
          v.word(['block', 'allow']),
          'What happens to calls that cannot be journaled.',
          storage.onStoreFailure,
        ),
        retention_days: about(days(), 'Records older than this are pruned; null: none are.', null),
      },
      'a mapping',
    ),
    sidecar: v.object(
      {
        host: about(v.filled('a host'), 'Address to listen on.', sidecar.host),
        port: about(
          v.number('a port from 0 to 65535', { min: 0, max: 65_535, whole: true }),
          'Port to listen on.',
          sidecar.port,
        ),
        origins: about(v.list(v.text(), TEXTS), 'Origins of pages that may call.', []),
        require_token: about(v.flag(), 'Whether local calls need a token too.', sidecar.requireToken),
      },
      'a mapping',
    ),
  };
}

/** `approvals` and one entry of `approvers`. */
export function approvalSections(v: SchemaValues, { z }: Zod) {
  const { approvals } = DEFAULTS;
  const expected = 'a URL, `{url, secret, allow_private}` or null';
  const url = z.string({ error: expected }).regex(/^https?:\/\/\S+$/, { error: expected });
  const withSecret = v.object(
    { url, secret: v.text().optional(), allow_private: v.flag().optional() },
    expected,
  );
  const webhook = z.union([url, withSecret], { error: expected }).transform((written): ApprovalWebhook => {
    if (typeof written === 'string') return { url: written, secret: null, allowPrivate: false };
    return { url: written.url, secret: written.secret ?? null, allowPrivate: written.allow_private ?? false };
  });
  return {
    approvals: v.object(
      {
        wait: about(v.flag(), 'Whether a call waits for its answer.', approvals.wait),
        timeout_seconds: about(
          v.timer(),
          'Seconds until an unanswered request is refused.',
          approvals.timeoutSeconds,
        ),
        quorum: about(
          v.number('a whole number, 1 or more', { min: 1, whole: true }),
          'Approvals that are needed.',
          approvals.quorum,
        ),
        repeat_limit: about(
          v.number(COUNT, { min: 0, whole: true }),
          'How often the same call may ask again.',
          approvals.repeatLimit,
        ),
        via: about(v.word(['auto', 'callback', 'queue']), 'How people are asked.', approvals.via),
        webhook: about(webhook.nullable(), 'Where a pending approval is announced.', null),
      },
      'a mapping',
    ),
    approvers: v.list(
      v.object(
        {
          id: v.filled('the id of an approver, as text').meta({ description: 'Who decides.' }),
          public_key: v.filled('an Ed25519 public key, as text').meta({ description: 'Ed25519.' }),
          lists: about(v.list(v.text(), TEXTS), 'The lists that the approver is on.', []),
        },
        'a mapping with `id` and `public_key`',
      ),
      'a list of approvers',
    ),
  };
}
