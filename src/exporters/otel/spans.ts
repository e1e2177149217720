import type { AuditEntry } from '../../core/entry.ts';
import { nodeCrypto } from '../../node-crypto.ts';
import { wireJson } from '../entry-json.ts';

/** A value of an attribute. */
export type AttributeValue = string | number | boolean | readonly string[];

/** Seconds since 1970, and nanoseconds of the next one. */
export type SpanTime = [seconds: number, nanoseconds: number];

/** A span that has ended. */
export interface SpanFacts {
  readonly name: string;
  /** 16 hexadecimal digits; the same whenever the entry is read. */
  readonly spanId: string;
  readonly start: SpanTime;
  readonly end: SpanTime;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Why it failed; `null` where it did not. */
  readonly error: string | null;
}

/** What an action looks like as a trace: the decision, and below it the run of the tool, if it ran. */
export interface ActionSpans {
  /** 32 hexadecimal digits, of the action's id. */
  readonly traceId: string;
  readonly decision: SpanFacts;
  readonly execution: SpanFacts | null;
}

/** Longest text of an attribute that may hold arguments. */
const MAX_CONTENT = 8_192;

/** The spans of an action. With `includeArguments` they also carry the (redacted) intent, arguments and result. */
export function spansOf(entry: AuditEntry, includeArguments: boolean): ActionSpans {
  const { toolName, timestamp, elapsedMs, durationMs, latencyMs, state, error } = entry;
  const start = timestamp.getTime();
  const ran = state !== 'refused' && state !== 'waiting';
  const end = start + Math.max(positive(elapsedMs), positive(latencyMs), positive(durationMs));
  const began = ran ? end - positive(durationMs) : end;
  const common = plyraAttributes(entry);
  const content = includeArguments ? { 'plyra.intent': cut(entry.intent) } : {};
  const decision = {
    ...{ name: `plyra.decide ${toolName}`, spanId: spanIdOf(entry, 'decide') },
    ...{ start: timeOf(start), end: timeOf(began), error: null },
    attributes: { ...common, ...content },
  };
  const execution = {
    ...{ name: `execute_tool ${toolName}`, spanId: spanIdOf(entry, 'execute') },
    ...{ start: timeOf(began), end: timeOf(end), error: state === 'failed' ? (error ?? '') : null },
    attributes: { ...genAiAttributes(entry, includeArguments), ...common },
  };
  return { traceId: traceIdOf(entry), decision, execution: ran ? execution : null };
}

/** Semantic conventions for generative AI, "Execute tool span": https://opentelemetry.io/docs/specs/semconv/gen-ai/ */
function genAiAttributes(entry: AuditEntry, includeArguments: boolean): Record<string, AttributeValue> {
  const { toolName, callId, agentId, sessionId, state, error, parameters, result } = entry;
  return present({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': toolName,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': callId,
    'gen_ai.agent.id': agentId,
    'gen_ai.conversation.id': sessionId,
    'error.type': state === 'failed' ? errorType(error) : null,
    'gen_ai.tool.call.arguments': includeArguments ? cut(wireJson(parameters)) : null,
    'gen_ai.tool.call.result': includeArguments && result !== null ? cut(wireJson({ result })) : null,
  });
}

function plyraAttributes(entry: AuditEntry): Record<string, AttributeValue> {
  return present({
    'plyra.action.id': entry.actionId,
    'plyra.action.type': entry.actionType,
    'plyra.tool.name': entry.toolName,
    'plyra.agent.id': entry.agentId,
    'plyra.task.id': entry.taskId,
    'plyra.session.id': entry.sessionId,
    'plyra.principal': entry.principal,
    'plyra.framework': entry.framework,
    'plyra.verdict': entry.verdict,
    'plyra.outcome': entry.outcome,
    'plyra.state': entry.state,
    'plyra.mode': entry.mode,
    'plyra.would_verdict': entry.wouldVerdict,
    'plyra.policy': entry.policyTriggered,
    'plyra.rule': entry.ruleName,
    'plyra.reason': entry.reason,
    'plyra.risk.score': entry.riskScore,
    'plyra.risk.level': entry.riskLevel,
    'plyra.cost.estimated_usd': entry.estimatedCost,
    'plyra.approval.id': entry.approvalId,
    'plyra.policy.revision': entry.policyRevision,
    'plyra.decision.duration_ms': entry.latencyMs,
    'plyra.reversible': entry.reversible,
    'plyra.tags': entry.tags,
    'plyra.labels': entry.labels,
  });
}

/** Without what is `null`, no number, or of another type than an attribute can have. */
function present(attributes: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).filter((pair): pair is [string, AttributeValue] => isAttribute(pair[1])),
  );
}

function isAttribute(value: unknown): value is AttributeValue {
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => typeof one === 'string');
  return typeof value === 'string' || typeof value === 'boolean';
}

/** `TypeError` of `TypeError: x is no function`. */
function errorType(error: string | null): string {
  return /^[A-Z]\w{0,63}(?=:|$)/.exec(error ?? '')?.[0] ?? '_OTHER';
}

function cut(text: string): string {
  return text.length > MAX_CONTENT ? `${text.slice(0, MAX_CONTENT)}…` : text;
}

function positive(ms: number): number {
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}

function timeOf(ms: number): SpanTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.min(999_999_999, Math.round((ms - seconds * 1000) * 1e6))];
}

/** The id of an action has as many bits as that of a trace. */
function traceIdOf({ actionId }: AuditEntry): string {
  const hex = actionId.replaceAll('-', '').toLowerCase();
  return /^(?!0{32})[0-9a-f]{32}$/.test(hex) ? hex : nodeCrypto().hash('sha256', actionId).slice(0, 32);
}

function spanIdOf({ actionId }: AuditEntry, part: string): string {
  return nodeCrypto().hash('sha256', `${actionId}:${part}`).slice(0, 16);
}
