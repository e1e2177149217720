import type { RecordDraft } from '../../core/chain.ts';
import { bodyText } from '../../core/wire.ts';

/** A draft whose body is built now: later, when it is chained, nobody could be told that it cannot be. */
export function builtOf(draft: RecordDraft): RecordDraft {
  const body = draft.body();
  bodyText(draft.kind, body);
  return { ...draft, body: () => body };
}
