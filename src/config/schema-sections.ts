import { AGENT_DEFAULTS, DEFAULTS } from './defaults.ts';
import { about, type SchemaValues } from './schema-values.ts';

const KINDS = ['path', 'url', 'shell', 'sql', 'text'] as const;
const COUNT = 'a whole number, 0 or more';
const MONEY = 'an amount in USD, 0 or more, or null for no limit';
const TEXTS = 'a list of texts, e.g. `[a, b]`';

/** Limits: `global`, `budget`, `rate_limits`. */
export function limitSections(v: SchemaValues) {
  return { global: globalSection(v), budget: budgetSection(v), rate_limits: ratesSection(v) };
}

function globalSection(v: SchemaValues) {
  const { global } = DEFAULTS;
  return v.object(
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
  );
}

function budgetSection(v: SchemaValues) {
  const { budget } = DEFAULTS;
  const money = () => v.number(MONEY, { min: 0 }).nullable();
  return v.object(
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
  );
}

function ratesSection(v: SchemaValues) {
  const { rateLimits } = DEFAULTS;
  const rates = (whose: string) =>
    about(v.names(v.rate(), `a mapping of ${whose} to rates`), `Rates by ${whose}; a name may end in *.`, {});
  return v.object(
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
  );
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
