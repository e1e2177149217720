import type { AuditEntry } from './entry.ts';
import { hopToWire, wireDate } from './wire-hops.ts';
import { metadataToWire } from './wire-results.ts';

/** A field's name in snake case: `estimatedCost` becomes `estimated_cost`. */
type SnakeCase<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : Name;

/**
 * An entry as JSON: every field of {@link AuditEntry}, in snake case. Times are ISO 8601 in UTC, money is in USD,
 * durations are in milliseconds.
 */
export type WireEntry = { readonly [Field in SnakeCase<keyof AuditEntry>]: unknown };

type FieldReaders = { readonly [Field in keyof WireEntry]: (entry: AuditEntry) => unknown };

/** How each field is read; they come in the order in which one asks for them. */
const READ: FieldReaders = Object.freeze({
  action_id: (e) => e.actionId,
  timestamp: (e) => wireDate(e.timestamp),
  state: (e) => e.state,
  outcome: (e) => e.outcome,
  verdict: (e) => e.verdict,
  mode: (e) => e.mode,
  would_verdict: (e) => e.wouldVerdict,
  agent_id: (e) => e.agentId,
  tool_name: (e) => e.toolName,
  action_type: (e) => e.actionType,
  intent: (e) => e.intent,
  parameters: (e) => e.parameters,
  rule_name: (e) => e.ruleName,
  policy_triggered: (e) => e.policyTriggered,
  reason: (e) => e.reason,
  spelling: (e) => e.spelling,
  risk_score: (e) => e.riskScore,
  risk_level: (e) => e.riskLevel,
  estimated_cost: (e) => e.estimatedCost,
  latency_ms: (e) => e.latencyMs,
  duration_ms: (e) => e.durationMs,
  elapsed_ms: (e) => e.elapsedMs,
  result: (e) => e.result,
  error: (e) => e.error,
  task_id: (e) => e.taskId,
  session_id: (e) => e.sessionId,
  principal: (e) => e.principal,
  call_id: (e) => e.callId,
  framework: (e) => e.framework,
  parent_action_id: (e) => e.parentActionId,
  trace_id: (e) => e.traceId,
  approval_id: (e) => e.approvalId,
  grant_id: (e) => e.grantId,
  snapshot_id: (e) => e.snapshotId,
  reversible: (e) => e.reversible,
  rolled_back: (e) => e.rolledBack,
  tags: (e) => e.tags,
  labels: (e) => e.labels,
  instruction_chain: (e) => list(e.instructionChain, hopToWire),
  evaluator_results: (e) => list(e.evaluatorResults, resultToWire),
  digest: (e) => e.digest,
  policy_revision: (e) => e.policyRevision,
  guard_version: (e) => e.guardVersion,
  writer: (e) => ({ id: e.writer.id, host: e.writer.host, pid: e.writer.pid }),
  seq: (e) => e.seq,
  hash: (e) => e.hash,
});

/** The fields of a {@link WireEntry}, in their order. */
export const WIRE_FIELDS: readonly (keyof WireEntry)[] = Object.freeze(
  Object.keys(READ) as (keyof WireEntry)[],
);

/** An entry in the form that is printed, exported and sent. */
export function entryToWire(entry: AuditEntry): WireEntry {
  return Object.fromEntries(WIRE_FIELDS.map((field) => [field, READ[field](entry)])) as WireEntry;
}

/** A refused call may have brought anything in place of a list: it is told as it was. */
function list(value: unknown, toWire: (item: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map(toWire) : value;
}

function resultToWire(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  const { verdict, reason, confidence, evaluatorName, suggestedAction, metadata } = result as Readonly<
    Record<string, unknown>
  >;
  return {
    evaluator_name: evaluatorName,
    verdict,
    reason,
    confidence,
    suggested_action: suggestedAction,
    metadata: metadataToWire(metadata),
  };
}
