import { isThenable } from '../core/awaitable.ts';
import { ExecutionTimeoutError } from '../core/errors.ts';
import { messageOf } from '../core/evaluate.ts';
import type { RecordKind } from '../core/record.ts';
import type { EvaluationResult } from '../core/result.ts';
import type { Outcome } from '../core/verdict.ts';
import { noteAfter } from './capture.ts';
import type { Cleared } from './cleared.ts';
import { perform, type Steps, waitFor } from './effect.ts';
import type { Ended } from './record-body.ts';
import { runTool } from './run-tool.ts';
import type { CallServices } from './services.ts';

/** Steps 6 to 8: runs the tool with its own copy of exactly what was judged, settles, and journals the outcome. */
export function* act(cleared: Cleared, services: CallServices): Steps<unknown> {
  const begun = services.clock.monotonic();
  services.acts.begin();
  let result: unknown;
  let failure: { readonly error: unknown } | null = null;
  try {
    result = yield* perform('act', () => runTool(cleared, services));
  } catch (error) {
    failure = { error };
  }
  const lost = yield* noteAfter(cleared, { succeeded: failure === null, result }, services);
  if (lost !== null) failure ??= { error: lost };
  yield* settle(cleared, services);
  const outcome: Outcome = failure === null ? ranOutcome(cleared.decision) : 'ERROR';
  journalOutcome(cleared, services, {
    outcome,
    durationMs: services.clock.monotonic() - begun,
    result: failure === null ? result : null,
    error: failure === null ? null : errorText(failure.error),
  });
  services.acts.end();
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
    const settled = services.limiter.settle(reservation);
    if (isThenable(settled)) yield* waitFor('settle', settled, 5_000);
  } catch {
    services.journal.countFailure();
  }
}

/** The tool has run, so its result is handed out even if this cannot be written; new calls wait until it is. */
function journalOutcome({ read, bodies, revision }: Cleared, services: CallServices, ended: Ended): void {
  const { intent } = read;
  const kind: RecordKind = ended.outcome === 'ERROR' ? 'failed' : 'done';
  const told = (): void => services.written(intent);
  services.journal.appendBehind(kind, intent.actionId, bodies.finished(ended), { revision, told });
}

function errorText(error: unknown): string {
  return `${isTimeout(error) ? 'timed out: ' : ''}${messageOf(error)}`;
}

/** A tool may throw anything, a proxy that was revoked as well, of which nothing can be asked. */
function isTimeout(error: unknown): boolean {
  try {
    return error instanceof ExecutionTimeoutError;
  } catch {
    return false;
  }
}
