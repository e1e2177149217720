import { canonicalJson } from '../core/canonical.ts';
import type { DecidedBody, EntryState, FinishedBody } from '../core/entry.ts';
import type { AgentCall } from '../core/intent.ts';
import { isPlainObject } from '../core/private-copy.ts';
import type { JournalRecord } from '../core/record.ts';
import type { ActionRedaction, KnownResult } from '../core/redact.ts';
import type { EvaluationResult, EvaluatorResult } from '../core/result.ts';
import type { Outcome } from '../core/verdict.ts';
import { WrittenResult } from '../core/wire-results.ts';
import { keepResult, keepsAllArguments, keptArguments, keptError, keptText } from '../journal/summary.ts';
import type { ReadCall } from './intent-of-call.ts';
import type { CallServices } from './services.ts';
import type { ToolCall } from './tool.ts';

/** How a tool's run ended. */
export interface Ended {
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly result: unknown;
  readonly error: string | null;
}

/** The bodies of one call's records. They are built when the store asks for them, with every secret taken out. */
export class RecordBodies {
  readonly #call: ToolCall;
  readonly #read: ReadCall;
  readonly #started: number;
  readonly #services: CallServices;
  #redaction: ActionRedaction | undefined;
  /** Whether the parameters are stored as they are. */
  #isQuiet = false;
  #canonical: string | undefined;

  /** `started`: monotonic milliseconds at interception. */
  constructor(call: ToolCall, read: ReadCall, started: number, services: CallServices) {
    this.#call = call;
    this.#read = read;
    this.#started = started;
    this.#services = services;
  }

  /** The body of a `decided` or `waiting` record. */
  decided(decision: EvaluationResult, state: EntryState, monitoring = false): () => JournalRecord['body'] {
    const elapsedMs = this.#elapsedMs();
    return () => this.#decidedBody(decision, { state, monitoring, elapsedMs });
  }

  /** The body of a `done` or `failed` record. */
  finished({ outcome, durationMs, result, error }: Ended): () => JournalRecord['body'] {
    const elapsedMs = this.#elapsedMs();
    const kept = keepResult(result);
    return (): FinishedBody & JournalRecord['body'] => {
      const redaction = this.#redacted();
      return {
        outcome,
        durationMs: rounded(durationMs),
        elapsedMs,
        result: kept(redaction),
        error: error === null ? null : keptError(error, redaction),
      };
    };
  }

  #elapsedMs(): number {
    return rounded(this.#services.clock.monotonic() - this.#started);
  }

  #canonicalParameters(): string {
    this.#canonical ??= canonicalJson(this.#read.intent.parameters);
    return this.#canonical;
  }

  #redacted(): ActionRedaction {
    if (this.#redaction !== undefined) return this.#redaction;
    const redactor = this.#services.redactor();
    const quiet = this.#mayBeQuiet() ? redactor.forQuietAction(this.#read.intent.parameters) : null;
    this.#isQuiet = quiet !== null;
    // From JSON: an opaque argument may be a proxy that was revoked since, which nobody can look at.
    this.#redaction = quiet ?? redactor.forAction(JSON.parse(this.#canonicalParameters()));
    return this.#redaction;
  }

  #mayBeQuiet(): boolean {
    const { opaque, problem } = this.#read;
    return opaque.length === 0 && problem === null && keepsAllArguments(this.#canonicalParameters());
  }

  // One literal of all fields: putting it together from several objects takes longer than all the rest.
  #decidedBody(
    decision: EvaluationResult,
    { state, monitoring, elapsedMs }: { state: EntryState; monitoring: boolean; elapsedMs: number },
  ): DecidedBody & JournalRecord['body'] {
    const { intent } = this.#read;
    const redaction = this.#redacted();
    const canonical = this.#canonicalParameters();
    const evaluatorResults = decision.results.map((result) => redactedResult(result, redaction));
    const reasonOf = decision.results.findIndex(({ reason }) => reason === decision.reason);
    return {
      actionId: intent.actionId,
      agentId: intent.agentId,
      actionType: intent.actionType,
      verdict: decision.verdict,
      riskScore: decision.riskScore,
      taskId: intent.taskId,
      policyTriggered: decision.policyTriggered,
      evaluatorResults,
      instructionChain: redactedChain(intent.instructionChain, redaction),
      parameters: this.#isQuiet ? intent.parameters : keptArguments(canonical, redaction),
      durationMs: 0,
      timestamp: intent.timestamp,
      rolledBack: false,
      error: null,
      toolName: intent.toolName,
      sessionId: intent.sessionId,
      intent: keptText(intent.intent, redaction),
      outcome: monitoring || state === 'running' ? 'ALLOW' : decision.verdict,
      reason: evaluatorResults[reasonOf]?.reason ?? keptText(decision.reason, redaction),
      ruleName: decision.ruleName,
      spelling: null,
      latencyMs: rounded(decision.latencyMs),
      elapsedMs,
      state,
      mode: monitoring ? 'monitor' : 'enforce',
      wouldVerdict: monitoring ? decision.verdict : null,
      tags: intent.tags,
      principal: textOrNull(intent.principal, redaction),
      callId: intent.callId,
      framework: intent.framework,
      parentActionId: this.#call.context.parentActionId ?? null,
      traceId: null,
      approvalId: decision.metadata.denied?.approvalId ?? null,
      grantId: null,
      estimatedCost: intent.estimatedCost,
      riskLevel: intent.riskLevel,
      snapshotId: null,
      reversible: false,
      result: null,
      digest: this.#digest(canonical),
      labels: labelsOf(this.#read).map((label) => redaction.text(label)),
      guardVersion: this.#services.guardVersion,
    };
  }

  /** Of the real values: what was redacted cannot be guessed from it without the store's key. */
  #digest(canonical: string): string {
    const { toolName, actionType, agentId, taskId, sessionId } = this.#read.intent;
    return this.#services.digest(
      `${canonicalJson([toolName, actionType, agentId, taskId, sessionId])}${canonical}`,
    );
  }
}

