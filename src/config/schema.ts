import type { z as zodNamespace } from 'zod';
import { DEFAULT_NAME, DEFAULTS } from './defaults.ts';
import type { Zod } from './lazy.ts';
import { approvalSections, keepingSections } from './schema-keeping.ts';
import { agentSections, judgingSections, limitSections } from './schema-sections.ts';
import { about, type SchemaValues, schemaValues } from './schema-values.ts';

const ACTIONS = ['allow', 'block', 'escalate', 'warn', 'defer'] as const;

const PARENTS = 'the name of a policy, or a list of names';
const VERSIONS = '"1" or "1.0"';

function ruleSchema(v: SchemaValues) {
  return v.object(
    {
      pattern: v.text('a Python regular expression, as text').meta({
        description: 'Python regular expression, searched for in the intent. Write it in single quotes.',
      }),
      action: v.word(ACTIONS).meta({ description: 'What happens to an intent that the pattern matches.' }),
      reason: about(v.text(), 'Shown to the model and logged.', ''),
      name: about(v.filled('text'), 'Default: the action and the pattern, as in `block:^/etc/`.'),
      suggestion: about(v.text(), 'What would be acceptable instead.'),
      escalate_to: about(v.text(), 'Who is asked.'),
      defer_seconds: about(seconds(v), 'When to try again.'),
    },
    'a mapping with `pattern` and `action`',
  );
}

function policySchema(v: SchemaValues, { z }: Zod) {
  const texts = 'a list of action types such as `[file.*]`';
  return v.object(
    {
      name: v.filled('the name of the policy, as text').meta({ description: 'Unique within the file.' }),
      action_types: about(
        v
          .list(v.text(), texts)
          .min(1, { error: `${texts}; an empty list matches nothing: leave it out for all` }),
        'Globs of action types; * also crosses dots.',
        ['*'],
      ),
      condition: about(
        v.text('a condition, as text'),
        'Python expression. Without one the policy always matches.',
      ),
      verdict: about(
        v.verdict(['ALLOW_OVERRIDE']),
        'What happens when it matches. ALLOW_OVERRIDE: allow, and the risk scorer has no say.',
        'BLOCK',
      ),
      message: about(v.text(), 'Shown to the model and logged.', ''),
      suggestion: about(v.text(), 'What would be acceptable instead.'),
      escalate_to: about(v.text(), 'Who is asked.'),
      defer_seconds: about(seconds(v), 'When to try again.'),
      timeout_seconds: about(v.timer(), 'Seconds until an unanswered approval is refused.'),
      min_trust: about(v.trust(), '0 to 1, or a level by name. An agent below it that matches is blocked.'),
      extends: about(
        z.union([v.filled(PARENTS), v.list(v.filled(PARENTS), PARENTS)], { error: PARENTS }),
        'Policies whose fields hold where this one states none; of several the last wins.',
      ),
    },
    'a mapping with a `name`',
  );
}

function seconds(v: SchemaValues) {
  return v.number('a number of seconds, 0 or more', { min: 0 });
}

function buildFileSchema(zod: Zod) {
  const { z } = zod;
  const v = schemaValues(zod);
  const { global, budget, rate_limits } = limitSections(v);
  const { agents, tools } = agentSections(v);
  const { evaluators, spellings, redaction, mode } = judgingSections(v);
  const { rollback, observability, storage, sidecar } = keepingSections(v, zod);
  const { approvals, approvers } = approvalSections(v, zod);
  return v
    .object(
      {
        version: about(
          z.union([z.literal(1), z.enum(['1', '1.0'])], { error: VERSIONS }),
          'Version of the format: "1" or "1.0".',
        ),
        name: about(v.filled('text'), 'Name of the rule list.', DEFAULT_NAME),
        default_action: about(
          v.word(ACTIONS),
          'What happens where no rule matches. Only beside `rules`.',
          'block',
        ),
        rules: about(v.list(ruleSchema(v), 'a list of rules'), 'In order; the first that matches decides.'),
        policies: about(
          v.list(policySchema(v, zod), 'a list of policies'),
          'Policies with conditions, in order; the first that matches decides.',
        ),
        global: about(global, 'Defaults and limits that concern every call.'),
        budget: about(budget, 'Money.'),
        rate_limits: about(rate_limits, 'Calls in a time: N/sec, N/min, N/hour or N/day.'),
        agents: about(agents, 'Agents that are registered from the start.', []),
        evaluators: about(evaluators, 'Which evaluators take part.'),
        tools: about(tools, 'Kinds of arguments by tool and parameter.', {}),
        spellings: about(spellings, 'How spellings of arguments are judged.'),
        rollback: about(rollback, 'Undoing actions.'),
        observability: about(observability, 'Exporters and the log in memory.'),
        approvals: about(approvals, 'How people are asked.'),
        approvers: about(approvers, 'Whose signed decisions count.', []),
        storage: about(storage, 'The journal.'),
        redaction: about(redaction, 'What is hidden in everything stored.'),
        mode: about(mode, 'monitor judges and journals but lets everything run.', DEFAULTS.mode),
        sidecar: about(sidecar, 'The sidecar.'),
      },
      'a mapping of sections such as `rules` or `policies`',
    )
    .meta({
      title: 'plyra-guard configuration',
      description: 'A rule file or a guard configuration of plyra-guard, or both in one.',
    });
}

/** Built on first use and kept: building it takes longer than checking a file. */
let built: ReturnType<typeof buildFileSchema> | undefined;

/** The schema of a file: rules, policies and settings, all of them together or any of them alone. */
export function fileSchema(zod: Zod): ReturnType<typeof buildFileSchema> {
  built ??= buildFileSchema(zod);
  return built;
}

/** What a file says, checked; keys as written, defaults not applied. */
export type FileShape = zodNamespace.output<ReturnType<typeof buildFileSchema>>;

/** The JSON Schema (draft 7) of a file, for editors. */
export function jsonSchema(zod: Zod): Record<string, unknown> {
  const { z } = zod;
  const { $schema, title, description, ...schema } = z.toJSONSchema(fileSchema(zod), {
    io: 'input',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema: written }) => {
      // zod leaves out the default of what it transforms; ours are quoted as written in YAML.
      const meta = z.globalRegistry.get(zodSchema);
      if (meta !== undefined && 'default' in meta) written.default = meta.default as typeof written.default;
    },
  });
  return { $schema, title, description, ...schema };
}
