import { ExecutionTimeoutError } from '../core/errors.ts';
import { messageOf } from '../core/evaluate.ts';
import type { RecordKind } from '../core/record.ts';
import type { EvaluationResult } from '../core/result.ts';
import type { Outcome } from '../core/verdict.ts';
import type { Cleared } from './cleared.ts';
import { perform, type Steps } from './effect.ts';
import { finishedBody } from './record-body.ts';
import { runTool } from './run-tool.ts';
import type { CallServices } from './services.ts';

/** Steps 6 to 8: runs the tool with its own copy of exactly what was judged, settles, and journals the outcome. */
export function* act(cleared: Cleared, services: CallServices): Steps<unknown> {
  const begun = services.clock.monotonic();
  let result: unknown;
  let failure: { readonly error: unknown } | null = null;
  try {
    result = yield* perform('act', () => runTool(cleared, services));
  } catch (error) {
    failure = { error };
  }
  yield* settle(cleared, services);
  yield* journalOutcome(cleared, services, begun, result, failure);
  const outcome: Outcome = failure === null ? ranOutcome(cleared.decision) : 'ERROR';
  services.ended(cleared.read.intent, outcome);
  if (failure !== null) throw failure.error;
  return result;
}

/** What a call that ran counts as: a warning stays one, an approved escalation was allowed. */
function ranOutcome({ verdict }: EvaluationResult): Outcome {
  return verdict === 'WARN' ? 'WARN' : 'ALLOW';
}

/** The quota is used up even when the tool failed: it ran. If that cannot be noted, the reservation simply stays. */
function* settle({ reservation }: Cleared, services: CallServices): Steps<void> {
  if (reservation === null) return;
  try {
    yield* perform('settle', () => services.limiter.settle(reservation), 5_000);
  } catch {
    services.journal.countFailure();
  }
}

/** The tool has run, so its result is handed out even if this cannot be written; new calls wait until it is. */
function* journalOutcome(
  { read, decision, started }: Cleared,
  { clock, journal }: CallServices,
  begun: number,
  result: unknown,
  failure: { readonly error: unknown } | null,
): Steps<void> {
  const ended = clock.monotonic();
  const kind: RecordKind = failure === null ? 'done' : 'failed';
  const body = finishedBody({
    outcome: failure === null ? ranOutcome(decision) : 'ERROR',
    durationMs: ended - begun,
    elapsedMs: ended - started,
    result: failure === null ? result : null,
    error: failure === null ? null : errorText(failure.error),
  });
  try {
    yield* perform('journal', () => journal.append(kind, read.intent.actionId, body), 5_000);
  } catch {
    journal.owe(kind, read.intent.actionId, body);
  }
}

function errorText(error: unknown): string {
  const name = error instanceof ExecutionTimeoutError ? 'timed out: ' : '';
  return `${name}${messageOf(error)}`.slice(0, 4096);
}
