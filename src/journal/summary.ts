import { canonicalJson } from '../core/canonical.ts';
import { messageOf } from '../core/evaluate.ts';
import { privateCopy } from '../core/private-copy.ts';

/** How much of a result an entry keeps. */
const MAX_RESULT_CHARACTERS = 4096;
const RESULT_LIMITS = Object.freeze({ depth: 20, nodes: 2000, bytes: MAX_RESULT_CHARACTERS });
/** How much of the arguments an entry keeps; larger ones are shown by their beginning. */
const MAX_ARGUMENT_CHARACTERS = 65_536;

/** What an entry keeps of a tool's result: a plain copy of at most 4 KB, else `{"$truncated": its beginning}`. */
export function summariseResult(result: unknown): unknown {
  if (typeof result === 'string') {
    return result.length <= MAX_RESULT_CHARACTERS ? result : truncated(result, MAX_RESULT_CHARACTERS);
  }
  if (typeof result === 'function' || typeof result === 'symbol') return { $opaque: typeof result };
  if (typeof result !== 'object' || result === null) return result;
  try {
    const text = canonicalJson(privateCopy(result, RESULT_LIMITS).value);
    return text.length <= MAX_RESULT_CHARACTERS ? JSON.parse(text) : truncated(text, MAX_RESULT_CHARACTERS);
  } catch (error) {
    return { $truncated: '', why: messageOf(error) };
  }
}

/** What an entry keeps of the arguments: all of them, unless their canonical JSON is over 64 KB. */
export function summariseArguments(
  parameters: Readonly<Record<string, unknown>>,
  canonical: string,
): Readonly<Record<string, unknown>> {
  return canonical.length <= MAX_ARGUMENT_CHARACTERS ? parameters : truncated(canonical, 4096);
}

function truncated(text: string, keep: number): { $truncated: string; characters: number } {
  return { $truncated: text.slice(0, keep), characters: text.length };
}
