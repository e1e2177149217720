import type { Evaluator } from '../core/evaluator.ts';
import type { ActionIntent, AgentCall } from '../core/intent.ts';
import { isRiskLevel } from '../core/levels.ts';
import { isPlainObject } from '../core/private-copy.ts';
import type { EvaluatorAnswer } from '../core/result.ts';

/** Longest action type, tool name and agent id, in characters. */
export const MAX_NAME_LENGTH = 1000;

/**
 * Blocks an intent that is not of its own shape: the other evaluators, and conditions, compare these fields, and a
 * NaN or a string where a number belongs would slip through a comparison. Metadata: `field`.
 */
export function schemaValidator(): Evaluator {
  return { name: 'schema_validator', evaluate: findFault };
}

function findFault(intent: ActionIntent): EvaluatorAnswer | undefined {
  return (
    nameFault(intent) ?? valueFault(intent) ?? optionalFault(intent) ?? chainFault(intent.instructionChain)
  );
}

function nameFault(intent: ActionIntent): EvaluatorAnswer | undefined {
  const { actionType, toolName, agentId } = intent;
  if (!isName(actionType)) return fault('actionType', actionType, NAME);
  if (!isName(toolName)) return fault('toolName', toolName, NAME);
  return isName(agentId) ? undefined : fault('agentId', agentId, NAME);
}

function valueFault(intent: ActionIntent): EvaluatorAnswer | undefined {
  const { parameters, estimatedCost, riskLevel, tags, timestamp } = intent;
  if (!isRecord(parameters)) return fault('parameters', parameters, 'a plain object of arguments by name');
  if (
    typeof estimatedCost !== 'number' ||
    !(estimatedCost >= 0 && estimatedCost < Number.POSITIVE_INFINITY)
  ) {
    return fault('estimatedCost', estimatedCost, 'a finite number of USD, zero or more,');
  }
  if (!isRiskLevel(riskLevel)) return fault('riskLevel', riskLevel, 'one of LOW, MEDIUM, HIGH and CRITICAL');
  if (!isTime(timestamp)) return fault('timestamp', timestamp, 'a valid Date');
  if (!Array.isArray(tags)) return fault('tags', tags, 'an array of strings');
  for (let i = 0; i < tags.length; i++) {
    if (typeof tags[i] !== 'string') return fault(`tags[${i}]`, tags[i], 'a string');
  }
  return undefined;
}

function optionalFault(intent: ActionIntent): EvaluatorAnswer | undefined {
  const { actionId, taskContext, taskId, sessionId, callId, principal, framework, metadata } = intent;
  if (typeof actionId !== 'string' || actionId === '') return fault('actionId', actionId, NAME);
  if (typeof intent.intent !== 'string') return fault('intent', intent.intent, 'a string');
  if (typeof taskContext !== 'string') return fault('taskContext', taskContext, 'a string');
  if (!isOptionalText(taskId)) return fault('taskId', taskId, OPTIONAL);
  if (!isOptionalText(sessionId)) return fault('sessionId', sessionId, OPTIONAL);
  if (!isOptionalText(callId)) return fault('callId', callId, OPTIONAL);
  if (!isOptionalText(principal)) return fault('principal', principal, OPTIONAL);
  if (!isOptionalText(framework)) return fault('framework', framework, OPTIONAL);
  return isRecord(metadata) ? undefined : fault('metadata', metadata, 'a plain object');
}

function chainFault(chain: readonly AgentCall[]): EvaluatorAnswer | undefined {
  if (!Array.isArray(chain)) return fault('instructionChain', chain, 'an array of delegation hops');
  for (let i = 0; i < chain.length; i++) {
    const hop: unknown = chain[i];
    const at = `instructionChain[${i}]`;
    if (typeof hop !== 'object' || hop === null) return fault(at, hop, 'a delegation hop (an object)');
    const { agentId, trustLevel, instruction } = hop as Partial<AgentCall>;
    if (!isName(agentId)) return fault(`${at}.agentId`, agentId, NAME);
    if (typeof trustLevel !== 'number' || !(trustLevel >= 0 && trustLevel <= 1)) {
      return fault(`${at}.trustLevel`, trustLevel, 'a number from 0 to 1');
    }
    if (typeof instruction !== 'string') return fault(`${at}.instruction`, instruction, 'a string');
  }
  return undefined;
}

const NAME = `a string of 1 to ${MAX_NAME_LENGTH} characters`;
const OPTIONAL = 'a string or null';

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME_LENGTH;
}

function isOptionalText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlainObject(value);
}

function isTime(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { getTime } = value as Partial<Date>;
  return typeof getTime === 'function' && Number.isFinite(getTime.call(value));
}

/** Says the type of what was there, never the value: it may be a secret, and it may be huge. */
function fault(field: string, value: unknown, expected: string): EvaluatorAnswer {
  return {
    verdict: 'BLOCK',
    reason: `The action's ${field} is ${typeText(value)}; ${expected} is expected`,
    suggestedAction: `pass ${field} as ${expected.replace(/,$/, '')}`,
    metadata: { field },
  };
}

function typeText(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return 'NaN';
    if (!Number.isFinite(value)) return 'an infinite number';
    return value < 0 ? 'a negative number' : 'a number';
  }
  if (typeof value === 'string') {
    if (value === '') return 'an empty string';
    return value.length > MAX_NAME_LENGTH ? `a string of ${value.length} characters` : 'a string';
  }
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
