import { isThenable } from '../core/awaitable.ts';
import type { AuditEntry } from '../core/entry.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { Outcome } from '../core/verdict.ts';
import type { Journal } from '../journal/journal.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { Store } from '../stores/store.ts';
import type { Pipeline } from './pipeline.ts';

/** Who is told of a call's end. */
export interface Listeners {
  readonly journal: Journal;
  readonly limiter: Limiter;
  readonly pipeline: Pipeline;
  readonly store: Store;
  /** Hands an entry to the exporters; `null` while there are none. */
  readonly deliver: () => ((entry: AuditEntry) => void) | null;
}

/** Step 8: tells of a call's end. Nothing that goes wrong here changes what came of the call. */
export function tellOfEnd(
  intent: ActionIntent,
  outcome: Outcome,
  { journal, limiter, pipeline }: Listeners,
): void {
  quietly(journal, () => limiter.recordOutcome(intent.agentId, outcome));
  for (const evaluator of pipeline.list) quietly(journal, () => evaluator.after?.(intent, outcome));
}

/** Hands a finished action to the exporters, where there are any: in a turn of its own, as the store is still writing. */
export function exportEntry({ actionId }: ActionIntent, { journal, store, deliver }: Listeners): void {
  const exporting = deliver();
  if (exporting === null) return;
  const sent = (entry: AuditEntry | undefined): void => entry && exporting(entry);
  const send = async (): Promise<void> => sent(await store.entry(actionId));
  queueMicrotask(() => quietly(journal, send));
}

/** Does something that must not fail a call: an error is counted, now or later. */
export function quietly(journal: Journal, task: () => unknown): void {
  try {
    const running = task();
    if (isThenable(running)) running.then(undefined, () => journal.countFailure());
  } catch {
    journal.countFailure();
  }
}
