import { didYouMean } from './did-you-mean.ts';
import type { ActionIntentInput } from './intent.ts';

/** Every field of an action, as TypeScript calls it. */
const FIELDS = Object.freeze([
  'actionType',
  'toolName',
  'parameters',
  'agentId',
  'taskContext',
  'actionId',
  'taskId',
  'sessionId',
  'timestamp',
  'estimatedCost',
  'riskLevel',
  'instructionChain',
  'metadata',
  'intent',
  'callId',
  'principal',
  'tags',
  'framework',
]);
const HOP_FIELDS = Object.freeze(['agentId', 'trustLevel', 'instruction', 'timestamp']);

/** What reading an action needs from outside. */
export interface ReadingData {
  /** The time of a hop that does not tell its own. */
  readonly now: Date;
  /** Makes the error for data that is no action, of a sentence that says why. */
  readonly refusal: (message: string) => Error;
}

/** An action from plain data with snake_case or camelCase keys. Throws what `refusal` makes for unknown keys and no type. */
export function intentFromData(data: unknown, reading: ReadingData): ActionIntentInput {
  const { refusal } = reading;
  const action = camelFields(data, { fields: FIELDS, what: 'An action', refusal });
  if (typeof action.actionType !== 'string' || action.actionType === '') {
    throw refusal(
      'An action needs an `action_type`, e.g. {"action_type": "file.write", "parameters": {"path": "/tmp/x"}}.',
    );
  }
  if (action.timestamp !== undefined) action.timestamp = dateOf(action.timestamp);
  if (Array.isArray(action.instructionChain))
    action.instructionChain = action.instructionChain.map((hop) => hopOf(hop, reading));
  // The values are judged as they are: a wrong type is the schema validator's to refuse.
  return action as ActionIntentInput;
}

function hopOf(data: unknown, { now, refusal }: ReadingData): unknown {
  const hop = camelFields(data, { fields: HOP_FIELDS, what: 'A hop of the instruction chain', refusal });
  return {
    instruction: '',
    ...hop,
    timestamp: hop.timestamp === undefined ? now : dateOf(hop.timestamp),
  };
}

function dateOf(value: unknown): unknown {
  return typeof value === 'string' ? new Date(value) : value;
}

function camelFields(
  data: unknown,
  {
    fields,
    what,
    refusal,
  }: {
    readonly fields: readonly string[];
    readonly what: string;
    readonly refusal: ReadingData['refusal'];
  },
): Record<string, unknown> {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw refusal(`${what} is an object.`);
  const found: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    const field = fields.includes(key) ? key : camelCase(key);
    if (!fields.includes(field)) {
      throw refusal(`${what} has no field \`${key}\`.${didYouMean(key, fields.map(snakeCase))}`);
    }
    if (Object.hasOwn(found, field)) throw refusal(`${what} has \`${field}\` twice.`);
    found[field] = value;
  }
  return found;
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
