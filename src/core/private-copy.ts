import { isRootPrototype, kindOf, typedArrayKind } from './object-kind.ts';

/** Arguments that cannot be copied faithfully, so that what is judged could differ from what would run. */
export class UncopyableError extends Error {
  override readonly name = 'UncopyableError';
  /** Where in the arguments, e.g. `options.list[3]`. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path === '' ? 'the arguments' : `the argument \`${path}\``} ${problem}`);
    this.path = path;
  }
}

/** How large arguments may be. Far above any sensible tool call; a larger one is refused, not truncated. */
export const COPY_LIMITS: CopyLimits = Object.freeze({
  depth: 100,
  nodes: 1_000_000,
  bytes: 64 * 1024 * 1024,
});

/** Nesting levels, values (object members and list items) and characters or bytes in all. */
export interface CopyLimits {
  readonly depth: number;
  readonly nodes: number;
  readonly bytes: number;
}

/** A private copy, and the paths of what could only be passed by reference. */
export interface PrivateCopy<T> {
  /** Deeply frozen where the language allows it; shares nothing mutable with the original except opaque values. */
  readonly value: T;
  /** Paths of functions, streams, signals and other class instances: rules cannot see into these. */
  readonly opaque: readonly string[];
  /** True when it holds something that cannot be frozen: a Date, a Map, a Set, a URL or binary data. */
  readonly mutable: boolean;
}

interface Walk {
  readonly freeze: boolean;
  readonly limits: CopyLimits;
  /** The innermost object that is being copied. */
  within: Level | null;
  opaque: string[] | undefined;
  mutable: boolean;
  nodes: number;
  bytes: number;
}

/** An object that is being copied, and the one that it lies in. */
interface Level {
  readonly value: object;
  readonly outer: Level | null;
  /** From 1. */
  readonly depth: number;
}

type Path = { readonly parent: Path; readonly key: string | number } | null;

const NO_PATHS: readonly string[] = Object.freeze([]);
/** By intrinsic kind, so that an own `constructor` (`Symbol.species`) has no say in where the copy lies. */
const TYPED_ARRAYS: Readonly<Record<string, new (source: never) => ArrayBufferView>> = Object.freeze({
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
});

/**
 * Copies `value` once: every property is read a single time, so getters, proxies and later changes by the caller
 * alter nothing. Own enumerable string keys only; `toJSON` is never called. `new String('…')` and the like, also
 * of a subclass, become the plain values that they hold, which rules can see. Dates, Maps, Sets and buffers of another
 * realm become ones of this realm. Instances of subclasses of Date, Map, Set, URL and ArrayBuffer are opaque.
 * Throws {@link UncopyableError} for cycles, throwing getters, and anything over `limits`.
 */
export function privateCopy<T>(value: T, limits: CopyLimits = COPY_LIMITS): PrivateCopy<T> {
  const walk: Walk = {
    freeze: true,
    limits,
    within: null,
    opaque: undefined,
    mutable: false,
    nodes: 0,
    bytes: 0,
  };
  const copied = copy(value, null, walk) as T;
  return { value: copied, opaque: walk.opaque ?? NO_PATHS, mutable: walk.mutable };
}

/** A fresh mutable copy of a private value: what the tool receives. Opaque values keep their identity. */
export function freshCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  return copy(value, null, {
    freeze: false,
    limits: COPY_LIMITS,
    within: null,
    opaque: undefined,
    mutable: false,
    nodes: 0,
    bytes: 0,
  }) as T;
}

/** Sets a data property even where the key is `__proto__`, which plain assignment would swallow. */
export function setOwn(target: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    (target as Record<string, unknown>)[key] = value;
  }
}

/** True for objects made by a literal, `JSON.parse` or `Object.create(null)`, of this realm or another. */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return typeof prototype === 'object' && isRootPrototype(prototype);
}

function copy(value: unknown, path: Path, walk: Walk): unknown {
  if (typeof value === 'string') {
    spend(walk, value.length, path);
    return value;
  }
  if (typeof value === 'function' || typeof value === 'symbol') return passOpaque(value, path, walk);
  if (typeof value !== 'object' || value === null) return value;
  if (++walk.nodes > walk.limits.nodes) fail(path, `holds more than ${walk.limits.nodes} values; pass less`);
  const outer = walk.within;
  const depth = outer === null ? 1 : outer.depth + 1;
  if (depth > walk.limits.depth) fail(path, `is nested deeper than ${walk.limits.depth} levels`);
  for (let level = outer; level !== null; level = level.outer) {
    if (level.value === value) fail(path, 'refers back to itself; pass data without cycles');
  }
  walk.within = { value, outer, depth };
  try {
    return copyObject(value, path, walk);
  } catch (error) {
    if (error instanceof UncopyableError) throw error;
    return fail(path, `cannot be read: ${error instanceof Error ? error.message : 'reading it threw'}`);
  } finally {
    walk.within = outer;
  }
}

