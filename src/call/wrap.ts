import { AdapterNotFoundError, AdapterWrappingError } from '../core/errors.ts';
import type { RefusalValue } from '../core/refuse.ts';
import { currentContext, inThisContext } from './context.ts';
import { driveAsync, driveAsyncGenerator } from './drive-async.ts';
import { driveSync, driveSyncGenerator } from './drive-sync.ts';
import type { CallServices } from './services.ts';
import { guardedCall } from './steps.ts';
import type { ToolCall, ToolSpec } from './tool.ts';

/** Any function that can be guarded. */
export type AnyTool = (...args: never[]) => unknown;

/** A tool that hands out a {@link RefusalValue} where it would have thrown. */
export type Returning<F extends AnyTool> = F extends (...args: infer A) => Promise<infer R>
  ? (...args: A) => Promise<R | RefusalValue>
  : F extends (...args: infer A) => infer R
    ? (...args: A) => R | RefusalValue
    : never;

/** A tool whose result is always a promise (`async: true`). */
export type Waiting<F extends AnyTool> = F extends (...args: infer A) => infer R
  ? (...args: A) => Promise<Awaited<R>>
  : never;

const MARK = '_plyraGuardProtected';

type Shape = 'sync' | 'async' | 'generator' | 'async-generator';

type Guarded = (this: unknown, ...args: unknown[]) => unknown;

/** Guards a function: same name, length, properties, `this`, sync or async, generator or not. */
export function wrapFunction<F extends AnyTool>(
  fn: F,
  spec: ToolSpec,
  services: CallServices,
  waits: boolean,
): F {
  const shape = shapeOf(fn);
  const generates = shape.endsWith('generator');
  const waiting = waits || shape.startsWith('async');
  if (waits && shape === 'generator') {
    throw new AdapterWrappingError(
      `\`${spec.toolName}\` is a generator, which cannot be made to wait; make it an async generator.`,
    );
  }
  if (spec.timeoutMs !== null && generates) {
    throw new AdapterWrappingError(
      `\`${spec.toolName}\` is a generator; \`timeoutMs\` bounds functions only.`,
    );
  }
  const steps = (self: unknown, args: readonly unknown[]) => {
    // Read at the call, not when a generator is first asked: whoever consumes it may act for somebody else.
    const context = currentContext();
    const invoke: ToolCall['invoke'] = (copies) => {
      const running: unknown = Reflect.apply(fn, self, copies);
      return generates ? inThisContext(running as Parameters<typeof inThisContext>[0]) : running;
    };
    return guardedCall({ spec, args, context, callId: null, waits: waiting, invoke }, services);
  };
  const wrapper = makeWrapper(waits ? 'async' : shape, steps, services);
  return dressUp(wrapper, fn) as unknown as F;
}

function makeWrapper(
  shape: Shape,
  steps: (self: unknown, args: readonly unknown[]) => ReturnType<typeof guardedCall>,
  { clock }: CallServices,
): Guarded {
  switch (shape) {
    case 'sync':
      return function (...args) {
        return driveSync(steps(this, args), clock);
      };
    case 'async':
      return async function (...args) {
        return driveAsync(steps(this, args), clock);
      };
    case 'generator':
      return function (...args) {
        return driveSyncGenerator(steps(this, args));
      };
    case 'async-generator':
      return function (...args) {
        return driveAsyncGenerator(steps(this, args), clock);
      };
  }
}

/** True when the tool certainly does not wait: neither an async function nor an async generator. */
export function isKnowablySync(fn: AnyTool): boolean {
  const shape = shapeOf(fn);
  return shape === 'sync' || shape === 'generator';
}

function shapeOf(fn: AnyTool): Shape {
  const tag: unknown = (fn as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (tag === 'AsyncFunction') return 'async';
  if (tag === 'GeneratorFunction') return 'generator';
  return tag === 'AsyncGeneratorFunction' ? 'async-generator' : 'sync';
}

/**
 * Gives the wrapper the name, length, kind and data properties of the original. Functions among the properties stay
 * behind (`util.promisify.custom`, say): they would be a way round the guard.
 */
function dressUp(wrapper: Guarded, fn: AnyTool): Guarded {
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(fn));
  for (const key of Reflect.ownKeys(fn)) {
    if (key === 'prototype' || key === 'arguments' || key === 'caller' || key === MARK) continue;
    const descriptor = Reflect.getOwnPropertyDescriptor(fn, key);
    const isData =
      descriptor !== undefined && 'value' in descriptor && typeof descriptor.value !== 'function';
    if (isData) Object.defineProperty(wrapper, key, descriptor);
  }
  return Object.defineProperty(wrapper, MARK, { value: true });
}

/** The function, or an error that says what else to hand to `wrap`. */
export function asTool(value: unknown, where: string): AnyTool {
  if (typeof value === 'function') {
    if (/^class\b/.test(Function.prototype.toString.call(value))) {
      throw new AdapterWrappingError(
        `${where} is a class; wrap its methods with @guard.wrap or @guard.protect.`,
      );
    }
    return value as AnyTool;
  }
  const type = value === null ? 'null' : typeof value;
  const hint =
    type === 'object' ? ' Wrap the function that it runs (its `execute` or `invoke`) instead.' : '';
  throw new AdapterNotFoundError(`${where} is no tool that this version can wrap (${type}).${hint}`);
}
