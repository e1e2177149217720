import { isPlainObject } from '../../core/private-copy.ts';

/** Stands for a parameter, key or element that is not there. Never a value of the data itself. */
export const MISSING: unique symbol = Symbol('missing');

/** A Python tuple: equal to another tuple, never to a list. */
export class Tuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** What a value is to the condition language. `opaque` values (dates, bytes, functions, instances) only have a truth. */
export type Kind =
  | 'str'
  | 'int'
  | 'float'
  | 'bool'
  | 'none'
  | 'list'
  | 'tuple'
  | 'dict'
  | 'set'
  | 'missing'
  | 'opaque';

/** The {@link Kind} of a value. A whole number is an `int`: JavaScript cannot tell 1 from 1.0. */
export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'undefined':
      return 'missing';
    case 'object':
      return value === null ? 'none' : kindOfObject(value);
    default:
      return value === MISSING ? 'missing' : 'opaque';
  }
}

function kindOfObject(value: object): Kind {
  if (Array.isArray(value)) return 'list';
  if (value instanceof Tuple) return 'tuple';
  if (isPlainObject(value)) return 'dict';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Map.prototype) return 'dict';
  return prototype === Set.prototype ? 'set' : 'opaque';
}

/** A kind as an error message names it. */
export function describe(value: unknown): string {
  const kind = kindOf(value);
  if (kind === 'none') return 'None';
  if (kind === 'missing') return 'a missing value';
  if (kind === 'opaque') return 'a value that conditions cannot read';
  return kind;
}

/** True for the values that Python compares and counts as numbers: int, float and bool. */
export function isNumeric(value: unknown): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
}

/** Python's truth: empty text and containers, zero, `None`, `False` and what is missing are false. */
export function isTruthy(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return value !== '';
    case 'number':
      return value !== 0;
    case 'boolean':
      return value;
    case 'bigint':
      return value !== 0n;
    case 'undefined':
      return false;
    case 'object':
      return value !== null && isTruthyObject(value);
    default:
      return value !== MISSING;
  }
}

function isTruthyObject(value: object): boolean {
  switch (kindOfObject(value)) {
    case 'list':
      return (value as readonly unknown[]).length > 0;
    case 'tuple':
      return (value as Tuple).items.length > 0;
    case 'dict':
      return dictSize(value) > 0;
    case 'set':
      return (value as ReadonlySet<unknown>).size > 0;
    default:
      return true;
  }
}

/** A dictionary: a plain object or a Map. A key whose value is `undefined` counts as absent. */
export type Dict = object;

/** The value under `key`, own keys only, or {@link MISSING}. */
export function dictGet(dict: Dict, key: unknown): unknown {
  if (dict instanceof Map) return mapGet(dict, key);
  if (typeof key !== 'string' || !Object.hasOwn(dict, key)) return MISSING;
  const value = (dict as Readonly<Record<string, unknown>>)[key];
  return value === undefined ? MISSING : value;
}

function mapGet(dict: ReadonlyMap<unknown, unknown>, key: unknown): unknown {
  const value = dict.get(key);
  if (value !== undefined) return value;
  if (!isNumeric(key)) return MISSING;
  for (const [known, other] of dict) {
    // biome-ignore lint/suspicious/noDoubleEquals: exact across number, bigint and bool, as Python's keys are.
    if (isNumeric(known) && known == key && other !== undefined) return other;
  }
  return MISSING;
}

/** Keys in insertion order. */
export function dictKeys(dict: Dict): unknown[] {
  if (dict instanceof Map) return [...dict.keys()].filter((key) => dict.get(key) !== undefined);
  return Object.keys(dict).filter((key) => (dict as Record<string, unknown>)[key] !== undefined);
}

/** How many keys there are. */
export function dictSize(dict: Dict): number {
  return dictKeys(dict).length;
}
