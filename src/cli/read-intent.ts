import { buffer } from 'node:stream/consumers';
import type { ActionIntentInput } from '../core/intent.ts';
import { intentFromData } from '../core/intent-from-data.ts';
import { UsageError } from './usage-error.ts';

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
  return intentFromData(data, { now: new Date(), refusal: (message) => new UsageError(message) });
}
