import { buffer } from 'node:stream/consumers';
import { didYouMean } from '../core/did-you-mean.ts';
import type { ActionIntentInput } from '../core/intent.ts';
import { UsageError } from './usage-error.ts';

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

/**
 * The intent of a command line: `-` is read from standard input, as UTF-8; a JSON object is an action. Throws
 * UsageError.
 */
export async function readIntentArgument(argument: string): Promise<string | ActionIntentInput> {
  const text = argument === '-' ? await readStandardInput() : argument;
  if (!/^\s*[{[]/.test(text)) return text;
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    // `{ echo a; }` is an intent string; only what was clearly meant as an action must parse.
    if (!/"action_?type"/i.test(text)) return text;
    throw new UsageError(
      `The action is not valid JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`,
    );
  }
  if (Array.isArray(data)) {
    throw new UsageError('An intent is text or one action, not a JSON list. Give the actions one by one.');
  }
  return intentOfData(data);
}

async function readStandardInput(): Promise<string> {
  const bytes = await buffer(process.stdin);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new UsageError('Standard input is not UTF-8, so the intent would not be judged as it is.');
  }
}

/** An action from plain data with snake_case or camelCase keys. Throws UsageError for unknown keys and no type. */
export function intentOfData(data: unknown): ActionIntentInput {
  const action = camelFields(data, FIELDS, 'An action');
  if (typeof action.actionType !== 'string' || action.actionType === '') {
    throw new UsageError(
      'An action needs an `action_type`, e.g. {"action_type": "file.write", "parameters": {"path": "/tmp/x"}}.',
    );
  }
  if (action.timestamp !== undefined) action.timestamp = dateOf(action.timestamp);
  if (Array.isArray(action.instructionChain)) action.instructionChain = action.instructionChain.map(hopOf);
  // The values are judged as they are: a wrong type is the schema validator's to refuse.
  return action as ActionIntentInput;
}

function hopOf(data: unknown): unknown {
  const hop = camelFields(data, HOP_FIELDS, 'A hop of the instruction chain');
  return {
    instruction: '',
    ...hop,
    timestamp: hop.timestamp === undefined ? new Date() : dateOf(hop.timestamp),
  };
}

function dateOf(value: unknown): unknown {
  return typeof value === 'string' ? new Date(value) : value;
}

function camelFields(data: unknown, fields: readonly string[], what: string): Record<string, unknown> {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new UsageError(`${what} is an object.`);
  const found: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    const field = fields.includes(key) ? key : camelCase(key);
    if (!fields.includes(field)) {
      throw new UsageError(`${what} has no field \`${key}\`.${didYouMean(key, fields.map(snakeCase))}`);
    }
    if (Object.hasOwn(found, field)) throw new UsageError(`${what} has \`${field}\` twice.`);
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