/** Most members are plain values, for which no path need be made. */
function copyMember(value: unknown, parent: Path, key: string | number, walk: Walk): unknown {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
    case 'bigint':
      return value;
    case 'string':
      walk.bytes += value.length;
      if (walk.bytes > walk.limits.bytes) spend(walk, 0, { parent, key });
      return value;
    default:
      return value === null ? null : copy(value, { parent, key }, walk);
  }
}

function copyObject(value: object, path: Path, walk: Walk): unknown {
  if (Array.isArray(value)) return copyArray(value, path, walk);
  if (isPlainObject(value)) return copyRecord(value, path, walk);
  return copySpecial(value, path, walk);
}

function copySpecial(value: object, path: Path, walk: Walk): unknown {
  const kind = kindOf(value);
  if (typeof kind !== 'string') return copy(kind.plain, path, walk);
  walk.mutable = true;
  switch (kind) {
    case 'date':
      return new Date(Date.prototype.getTime.call(value));
    case 'map':
      return copyMap(value as Map<unknown, unknown>, path, walk);
    case 'set':
      return copySet(value as Set<unknown>, path, walk);
    case 'url':
      return new URL((value as URL).href);
    case 'buffer':
      return copyBuffer(value as ArrayBuffer, path, walk);
    case 'bytes': {
      const bytes = copyBytes(value as ArrayBufferView);
      spend(walk, bytes.byteLength, path);
      return bytes;
    }
    default:
      return passOpaque(value, path, walk);
  }
}

function copyArray(source: readonly unknown[], path: Path, walk: Walk): unknown[] {
  const length: unknown = source.length;
  if (typeof length !== 'number' || !Number.isSafeInteger(length))
    return fail(path, 'has no readable length');
  walk.nodes += length;
  if (walk.nodes > walk.limits.nodes) fail(path, `holds more than ${walk.limits.nodes} values; pass less`);
  const target: unknown[] = [];
  for (let i = 0; i < length; i++) target.push(copyMember(source[i], path, i, walk));
  return walk.freeze ? (Object.freeze(target) as unknown[]) : target;
}

function copyRecord(source: Readonly<Record<string, unknown>>, path: Path, walk: Walk): object {
  const target = Object.getPrototypeOf(source) === null ? Object.create(null) : {};
  for (const key of Object.keys(source)) {
    walk.nodes++;
    spend(walk, key.length, path);
    setOwn(target, key, copyMember(source[key], path, key, walk));
  }
  return walk.freeze ? Object.freeze(target) : target;
}

/** Not by `slice`, which lets an own `constructor` choose where the copy lies. */
function copyBuffer(source: ArrayBuffer, path: Path, walk: Walk): ArrayBuffer {
  const bytes = new Uint8Array(source);
  spend(walk, bytes.length, path);
  return new Uint8Array(bytes).buffer;
}

/** A Buffer stays a Buffer: the copy gets the prototype of its source, and its own memory. */
function copyBytes(source: ArrayBufferView): ArrayBufferView {
  const kind = typedArrayKind(source);
  const make = kind !== undefined && Object.hasOwn(TYPED_ARRAYS, kind) ? TYPED_ARRAYS[kind] : undefined;
  if (make === undefined) return Uint8Array.prototype.slice.call(source as Uint8Array);
  const target = new make(source as never);
  const prototype: unknown = Object.getPrototypeOf(source);
  if (Object.getPrototypeOf(target) !== prototype) Object.setPrototypeOf(target, prototype as object);
  return target;
}

function copyMap(source: Map<unknown, unknown>, path: Path, walk: Walk): Map<unknown, unknown> {
  const target = new Map<unknown, unknown>();
  let index = 0;
  for (const [key, item] of source) {
    const inner = { parent: path, key: index++ };
    target.set(copy(key, inner, walk), copy(item, inner, walk));
    if (++walk.nodes > walk.limits.nodes)
      fail(path, `holds more than ${walk.limits.nodes} values; pass less`);
  }
  return target;
}

function copySet(source: Set<unknown>, path: Path, walk: Walk): Set<unknown> {
  const target = new Set<unknown>();
  let index = 0;
  for (const item of source) {
    target.add(copy(item, { parent: path, key: index++ }, walk));
    if (++walk.nodes > walk.limits.nodes)
      fail(path, `holds more than ${walk.limits.nodes} values; pass less`);
  }
  return target;
}

function passOpaque(value: unknown, path: Path, walk: Walk): unknown {
  if (walk.freeze) {
    walk.opaque ??= [];
    walk.opaque.push(pathText(path));
  }
  return value;
}

function spend(walk: Walk, bytes: number, path: Path): void {
  walk.bytes += bytes;
  if (walk.bytes > walk.limits.bytes) fail(path, `exceeds ${walk.limits.bytes} characters or bytes in all`);
}

function fail(path: Path, problem: string): never {
  throw new UncopyableError(pathText(path), problem);
}

function pathText(path: Path): string {
  const keys: (string | number)[] = [];
  for (let at = path; at !== null; at = at.parent) keys.push(at.key);
  let text = '';
  for (const key of keys.reverse()) {
    if (typeof key === 'number') text += `[${key}]`;
    else text += text === '' ? key.slice(0, 60) : `.${key.slice(0, 60)}`;
  }
  return text;
}
