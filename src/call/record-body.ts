import { canonicalJson } from '../core/canonical.ts';
import type { DecidedBody, EntryState, FinishedBody } from '../core/entry.ts';
import type { JournalRecord } from '../core/record.ts';
import type { EvaluationResult } from '../core/result.ts';
import type { Outcome } from '../core/verdict.ts';
import { summariseArguments, summariseResult } from '../journal/summary.ts';
import type { ReadCall } from './intent-of-call.ts';
import type { CallServices } from './services.ts';
import type { ToolCall } from './tool.ts';

/** A decision, as it is journaled. */
export interface Told {
  readonly call: ToolCall;
  readonly read: ReadCall;
  readonly decision: EvaluationResult;
  /** Monotonic milliseconds at interception. */
  readonly started: number;
  readonly monitoring: boolean;
}

/** The body of a `decided` or `waiting` record; built when the store asks for it. */
export function decidedBody(
  { call, read, decision, started, monitoring }: Told,
  state: EntryState,
  { digest, guardVersion, clock }: CallServices,
): () => JournalRecord['body'] {
  const elapsedMs = clock.monotonic() - started;
  return () => {
    const { intent } = read;
    const canonical = canonicalJson(intent.parameters);
    const covered = [intent.toolName, intent.actionType, intent.agentId, intent.taskId, intent.sessionId];
    const { metadata: _metadata, timestamp, parameters, ...told } = intent;
    const body: DecidedBody = {
      ...told,
      timestamp,
      parameters: summariseArguments(parameters, canonical),
      verdict: decision.verdict,
      outcome: monitoring || state === 'running' ? 'ALLOW' : decision.verdict,
      riskScore: decision.riskScore,
      policyTriggered: decision.policyTriggered,
      evaluatorResults: Object.freeze(decision.results.map((result) => Object.freeze(result))),
      reason: decision.reason,
      ruleName: decision.ruleName,
      spelling: null,
      latencyMs: decision.latencyMs,
      elapsedMs,
      durationMs: 0,
      rolledBack: false,
      error: null,
      state,
      mode: monitoring ? 'monitor' : 'enforce',
      wouldVerdict: monitoring ? decision.verdict : null,
      parentActionId: call.context.parentActionId ?? null,
      traceId: null,
      approvalId: decision.metadata.denied?.approvalId ?? null,
      grantId: null,
      snapshotId: null,
      reversible: false,
      result: null,
      digest: digest(`${canonicalJson(covered)}${canonical}`),
      labels: labelsOf(read),
      guardVersion,
    };
    return body as unknown as JournalRecord['body'];
  };
}

function labelsOf({ opaque, origin, problem }: ReadCall): string[] {
  const labels = opaque.map((path) => `opaque:${path}`);
  if (origin !== null) labels.push(`delegated-by:${origin}`);
  if (problem !== null) labels.push('arguments-unreadable');
  return labels;
}

/** How a tool's run ended. */
export interface Ended {
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly elapsedMs: number;
  readonly result: unknown;
  readonly error: string | null;
}

/** The body of a `done` or `failed` record. The result is copied now: it belongs to the caller from here on. */
export function finishedBody(ended: Ended): () => JournalRecord['body'] {
  const body: FinishedBody = { ...ended, result: summariseResult(ended.result) };
  return () => body as unknown as JournalRecord['body'];
}
