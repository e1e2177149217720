import { isPlainObject } from './private-copy.ts';

/**
 * Canonical JSON (RFC 8785: keys sorted by UTF-16 code units, ECMAScript number and string forms, -0 as 0) of a
 * private copy. What JSON lacks has a tagged form: `{"$date": …}`, `{"$bigint": …}`, `{"$number": "NaN"}`,
 * `{"$undefined": true}`, `{"$map": [[k, v]…]}`, `{"$set": […]}`, `{"$bytes": hex, "type": …}`, `{"$url": …}`,
 * `{"$opaque": class name}`. A data key that starts with `$` gets one more `$`, so no data can pose as a tag.
 */
export function canonicalJson(value: unknown): string {
  return jsonOf(value, true);
}

/**
 * The same for what is JSON already, tags included: keys are sorted and none is escaped, so that a value that was
 * read back from such a text has this text again.
 */
export function sortedJson(value: unknown): string {
  return jsonOf(value, false);
}

function jsonOf(value: unknown, escaping: boolean): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return Number.isFinite(value) ? String(value === 0 ? 0 : value) : `{"$number":"${value}"}`;
    case 'bigint':
      return `{"$bigint":"${value}"}`;
    case 'undefined':
      return '{"$undefined":true}';
    case 'object':
      return value === null ? 'null' : canonicalObject(value, escaping);
    default:
      return `{"$opaque":"${typeof value}"}`;
  }
}

function canonicalObject(value: object, escaping: boolean): string {
  if (isRevoked(value)) return '{"$opaque":"revoked proxy"}';
  if (Array.isArray(value)) return `[${value.map((item) => jsonOf(item, escaping)).join(',')}]`;
  if (isPlainObject(value)) {
    const keys = Object.keys(value);
    if (isAlreadyCanonical(value, keys, escaping)) return JSON.stringify(value);
    if (keys.length > 1) keys.sort();
    let members = '';
    for (const key of keys) {
      const name = JSON.stringify(escaping && key.startsWith('$') ? `$${key}` : key);
      members += `${members === '' ? '' : ','}${name}:${jsonOf(value[key], escaping)}`;
    }
    return `{${members}}`;
  }
  return canonicalSpecial(value);
}

/** True for an object of texts, numbers, booleans and nulls in the right order, of which `JSON.stringify` says the same. */
function isAlreadyCanonical(
  value: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  escaping: boolean,
): boolean {
  let before = '';
  for (const key of keys) {
    if (key < before || (escaping && key.startsWith('$'))) return false;
    before = key;
    if (!isLeaf(value[key])) return false;
  }
  return value.toJSON === undefined;
}

function isLeaf(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || value === null || Number.isFinite(value);
}

/** An opaque value may be a proxy that was revoked after it was copied: even asking for its prototype then throws. */
export function isRevoked(value: object): boolean {
  try {
    Object.getPrototypeOf(value);
    return false;
  } catch {
    return true;
  }
}

function canonicalSpecial(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Date.prototype) {
    const time = (value as Date).getTime();
    return `{"$date":"${Number.isNaN(time) ? 'invalid' : (value as Date).toISOString()}"}`;
  }
  if (prototype === Map.prototype) {
    const pairs = [...(value as Map<unknown, unknown>)].map(
      ([key, item]) => `[${canonicalJson(key)},${canonicalJson(item)}]`,
    );
    return `{"$map":[${pairs.join(',')}]}`;
  }
  if (prototype === Set.prototype) {
    return `{"$set":[${[...(value as Set<unknown>)].map(canonicalJson).join(',')}]}`;
  }
  if (prototype === URL.prototype) return `{"$url":${JSON.stringify((value as URL).href)}}`;
  if (prototype === ArrayBuffer.prototype) return bytes(new Uint8Array(value as ArrayBuffer), 'ArrayBuffer');
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), className(value));
  }
  return `{"$opaque":${JSON.stringify(className(value))}}`;
}

function bytes(data: Uint8Array, type: string): string {
  let hex = '';
  for (const byte of data) hex += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
  return `{"$bytes":"${hex}","type":${JSON.stringify(type)}}`;
}

/** The name of an object's class, at most 60 characters; `Object` where it has none. */
export function className(value: object): string {
  try {
    const made: unknown = value.constructor;
    return typeof made === 'function' && made.name !== '' ? made.name.slice(0, 60) : 'Object';
  } catch {
    return 'Object';
  }
}
