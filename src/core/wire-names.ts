import type { DecidedBody } from './entry.ts';
import type { EvaluatorResult } from './result.ts';

/** Every field of a decision, with where it comes from, and of a result: looking a name up costs a tenth of rewriting it. */
const FIELDS: readonly (keyof DecidedBody | keyof EvaluatorResult | 'origin')[] = Object.freeze([
  'actionId',
  'agentId',
  'actionType',
  'verdict',
  'riskScore',
  'taskId',
  'policyTriggered',
  'evaluatorResults',
  'instructionChain',
  'parameters',
  'durationMs',
  'timestamp',
  'rolledBack',
  'error',
  'toolName',
  'sessionId',
  'intent',
  'outcome',
  'reason',
  'ruleName',
  'spelling',
  'latencyMs',
  'elapsedMs',
  'state',
  'mode',
  'wouldVerdict',
  'tags',
  'principal',
  'callId',
  'framework',
  'parentActionId',
  'traceId',
  'approvalId',
  'grantId',
  'estimatedCost',
  'riskLevel',
  'snapshotId',
  'reversible',
  'result',
  'digest',
  'labels',
  'guardVersion',
  'confidence',
  'evaluatorName',
  'suggestedAction',
  'metadata',
  'origin',
]);

const FIELD_TO_SNAKE: ReadonlyMap<string, string> = new Map(FIELDS.map((key) => [key, toSnakeCase(key)]));
const FIELD_TO_CAMEL: ReadonlyMap<string, string> = new Map(FIELDS.map((key) => [toSnakeCase(key), key]));

/** The fields in the order that canonical JSON wants, each with its name as it is written. */
export const IN_ORDER: readonly (readonly [name: string, written: string])[] = Object.freeze(
  FIELDS.map((name) => [name, toSnakeCase(name)] as const)
    .sort(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([name, written]) => Object.freeze([name, `"${written}":`] as const)),
);

/** A field's name as it is written on disk and on a wire. */
export function snakeCase(key: string): string {
  return FIELD_TO_SNAKE.get(key) ?? toSnakeCase(key);
}

/** The same for a word that is no field's. */
export function toSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A field's name from how it is written. */
export function camelCase(key: string): string {
  return (
    FIELD_TO_CAMEL.get(key) ?? key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
  );
}
