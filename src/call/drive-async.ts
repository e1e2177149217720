import { isThenable } from '../core/awaitable.ts';
import type { Clock } from '../core/clock.ts';
import { DeadlineError, type Effect, type Steps } from './effect.ts';

/** Drives a call, waiting where something answers later. `pending` is an effect that a sync driver left to wait for. */
export async function driveAsync<R>(steps: Steps<R>, clock: Clock, pending?: Effect): Promise<R> {
  let step: IteratorResult<Effect, R> =
    pending === undefined ? steps.next() : { done: false, value: pending };
  while (!step.done) {
    let value: unknown;
    try {
      value = step.value.run();
      if (isThenable(value)) value = await withDeadline(value, step.value, clock);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(value);
  }
  return step.value;
}

/** Drives the call of an async generator tool: judged at the first `next()`. */
export async function* driveAsyncGenerator(
  steps: Steps<unknown>,
  clock: Clock,
): AsyncGenerator<unknown, unknown, unknown> {
  let step = steps.next();
  let acting = false;
  let acted = false;
  try {
    while (!step.done) {
      let value: unknown;
      try {
        value = step.value.run();
        if (step.value.kind === 'act') {
          acting = true;
          acted = true;
          value = yield* value as AsyncIterable<unknown>;
          acting = false;
        } else if (isThenable(value)) value = await withDeadline(value, step.value, clock);
      } catch (error) {
        acting = false;
        step = steps.throw(error);
        continue;
      }
      step = steps.next(value);
    }
    if (!acted) yield step.value;
    return step.value;
  } finally {
    if (acting) await finishAbandoned(steps, clock);
  }
}

/** The consumer stopped early: the tool did run, so the call is settled and journaled as done. */
async function finishAbandoned(steps: Steps<unknown>, clock: Clock): Promise<void> {
  let step = steps.next(undefined);
  while (!step.done) {
    try {
      const value = step.value.run();
      step = steps.next(isThenable(value) ? await withDeadline(value, step.value, clock) : value);
    } catch (error) {
      step = steps.throw(error);
    }
  }
}

function withDeadline(
  promise: Promise<unknown>,
  { kind, deadlineMs }: Effect,
  clock: Clock,
): Promise<unknown> {
  if (deadlineMs === null) return promise;
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(deadlineMs, () => reject(new DeadlineError(kind, deadlineMs)));
    // A thenable need not return a promise from its `then`.
    Promise.resolve(promise).then(resolve, reject).finally(cancel);
  });
}
