import { sortedJson } from './canonical.ts';
import type { DecidedBody } from './entry.ts';
import { toMicroUsd } from './money.ts';
import { hopToWire, wireDate } from './wire-hops.ts';
import { resultText } from './wire-results.ts';

/** How many fields a decision has. */
const FIELDS = 42;

/**
 * The text of a decision that has every field of one, and no other; `undefined` for any other body. It is the text that
 * the fields have one by one: with their names written out here, and in their order, it takes a fraction of the time.
 */
export function decidedText(body: Readonly<Record<string, unknown>>): string | undefined {
  if (Object.keys(body).length !== FIELDS) return undefined;
  const decided = body as Partial<DecidedBody>;
  const members = new Members();
  members.add('"action_id":', decided.actionId);
  members.add('"action_type":', decided.actionType);
  members.add('"agent_id":', decided.agentId);
  members.add('"approval_id":', decided.approvalId);
  members.add('"call_id":', decided.callId);
  members.add('"digest":', decided.digest);
  members.add('"duration_ms":', decided.durationMs);
  members.add('"elapsed_ms":', decided.elapsedMs);
  members.add('"error":', decided.error);
  members.addText('"estimated_cost":', sortedJson(toMicroUsd(decided.estimatedCost) ?? null));
  members.addList('"evaluator_results":', decided.evaluatorResults, resultText);
  members.add('"framework":', decided.framework);
  members.add('"grant_id":', decided.grantId);
  members.add('"guard_version":', decided.guardVersion);
  members.addList('"instruction_chain":', decided.instructionChain, hopText);
  members.add('"intent":', decided.intent);
  members.add('"labels":', decided.labels);
  members.add('"latency_ms":', decided.latencyMs);
  members.add('"mode":', decided.mode);
  members.add('"outcome":', decided.outcome);
  members.add('"parameters":', decided.parameters);
  members.add('"parent_action_id":', decided.parentActionId);
  members.add('"policy_triggered":', decided.policyTriggered);
  members.add('"principal":', decided.principal);
  members.add('"reason":', decided.reason);
  members.add('"result":', decided.result);
  members.add('"reversible":', decided.reversible);
  members.add('"risk_level":', decided.riskLevel);
  members.add('"risk_score":', decided.riskScore);
  members.add('"rolled_back":', decided.rolledBack);
  members.add('"rule_name":', decided.ruleName);
  members.add('"session_id":', decided.sessionId);
  members.add('"snapshot_id":', decided.snapshotId);
  members.add('"spelling":', decided.spelling);
  members.add('"state":', decided.state);
  members.add('"tags":', decided.tags);
  members.add('"task_id":', decided.taskId);
  members.add('"timestamp":', decided.timestamp);
  members.add('"tool_name":', decided.toolName);
  members.add('"trace_id":', decided.traceId);
  members.add('"verdict":', decided.verdict);
  members.add('"would_verdict":', decided.wouldVerdict);
  return decided.estimatedCost === undefined ? undefined : members.text();
}

/** Members of a JSON object, in the order in which they are added. */
class Members {
  #text = '';
  #isWhole = true;

  /** What is `null` is left out. */
  add(name: string, value: unknown): void {
    if (value === null) return;
    if (value === undefined) this.#isWhole = false;
    else this.addText(name, typeof value === 'string' ? JSON.stringify(value) : sortedJson(wireDate(value)));
  }

  addList(name: string, value: unknown, textOf: (item: unknown) => string): void {
    if (Array.isArray(value)) this.addText(name, `[${value.map(textOf).join(',')}]`);
    else this.#isWhole = false;
  }

  addText(name: string, text: string): void {
    this.#text += this.#text === '' ? name + text : `,${name}${text}`;
  }

  /** The object's text; `undefined` where a member was not there, or no list where one belongs. */
  text(): string | undefined {
    return this.#isWhole ? `{${this.#text}}` : undefined;
  }
}

function hopText(hop: unknown): string {
  return sortedJson(hopToWire(hop));
}
