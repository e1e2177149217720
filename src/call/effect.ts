/** What a step asks its driver to do. `act` is the tool itself; everything else is the guard's own work. */
export type EffectKind = 'facts' | 'evaluate' | 'ask' | 'reserve' | 'capture' | 'journal' | 'act' | 'settle';

/** One thing to be done, synchronously or not: that is the driver's business, not the step's. */
export interface Effect {
  readonly kind: EffectKind;
  readonly run: () => unknown;
  /** How long an asynchronous answer is waited for, in milliseconds; `null` is for ever. */
  readonly deadlineMs: number | null;
}

/** Steps of a call: a generator that yields effects and is given their values, or their errors. */
export type Steps<R> = Generator<Effect, R, unknown>;

/** An asynchronous answer did not come in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(kind: EffectKind, deadlineMs: number) {
    super(`no answer within ${deadlineMs} ms (${kind})`);
  }
}

/** A promise came up where the call cannot wait for it. */
export class PromiseOnSyncPathError extends Error {
  override readonly name = 'PromiseOnSyncPathError';

  constructor(kind: EffectKind) {
    super(`a promise came up where the call cannot wait (${kind}); make the tool async`);
  }
}

/** What a promise comes to. An answer that is none is used as it is: a step costs more than most parts need to answer. */
export function* waitFor<T>(kind: EffectKind, promise: Promise<T>, deadlineMs: number): Steps<T> {
  return (yield { kind, run: () => promise, deadlineMs }) as T;
}

/** Has the driver do something and returns what came of it. */
export function* perform<T>(
  kind: EffectKind,
  run: () => T,
  deadlineMs: number | null = null,
): Steps<Awaited<T>> {
  return (yield { kind, run, deadlineMs }) as Awaited<T>;
}
