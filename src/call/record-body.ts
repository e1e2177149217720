import type { ShownCall } from '../core/approval.ts';
import { canonicalJson } from '../core/canonical.ts';
import type { DecidedBody, EntryState, FinishedBody } from '../core/entry.ts';
import { messageOf } from '../core/evaluate.ts';
import type { AgentCall } from '../core/intent.ts';
import type { JournalRecord } from '../core/record.ts';
import type { ActionRedaction } from '../core/redact.ts';
import type { EvaluationResult } from '../core/result.ts';
import type { Outcome } from '../core/verdict.ts';
import {
  keepResult,
  keepsAllArguments,
  keptArguments,
  keptError,
  keptText,
  keptTextOrNull,
} from '../journal/summary.ts';
import { type Capture, NOTHING_CAPTURED } from './captured.ts';
import type { ReadCall } from './intent-of-call.ts';
import { keptOpinion, keptSpelling } from './kept-opinion.ts';
import type { CallServices } from './services.ts';
import { shownCall } from './shown-call.ts';
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
  #digest: string | undefined;
  #capture: Capture = NOTHING_CAPTURED;
  /** Why the act turned out to be irreversible; `null` where it did not. */
  #irreversible: string | null = null;
  /** The last one that was journaled. */
  #decision: EvaluationResult | null = null;

  /** `started`: monotonic milliseconds at interception. */
  constructor(call: ToolCall, read: ReadCall, started: number, services: CallServices) {
    this.#call = call;
    this.#read = read;
    this.#started = started;
    this.#services = services;
  }

  /** What was captured, for the records from now on. */
  captured(capture: Capture): void {
    this.#capture = capture;
  }

  /** What was captured turned out not to be enough. */
  cannotBeUndone(why: string): void {
    this.#irreversible = why;
  }

  /** The body of a `decided` or `waiting` record. */
  decided(decision: EvaluationResult, state: EntryState, monitoring = false): () => JournalRecord['body'] {
    const elapsedMs = this.#elapsedMs();
    const told = this.#withoutProblem(decision);
    this.#decision = told;
    return () => {
      try {
        return this.#decidedBody(told, { state, monitoring, elapsedMs });
      } catch (error) {
        return this.#barely(told.verdict, state, error);
      }
    };
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
        ...this.#revised(redaction),
      };
    };
  }

  #revised(redaction: ActionRedaction): Partial<FinishedBody> {
    const why = this.#irreversible;
    return why === null
      ? {}
      : {
          reversible: false,
          labels: [...this.#labels(redaction, this.#decision), redaction.text(`irreversible: ${why}`)],
        };
  }

  #labels(redaction: ActionRedaction, decision: EvaluationResult | null): string[] {
    return [...labelsOf(this.#read, decision), ...this.#capture.labels].map((label) => redaction.text(label));
  }

  /** What made arguments unreadable may quote them, and then nothing tells which of it is secret. */
  #withoutProblem(decision: EvaluationResult): EvaluationResult {
    const { problem } = this.#read;
    if (problem === null || problem === '') return decision;
    const hide = (text: string): string => text.replaceAll(problem, '[redacted]');
    const results = decision.results.map((result) => ({ ...result, reason: hide(result.reason) }));
    return { ...decision, reason: hide(decision.reason), results };
  }

  /** Stands in for what cannot be told, so that no record is owed for ever. */
  #barely(verdict: EvaluationResult['verdict'], state: EntryState, error: unknown): JournalRecord['body'] {
    const { actionId, timestamp } = this.#read.intent;
    const { actionType, toolName, riskLevel } = this.#call.spec;
    const reason = `What was decided cannot be told: ${messageOf(error)}`;
    return {
      ...{
        actionId,
        actionType,
        toolName,
        riskLevel,
        timestamp,
        verdict,
        state,
        reason,
        intent: '',
        digest: '',
      },
      ...{ agentId: 'unreadable', outcome: state === 'running' ? 'ALLOW' : verdict, mode: 'enforce' },
      ...{ riskScore: 0, latencyMs: 0, elapsedMs: 0, durationMs: 0, estimatedCost: 0 },
      ...{ rolledBack: false, reversible: false, parameters: {}, evaluatorResults: [], instructionChain: [] },
      ...{ tags: [], labels: ['unreadable'], guardVersion: this.#services.guardVersion },
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
    const evaluatorResults = decision.results.map((result) => keptOpinion(result, redaction));
    const reasonOf = decision.results.findIndex(({ reason }) => reason === decision.reason);
    return {
      actionId: intent.actionId,
      agentId: idText(intent.agentId) ?? '',
      actionType: intent.actionType,
      verdict: decision.verdict,
      riskScore: decision.riskScore,
      taskId: idText(intent.taskId),
      policyTriggered: keptTextOrNull(decision.policyTriggered, redaction),
      evaluatorResults,
      instructionChain: redactedChain(intent.instructionChain, redaction),
      parameters: this.#isQuiet ? intent.parameters : keptArguments(canonical, redaction),
      durationMs: 0,
      timestamp: intent.timestamp,
      rolledBack: false,
      error: null,
      toolName: intent.toolName,
      sessionId: idText(intent.sessionId),
      intent: keptText(intent.intent, redaction),
      outcome: monitoring || state === 'running' ? 'ALLOW' : decision.verdict,
      reason: evaluatorResults[reasonOf]?.reason ?? keptText(decision.reason, redaction),
      ruleName: keptTextOrNull(decision.ruleName, redaction),
      spelling: keptSpelling(decision.metadata, redaction),
      latencyMs: rounded(decision.latencyMs),
      elapsedMs,
      state,
      mode: monitoring ? 'monitor' : 'enforce',
      wouldVerdict: monitoring ? decision.verdict : null,
      tags: intent.tags.map((tag) => redaction.text(tag)),
      principal: keptTextOrNull(intent.principal, redaction),
      callId: keptTextOrNull(intent.callId, redaction),
      framework: intent.framework,
      parentActionId: this.#call.context.parentActionId ?? null,
      traceId: null,
      approvalId: decision.metadata.approvalId ?? null,
      grantId: decision.metadata.grantId ?? null,
      estimatedCost: intent.estimatedCost,
      riskLevel: intent.riskLevel,
      snapshotId: this.#capture.held?.snapshot.id ?? null,
      reversible: this.#capture.held !== null,
      result: null,
      digest: this.digest(),
      labels: this.#labels(redaction, decision),
      guardVersion: this.#services.guardVersion,
    };
  }

  /** Of the real values: what was redacted cannot be guessed from it without the store's key. */
  digest(): string {
    if (this.#digest !== undefined) return this.#digest;
    const { toolName, actionType, agentId, taskId, sessionId, principal } = this.#read.intent;
    const named: unknown[] = [toolName, actionType, agentId, taskId, sessionId];
    const positions = positionsIn(this.#read);
    if (positions !== null) named.push(positions);
    if (principal !== null) named.push({ principal });
    this.#digest = this.#services.digest(`${canonicalJson(named)}${this.#canonicalParameters()}`);
    return this.#digest;
  }

  /** A text without the action's secrets. */
  redacted(text: string): string {
    return keptText(text, this.#redacted());
  }

  /** The call as a person is shown it who is to decide on it. */
  shown(): ShownCall {
    return shownCall(this.#read, JSON.parse(this.#canonicalParameters()), this.#redacted());
  }
}

/**
 * How many arguments the parameters are the names of; `null` where they are those of a single object. The parameters alone
 * do not tell: `f('x')` and `f({ arg0: 'x' })` have the same.
 */
function positionsIn({ args, intent }: ReadCall): number | null {
  if (args[0] === intent.parameters) return null;
  return args.findLastIndex((value) => value !== undefined) + 1;
}

/** Milliseconds to the microsecond: what is finer is noise, and takes room in every record. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
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

/** An id as it is. A context may hold anything in its place: what is refused for it is told as JSON. */
function idText(id: unknown): string | null {
  if (typeof id === 'string' || id === null) return id;
  return canonicalJson(id).slice(0, 1000);
}

function labelsOf({ opaque, origin, problem }: ReadCall, decision: EvaluationResult | null): string[] {
  const labels = opaque.map((path) => `opaque:${path}`);
  if (origin !== null) labels.push(`delegated-by:${origin}`);
  if (problem !== null) labels.push('arguments-unreadable');
  if (decision?.verdict === 'BLOCK' && decision.metadata.repeats !== undefined) labels.push('repeated');
  return labels;
}
