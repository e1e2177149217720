/** A value now, or later. Seams that may be remote answer with it; their in-process siblings answer at once. */
export type Awaitable<T> = T | Promise<T>;

/** True for anything that `await` would wait for. A throwing `then` getter counts as not awaitable. */
export function isThenable(value: unknown): value is Promise<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === 'function';
  } catch {
    return false;
  }
}

/** Lets a promise that nobody will wait for reject without ending the process. */
export function ignoreRejection(promise: PromiseLike<unknown>): void {
  try {
    promise.then(undefined, () => undefined);
  } catch {
    // A `then` that throws has nothing to reject with later.
  }
}
