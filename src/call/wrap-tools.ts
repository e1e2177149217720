import {
  AdapterNotFoundError,
  AdapterWrappingError,
  ConfigError,
  ConfigSchemaError,
} from '../core/errors.ts';
import { isPlainObject } from '../core/private-copy.ts';
import type { CallServices } from './services.ts';
import type { ToolSpec } from './tool.ts';
import {
  isWrapOptions,
  type ProtectOptions,
  protectSpec,
  type WrapOptions,
  wrapSpec,
} from './tool-options.ts';
import { type AnyTool, asTool, isKnowablySync, type Returning, type Waiting, wrapFunction } from './wrap.ts';

/** The context that standard ECMAScript decorators pass for a method. */
type MethodContext = ClassMethodDecoratorContext;

/** Guards a function, or a method as a decorator, with options given before. */
export type WrapWith = <F extends AnyTool>(fn: F, context?: MethodContext) => F;

/** `guard.wrap`: see the overloads. Every form returns what it was given, guarded. */
export interface Wrap {
  /** As a decorator: `@guard.wrap`. */
  <F extends AnyTool>(method: F, context: MethodContext): F;
  <F extends AnyTool>(
    fn: F,
    options: WrapOptions & { readonly onBlock: 'return'; readonly async: true },
  ): Returning<Waiting<F>>;
  <F extends AnyTool>(fn: F, options: WrapOptions & { readonly onBlock: 'return' }): Returning<F>;
  <F extends AnyTool>(fn: F, options: WrapOptions & { readonly async: true }): Waiting<F>;
  <F extends AnyTool>(fn: F, options?: WrapOptions): F;
  <const T extends readonly AnyTool[]>(
    tools: T,
    options: WrapOptions & { readonly onBlock: 'return' },
  ): { -readonly [Key in keyof T]: Returning<T[Key]> };
  <const T extends readonly AnyTool[]>(tools: T, options?: WrapOptions): T;
  /** Options first: `guard.wrap({ intentFn })(fn)`, or as a decorator. */
  (options: WrapOptions & { readonly onBlock: 'return' }): <F extends AnyTool>(fn: F) => Returning<F>;
  (options: WrapOptions): WrapWith;
  <T extends Readonly<Record<string, AnyTool>>>(
    tools: T,
    options: WrapOptions & { readonly onBlock: 'return' },
  ): { readonly [Key in keyof T]: Returning<T[Key]> };
  <T extends Readonly<Record<string, AnyTool>>>(tools: T, options?: WrapOptions): T;
}

/** `guard.protect`: guards a function or a method as an action of a given type. */
export type Protect = (actionType: string, options?: ProtectOptions) => WrapWith;

/** Makes a guard's `wrap` and `protect`. Wrapping what this guard has wrapped returns it as it is. */
export function makeWrap(services: CallServices, isRemote: () => boolean): { wrap: Wrap; protect: Protect } {
  const own = new WeakSet<object>();

  const guarded = (value: unknown, name: string | undefined, { spec, waits, plain }: How): AnyTool => {
    const fn = asTool(value, name === undefined ? 'This value' : `\`${name}\``);
    if (own.has(fn) && plain) return fn;
    if (own.has(fn)) {
      throw new AdapterWrappingError(
        `\`${fn.name}\` is guarded already. Guard the original once, with all its options in one place.`,
      );
    }
    const toolName = name ?? (fn.name === '' ? 'anonymous' : fn.name);
    if (isRemote() && !waits && isKnowablySync(fn)) {
      throw new ConfigError(
        `\`${toolName}\` is synchronous, but this guard's store answers later; add \`async: true\`.`,
      );
    }
    const wrapper = wrapFunction(fn, spec(toolName), services, waits);
    own.add(wrapper);
    return wrapper;
  };

  const wrapWith = (how: How): WrapWith => {
    return <F extends AnyTool>(fn: F, context?: MethodContext): F =>
      guarded(fn, context === undefined ? undefined : methodName(context), how) as F;
  };

  const wrap = (value: unknown, second?: unknown): unknown => {
    if (isDecoratorContext(second)) return wrapWith(howToWrap({}))(value as AnyTool, second);
    if (second === undefined && isWrapOptions(value)) return wrapWith(howToWrap(value));
    const how = howToWrap(readOptions(second));
    if (Array.isArray(value)) return value.map((tool) => guarded(tool, undefined, how));
    if (typeof value !== 'object' || value === null) return guarded(value, undefined, how);
    refuseToolObject(value);
    return Object.fromEntries(Object.entries(value).map(([key, tool]) => [key, guarded(tool, key, how)]));
  };

  const protect: Protect = (actionType, options = {}) => {
    const given = { ...options };
    protectSpec('anonymous', actionType, given);
    return wrapWith({ spec: (name) => protectSpec(name, actionType, given), waits: false, plain: false });
  };

  return { wrap: wrap as Wrap, protect };
}

/** How tools are to be guarded. `plain`: nothing was asked for, so that what is guarded already may stay as it is. */
interface How {
  readonly spec: (toolName: string) => ToolSpec;
  readonly waits: boolean;
  readonly plain: boolean;
}

function howToWrap(options: WrapOptions): How {
  const given = { ...options };
  wrapSpec('anonymous', given);
  const plain = Object.keys(given).length === 0;
  return { spec: (name) => wrapSpec(name, given), waits: given.async === true, plain };
}

/** The second argument of `wrap`: options, or nothing. A name there is what decorators of an older kind pass. */
function readOptions(second: unknown): WrapOptions {
  if (second === undefined) return {};
  if (typeof second === 'string' || typeof second === 'symbol') {
    throw new AdapterWrappingError(
      'Only standard ECMAScript decorators are supported: turn `experimentalDecorators` off, or wrap the method by hand.',
    );
  }
  if (typeof second === 'object' && second !== null && isPlainObject(second)) return second;
  throw new ConfigSchemaError('The second argument of `wrap` is an object of options.');
}

/** A framework's tool is an object too; its parts must not be taken for a record of tools. */
function refuseToolObject(value: object): void {
  if (!isPlainObject(value)) {
    throw new AdapterNotFoundError(
      'Only a plain object is a record of tools. Of an instance or a Map, wrap the functions themselves.',
    );
  }
  if (Object.values(value).every((part) => typeof part === 'function')) return;
  const runs = ['execute', 'invoke'].find((name) => typeof Reflect.get(value, name) === 'function');
  if (runs === undefined) return;
  throw new AdapterNotFoundError(
    `This looks like a framework's tool, which this version cannot wrap as a whole. Wrap the function that it runs (its \`${runs}\`) instead.`,
  );
}

function isDecoratorContext(value: unknown): value is MethodContext {
  return typeof value === 'object' && value !== null && 'kind' in value && 'name' in value;
}

function methodName(context: MethodContext): string {
  if (context.kind === 'method') return String(context.name);
  throw new AdapterWrappingError(
    `Only methods can be guarded by a decorator, not a ${String(context.kind)}.`,
  );
}