/** Milliseconds to the microsecond: what is finer is noise, and takes room in every record. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** Evaluators whose answers are made once and given again and again, in frozen metadata. */
const REPEATING: ReadonlySet<string> = new Set(['policy_engine', 'risk_scorer']);

function redactedResult(result: EvaluatorResult, redaction: ActionRedaction): EvaluatorResult {
  const { results } = redaction;
  const { evaluatorName, metadata } = result;
  if (results === null || !REPEATING.has(evaluatorName)) return resultWithoutSecrets(result, redaction);
  const known = results.get(metadata);
  if (known !== undefined && isOf(known, result)) return known.written;
  const written = new WrittenResult(resultWithoutSecrets(result, redaction));
  if (isFrozenData(metadata)) results.set(metadata, { of: result, written });
  return written;
}

/** Whether it was made of such a result; the metadata is the same. */
function isOf({ of }: KnownResult, result: EvaluatorResult): boolean {
  return (
    of.reason === result.reason &&
    of.verdict === result.verdict &&
    of.confidence === result.confidence &&
    of.evaluatorName === result.evaluatorName &&
    of.suggestedAction === result.suggestedAction
  );
}

/** True for data in which nothing can change any more. */
function isFrozenData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && isPlainJson(value) && Object.values(value).every(isFrozenData);
}

function resultWithoutSecrets(result: EvaluatorResult, redaction: ActionRedaction): EvaluatorResult {
  const { verdict, confidence, evaluatorName, metadata } = result;
  const plain = isPlainJson(metadata) ? metadata : JSON.parse(canonicalJson(metadata));
  return {
    verdict,
    reason: keptText(result.reason, redaction),
    confidence,
    evaluatorName,
    suggestedAction: textOrNull(result.suggestedAction, redaction),
    metadata: redaction.value(plain) as EvaluatorResult['metadata'],
  };
}

/** True for small data that is plain JSON already, as the metadata of the guard's own evaluators is. */
function isPlainJson(value: unknown, depth = 3): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) {
    return value === null || typeof value === 'string' || typeof value === 'boolean';
  }
  if (depth === 0 || Array.isArray(value) || !isPlainObject(value)) return false;
  for (const key in value) if (key.startsWith('$') || !isPlainJson(value[key], depth - 1)) return false;
  return true;
}

/** A caller's chain may hold anything: what is refused for it is journaled as it was, as far as JSON can tell it. */
function redactedChain(chain: readonly AgentCall[], redaction: ActionRedaction): readonly AgentCall[] {
  if (!Array.isArray(chain)) return redaction.value(JSON.parse(canonicalJson(chain))) as AgentCall[];
  return chain.map((hop: AgentCall) => {
    const wellFormed = hop?.timestamp instanceof Date && typeof hop.instruction === 'string';
    if (!wellFormed) return redaction.value(JSON.parse(canonicalJson(hop))) as AgentCall;
    const { agentId, trustLevel, instruction, timestamp } = hop;
    return { agentId, trustLevel, instruction: keptText(instruction, redaction), timestamp };
  });
}

function textOrNull(text: string | null, redaction: ActionRedaction): string | null {
  return typeof text === 'string' ? keptText(text, redaction) : null;
}

function labelsOf({ opaque, origin, problem }: ReadCall): string[] {
  const labels = opaque.map((path) => `opaque:${path}`);
  if (origin !== null) labels.push(`delegated-by:${origin}`);
  if (problem !== null) labels.push('arguments-unreadable');
  return labels;
}
