import { canonicalJson } from '../core/canonical.ts';
import { messageOf } from '../core/evaluate.ts';
import { privateCopy } from '../core/private-copy.ts';
import type { ActionRedaction } from '../core/redact.ts';

/** How much of a result, or of an error, an entry keeps. */
const MAX_RESULT_CHARACTERS = 4096;
/** Twice as much is read: a secret that lies across the cut must be seen whole to be taken out. */
const RESULT_LIMITS = Object.freeze({ depth: 20, nodes: 2000, bytes: 2 * MAX_RESULT_CHARACTERS });
/** How much of the arguments, or of the intent, an entry keeps; larger ones are shown by their beginning. */
const MAX_ARGUMENT_CHARACTERS = 65_536;

/** Something that is stored later, with the secrets of its action taken out. */
export type Kept<T> = (redaction: ActionRedaction) => T;

/**
 * What an entry keeps of a tool's result: JSON of at most 4 KB, else `{"$truncated": its beginning}`. The result is
 * read now, because it belongs to the caller from here on.
 */
export function keepResult(result: unknown): Kept<unknown> {
  if (result === undefined || result === null) return () => null;
  if (typeof result === 'string') return (redaction) => keptString(result, redaction);
  if (typeof result === 'function' || typeof result === 'symbol') return () => ({ $opaque: typeof result });
  if (typeof result !== 'object') return (redaction) => redaction.value(JSON.parse(canonicalJson(result)));
  try {
    const text = canonicalJson(privateCopy(result, RESULT_LIMITS).value);
    return (redaction) => keptJson(text, MAX_RESULT_CHARACTERS, MAX_RESULT_CHARACTERS, redaction);
  } catch (error) {
    const why = messageOf(error);
    return (redaction) => ({ $truncated: '', why: redaction.beginning(why, MAX_RESULT_CHARACTERS) });
  }
}

/** Whether an entry keeps all of the arguments that have this canonical JSON. */
export function keepsAllArguments(canonical: string): boolean {
  return canonical.length <= MAX_ARGUMENT_CHARACTERS;
}

/** What an entry keeps of the arguments, as their canonical JSON tells them: all of them, unless that is over 64 KB. */
export function keptArguments(
  canonical: string,
  redaction: ActionRedaction,
): Readonly<Record<string, unknown>> {
  return keptJson(canonical, MAX_ARGUMENT_CHARACTERS, 4096, redaction) as Record<string, unknown>;
}

/** What an entry keeps of a text that a caller wrote: at most 64 KB. */
export function keptText(text: string, redaction: ActionRedaction): string {
  return text.length <= MAX_ARGUMENT_CHARACTERS
    ? redaction.text(text)
    : redaction.beginning(text, MAX_ARGUMENT_CHARACTERS);
}

/** The same where there may be none. */
export function keptTextOrNull(text: string | null, redaction: ActionRedaction): string | null {
  return typeof text === 'string' ? keptText(text, redaction) : null;
}

/** What an entry keeps of an error: at most 4 KB of its message. */
export function keptError(message: string, redaction: ActionRedaction): string {
  return redaction.beginning(message, MAX_RESULT_CHARACTERS);
}

function keptString(text: string, redaction: ActionRedaction): unknown {
  return text.length <= MAX_RESULT_CHARACTERS
    ? redaction.text(text)
    : truncated(text, MAX_RESULT_CHARACTERS, redaction);
}

function keptJson(text: string, most: number, keep: number, redaction: ActionRedaction): unknown {
  return text.length <= most ? redaction.value(JSON.parse(text)) : truncated(text, keep, redaction);
}

function truncated(
  text: string,
  keep: number,
  redaction: ActionRedaction,
): { $truncated: string; characters: number } {
  return { $truncated: redaction.beginning(text, keep), characters: text.length };
}
