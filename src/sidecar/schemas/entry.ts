import { z } from '@hono/zod-openapi';
import { OUTCOMES, VERDICTS, word } from './common.ts';

const text = (max = 200_000) => z.string().max(max);
const textOrNull = () => text().nullable();
const verdict = z.enum(VERDICTS);
const amount = z.number().min(0);

/** A time that the journal can keep as it is. */
const moment = z.iso
  .datetime({ offset: true })
  .refine((time) => !Number.isNaN(Date.parse(time)), 'must be a time')
  .transform((time) => new Date(time).toISOString());

const WRITER = z.object({ id: word(200), host: text(255), pid: z.number().int().min(0) });

const RESULT = z.object({
  evaluator_name: text(200),
  verdict,
  reason: text().default(''),
  confidence: z.number().min(0).max(1).default(1),
  suggested_action: textOrNull().default(null),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

const HOP = z.looseObject({ agent_id: text(1_000), trust_level: z.number() });

/** Fields of an entry that has ended, with what a client may leave out. */
const FIELDS = {
  action_id: word(200),
  timestamp: moment,
  state: z.enum(['refused', 'done', 'failed', 'interrupted']),
  outcome: z.enum(OUTCOMES),
  verdict,
  mode: z.enum(['enforce', 'monitor']).default('enforce'),
  would_verdict: verdict.nullable().default(null),
  agent_id: text(1_000).default('default'),
  tool_name: text(1_000),
  action_type: text(1_000),
  intent: text(),
  parameters: z.record(z.string(), z.unknown()).default({}),
  rule_name: textOrNull().default(null),
  policy_triggered: textOrNull().default(null),
  reason: text().default(''),
  spelling: textOrNull().default(null),
  risk_score: z.number().min(0).max(1).default(0),
  risk_level: z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']).default('MEDIUM'),
  estimated_cost: amount.default(0),
  latency_ms: amount.default(0),
  duration_ms: amount.default(0),
  elapsed_ms: amount.default(0),
  result: z.unknown().default(null),
  error: textOrNull().default(null),
  task_id: text(1_000).nullable().default(null),
  session_id: text(1_000).nullable().default(null),
  principal: textOrNull().default(null),
  call_id: textOrNull().default(null),
  framework: textOrNull().default(null),
  parent_action_id: textOrNull().default(null),
  trace_id: textOrNull().default(null),
  approval_id: textOrNull().default(null),
  grant_id: textOrNull().default(null),
  snapshot_id: textOrNull().default(null),
  reversible: z.boolean().default(false),
  rolled_back: z.boolean().default(false),
  tags: z.array(text(1_000)).max(1_000).default([]),
  labels: z.array(text()).max(1_000).default([]),
  instruction_chain: z.array(HOP).max(1_000).default([]),
  evaluator_results: z.array(RESULT).max(1_000).default([]),
  digest: text(200).default(''),
  policy_revision: text(200).default(''),
  guard_version: text(100).default(''),
  writer: WRITER,
  seq: z.number().int().min(1),
  hash: text(200).default(''),
};

/** An entry that is sent in. Fields that are not known are left out. */
export const SENT_ENTRY = z.object(FIELDS).openapi('SentEntry');

/** An entry as it is told. One that was refused may hold anything in place of a value of the wrong type. */
export const ENTRY = z
  .looseObject({
    action_id: z.string(),
    timestamp: z.string(),
    state: z.enum(['waiting', 'refused', 'running', 'done', 'failed', 'interrupted']),
    outcome: z.enum(OUTCOMES),
    verdict,
    agent_id: z.string(),
    tool_name: z.string(),
    action_type: z.string(),
    intent: z.string(),
    parameters: z.record(z.string(), z.unknown()),
    rule_name: z.string().nullable(),
    policy_triggered: z.string().nullable(),
    reason: z.string(),
    risk_score: z.number(),
    latency_ms: z.number(),
    duration_ms: z.number(),
    result: z.unknown(),
    error: z.string().nullable(),
    task_id: z.string().nullable(),
    session_id: z.string().nullable(),
    rolled_back: z.boolean(),
    tags: z.array(z.string()),
    evaluator_results: z.array(z.unknown()),
    writer: WRITER,
    seq: z.number().int(),
    hash: z.string(),
  })
  .openapi('AuditEntry');
