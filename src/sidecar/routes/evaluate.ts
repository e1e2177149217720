import { z } from '@hono/zod-openapi';
import { ARGUMENT_KINDS } from '../../core/argument-kind.ts';
import { intentFromData } from '../../core/intent-from-data.ts';
import { decisionJson } from '../../explain/decision-json.ts';
import { ProblemError } from '../problem.ts';
import { route } from '../route.ts';
import { OUTCOMES, VERDICTS } from '../schemas/common.ts';

const QUESTION = z
  .strictObject({
    intent: z.union([z.string(), z.record(z.string(), z.unknown())]).openapi({
      description: 'The intent string, or an action: `{"action_type": "file.write", "parameters": {…}}`.',
    }),
    as: z
      .enum(ARGUMENT_KINDS as readonly [string, ...string[]])
      .optional()
      .openapi({ description: 'What an intent that is text is read as.' }),
  })
  .openapi('Question', { example: { intent: 'rm -rf /var/log' } });

const DECISION = z
  .object({
    outcome: z.enum(OUTCOMES),
    verdict: z.enum(VERDICTS),
    reason: z.string(),
    rule_name: z.string().nullable(),
    policy_triggered: z.string().nullable(),
    risk_score: z.number(),
    latency_ms: z.number(),
    suggested_action: z.string().nullable(),
    results: z.array(z.unknown()),
  })
  .openapi('Decision');

/** `POST /api/policy/evaluate` */
export const EVALUATE_ROUTE = route({
  method: 'post',
  path: '/api/policy/evaluate',
  summary: 'Judges an intent by the policy in force; runs nothing, writes nothing, uses no quota up',
  permission: 'read',
  open: true,
  body: QUESTION,
  answer: { description: 'The decision.', schema: DECISION },
  handle: async ({ desk: { parts }, body: { intent, as } }) => {
    const now = new Date(parts.clock.now());
    const refusal = (message: string): Error => new ProblemError(400, message);
    const read = typeof intent === 'string' ? intent : intentFromData(intent, { now, refusal });
    return decisionJson(await parts.evaluate(read, as as (typeof ARGUMENT_KINDS)[number] | undefined));
  },
});
