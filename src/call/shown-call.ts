import type { ShownCall } from '../core/approval.ts';
import type { ArgumentKind } from '../core/argument-kind.ts';
import type { ActionRedaction } from '../core/redact.ts';
import { keptText } from '../journal/summary.ts';
import type { ReadCall } from './intent-of-call.ts';

/**
 * A call as a person sees it who is to decide on it: paths, URLs, commands and SQL in clear, for that is what they decide
 * on; other secrets as their type and length. `parameters` is plain JSON, of the private copy.
 */
export function shownCall(
  { intent, source }: ReadCall,
  parameters: unknown,
  redaction: ActionRedaction,
): ShownCall {
  const clear = new Set<string>();
  for (const { kind, name, text, argv } of source.arguments.list) {
    // What stands under the name of a secret is one, however much it looks like a path.
    if (!isTouched(kind) || memberOf(redaction.value({ [name]: text }), name) === HIDDEN) continue;
    clear.add(text);
    for (const word of argv ?? []) clear.add(word);
  }
  const shown = shownValue(parameters, '', clear, redaction) as ShownCall['parameters'];
  return {
    intent: clear.has(intent.intent) ? intent.intent : keptText(intent.intent, redaction),
    parameters: shown,
  };
}

/** What redaction puts in the place of a whole value. */
const HIDDEN = '[redacted]';

function isTouched(kind: ArgumentKind | undefined): boolean {
  return kind !== undefined && kind !== 'text';
}

function shownValue(
  value: unknown,
  name: string,
  clear: ReadonlySet<string>,
  redaction: ActionRedaction,
): unknown {
  if (typeof value === 'string') {
    if (clear.has(value)) return value;
    const kept = memberOf(redaction.value({ [name]: value }), name);
    return kept === value ? value : `[text of ${value.length} characters]`;
  }
  if (typeof value !== 'object' || value === null) {
    const kept = memberOf(redaction.value({ [name]: value }), name);
    return kept === value ? value : `[${typeof value}]`;
  }
  if (Array.isArray(value)) return value.map((item) => shownValue(item, name, clear, redaction));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redaction.text(key),
      shownValue(item, key, clear, redaction),
    ]),
  );
}

function memberOf(redacted: unknown, name: string): unknown {
  if (typeof redacted !== 'object' || redacted === null) return undefined;
  return Object.hasOwn(redacted, name) ? (redacted as Record<string, unknown>)[name] : undefined;
}
