/** What an object that is neither plain nor a list is, as far as it can be copied; `opaque` where it cannot. */
export type Kind = 'date' | 'map' | 'set' | 'url' | 'buffer' | 'bytes' | 'opaque';
type Reader = (this: never) => unknown;

const typedArrayPrototype: object = Object.getPrototypeOf(Uint8Array.prototype);
const UNBOX: readonly Reader[] = Object.freeze(
  [String, Number, Boolean, BigInt].map(({ prototype }) => prototype.valueOf as Reader),
);
const getter = (prototype: object, key: string): Reader =>
  Object.getOwnPropertyDescriptor(prototype, key)?.get as Reader;
/** Each throws for a value without that internal slot, whatever its prototype and properties say. */
const slots = Object.freeze({
  date: Date.prototype.getTime as Reader,
  map: getter(Map.prototype, 'size'),
  set: getter(Set.prototype, 'size'),
  buffer: getter(ArrayBuffer.prototype, 'byteLength'),
});

/**
 * By prototype in this realm; by internal slot for boxed values, their subclasses (the plain value that they hold is
 * the answer), and what another realm made. Throws a TypeError for an object that only poses as a boxed value.
 */
export function kindOf(value: object): Kind | { readonly plain: unknown } {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Date.prototype) return 'date';
  if (prototype === Map.prototype) return 'map';
  if (prototype === Set.prototype) return 'set';
  if (prototype === URL.prototype) return 'url';
  if (prototype === ArrayBuffer.prototype) return 'buffer';
  if (ArrayBuffer.isView(value)) {
    return typedArrayKind(value) === undefined ? 'opaque' : 'bytes';
  }
  if (mayBeBoxed(value)) {
    for (const unbox of UNBOX) {
      const held = readSlot(unbox, value);
      if (held !== undefined) return { plain: held };
    }
  }
  // What merely poses as a boxed value would give the tool a text that no rule saw.
  if (prototype === String.prototype || prototype === Number.prototype || prototype === Boolean.prototype) {
    throw new TypeError('it only poses as a boxed value');
  }
  if (!isOfAnotherRealm(prototype)) return 'opaque';
  for (const kind of ['date', 'map', 'set', 'buffer'] as const) {
    if (readSlot(slots[kind], value) !== undefined) return kind;
  }
  return 'opaque';
}

/** Spares other class instances the costly probes. A boxed string always has its own `length`, in every realm. */
function mayBeBoxed(value: object): boolean {
  return (
    Object.hasOwn(value, 'length') ||
    !isAncestor(Object.prototype, value) ||
    isAncestor(Number.prototype, value) ||
    isAncestor(Boolean.prototype, value) ||
    isAncestor(BigInt.prototype, value)
  );
}

/** Unlike `instanceof`, asks no class for its opinion (`Symbol.hasInstance`). */
function isAncestor(prototype: object, value: object): boolean {
  return Object.prototype.isPrototypeOf.call(prototype, value);
}

/** True for a prototype right below another realm's `Object.prototype`: that of a subclass lies deeper. */
function isOfAnotherRealm(prototype: unknown): boolean {
  if (typeof prototype !== 'object' || prototype === null) return false;
  const root: unknown = Object.getPrototypeOf(prototype);
  return typeof root === 'object' && root !== null && root !== Object.prototype && isRootPrototype(root);
}

function readSlot(read: Reader, value: object): unknown {
  try {
    return Reflect.apply(read, value, []);
  } catch {
    return undefined;
  }
}

/** The class name of a typed array by its internal slot, e.g. `Uint8Array` for a Buffer; `undefined` for all else. */
export function typedArrayKind(value: object): string | undefined {
  return Reflect.get(typedArrayPrototype, Symbol.toStringTag, value) as string | undefined;
}

/** True for an `Object.prototype`, of this realm or another. */
export function isRootPrototype(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/** The entries of a Map that `privateCopy` copied; `undefined` for all else, subclasses of Map included. */
export function mapEntries(value: object): Iterable<readonly [unknown, unknown]> | undefined {
  return Object.getPrototypeOf(value) === Map.prototype ? Map.prototype.entries.call(value) : undefined;
}

/** The items of a Set that `privateCopy` copied; `undefined` for all else, subclasses of Set included. */
export function setItems(value: object): readonly unknown[] | undefined {
  return Object.getPrototypeOf(value) === Set.prototype ? [...Set.prototype.values.call(value)] : undefined;
}

/** The text of a URL that `privateCopy` copied; `undefined` for all else, subclasses of URL included. */
export function urlText(value: object): string | undefined {
  return Object.getPrototypeOf(value) === URL.prototype ? URL.prototype.toString.call(value) : undefined;
}
