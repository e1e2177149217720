import { ignoreRejection, isThenable } from '../core/awaitable.ts';
import type { Clock } from '../core/clock.ts';
import { driveAsync } from './drive-async.ts';
import { type Effect, PromiseOnSyncPathError, type Steps } from './effect.ts';

/**
 * Drives a call without waiting. A promise from the guard's own parts is an error, which the steps answer by
 * refusing; one from the tool is the tool's result, and the call goes on when it settles.
 */
export function driveSync<R>(steps: Steps<R>, clock: Clock): R | Promise<R> {
  let step = steps.next();
  while (!step.done) {
    const effect = step.value;
    let value: unknown;
    try {
      value = effect.run();
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    if (!isThenable(value)) step = steps.next(value);
    else if (effect.kind === 'act') return driveAsync(steps, clock, { ...effect, run: () => value });
    else step = steps.throw(refusePromise(value, effect));
  }
  return step.value;
}

/**
 * Drives the call of a generator tool: judged at the first `next()`, then the tool's own generator takes over.
 * A refusal that is handed out as a value is the only thing such a generator yields.
 */
export function* driveSyncGenerator(steps: Steps<unknown>): Generator<unknown, unknown, unknown> {
  let step = steps.next();
  let acting = false;
  let acted = false;
  try {
    while (!step.done) {
      const effect = step.value;
      let value: unknown;
      try {
        value = effect.run();
        if (effect.kind === 'act') {
          acting = true;
          acted = true;
          value = yield* value as Iterable<unknown>;
          acting = false;
        } else if (isThenable(value)) throw refusePromise(value, effect);
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
    if (acting) finishAbandoned(steps);
  }
}

/** The consumer stopped early: the tool did run, so the call is settled and journaled as done. */
function finishAbandoned(steps: Steps<unknown>): void {
  let step = steps.next(undefined);
  while (!step.done) {
    try {
      const value = step.value.run();
      if (isThenable(value)) throw refusePromise(value, step.value);
      step = steps.next(value);
    } catch (error) {
      step = steps.throw(error);
    }
  }
}

function refusePromise(promise: Promise<unknown>, effect: Effect): PromiseOnSyncPathError {
  // Nobody will look at this promise any more; without a handler its rejection would end the process.
  ignoreRejection(promise);
  return new PromiseOnSyncPathError(effect.kind);
}
