import { isThenable } from '../core/awaitable.ts';
import { ExecutionTimeoutError } from '../core/errors.ts';
import { freshCopy, isPlainObject } from '../core/private-copy.ts';
import type { Cleared } from './cleared.ts';
import { runExactly } from './context.ts';
import type { CallServices } from './services.ts';

/**
 * Runs the tool with a fresh copy of its judged arguments. With a time limit, the AbortSignals among them (and
 * `currentSignal()`) fire when it is over, and the answer is an {@link ExecutionTimeoutError} whatever the tool does.
 */
export function runTool({ call, read }: Cleared, { clock, executionTimeoutMs }: CallServices): unknown {
  // Only monitor mode gets here with arguments that could not be read; it lets them pass as they are.
  const readable = read.problem === null;
  const args = readable ? [...(read.ownArgs ?? freshCopy(read.args))] : [...call.args];
  const timeoutMs = call.spec.timeoutMs ?? executionTimeoutMs();
  const parentActionId = read.intent.actionId;
  if (timeoutMs === null) return runExactly({ ...call.context, parentActionId }, () => call.invoke(args));
  const controller = new AbortController();
  const { signal } = controller;
  const timed = readable ? args.map((arg) => withSignal(arg, signal)) : args;
  const running = runExactly({ ...call.context, parentActionId, signal }, () => call.invoke(timed));
  if (!isThenable(running)) return running;
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(timeoutMs, () => {
      const { toolName } = call.spec;
      const text = `\`${toolName}\` ran longer than ${timeoutMs} ms. Its AbortSignal has fired; it may still be finishing.`;
      const error = new ExecutionTimeoutError(text, { timeoutMs, toolName });
      controller.abort(error);
      reject(error);
    });
    Promise.resolve(running).then(resolve, reject).finally(cancel);
  });
}

/** The value with every AbortSignal in it joined to `signal`. */
function withSignal(value: unknown, signal: AbortSignal): unknown {
  if (value instanceof AbortSignal) return AbortSignal.any([value, signal]);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) value[i] = withSignal(item, signal);
  } else if (isPlainObject(value)) {
    for (const key of Object.keys(value)) {
      if (key !== '__proto__') value[key] = withSignal(value[key], signal);
    }
  }
  return value;
}
