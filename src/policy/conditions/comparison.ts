import { compareText } from './code-points.ts';
import { failAt } from './errors.ts';
import type { Run } from './run.ts';
import {
  type Dict,
  describe,
  dictGet,
  dictKeys,
  dictSize,
  isNumeric,
  kindOf,
  MISSING,
  Tuple,
} from './values.ts';

/** Deeper data than the private copy lets through is a cycle. */
const MAX_DATA_DEPTH = 200;
/** Why NaN ends a comparison: it would come out false whatever the limit. */
export const NAN_COMPARED = 'NaN cannot be compared';

/**
 * `a == b` as in Python: deep, 1 == 1.0 == True, a list never equals a tuple. What is missing equals `''`. A number
 * compared with NaN is an error.
 */
export function equals(a: unknown, b: unknown, run: Run, at: string): boolean {
  if (typeof a === 'string' && typeof b === 'string') return sameText(a, b, run, at);
  return equalsDeep(a, b, run, at, 0);
}

function sameText(a: string, b: string, run: Run, at: string): boolean {
  if (a.length !== b.length) return false;
  if (a.length > 256) run.spendText(a.length, at);
  return a === b;
}

function equalsDeep(a: unknown, b: unknown, run: Run, at: string, depth: number): boolean {
  const left = a === MISSING || a === undefined ? '' : a;
  const right = b === MISSING || b === undefined ? '' : b;
  if (isNumeric(left) && isNumeric(right)) {
    if (Number.isNaN(left) || Number.isNaN(right)) failAt(at, NAN_COMPARED);
    // biome-ignore lint/suspicious/noDoubleEquals: between bool, number and bigint this is Python's exact equality.
    return left == right;
  }
  const kind = kindOf(left);
  const other = kindOf(right);
  if (kind === 'none' || other === 'none') return kind === other;
  if (kind === 'opaque' || other === 'opaque')
    failAt(at, `${describe(kind === 'opaque' ? left : right)} cannot be compared`);
  if (kind !== other) return false;
  run.spend(1, at);
  if (depth > MAX_DATA_DEPTH) failAt(at, 'the data is nested too deeply to compare');
  switch (kind) {
    case 'list':
      return sameItems(left as readonly unknown[], right as readonly unknown[], run, at, depth);
    case 'tuple':
      return sameItems((left as Tuple).items, (right as Tuple).items, run, at, depth);
    case 'dict':
      return sameDict(left as Dict, right as Dict, run, at, depth);
    case 'set':
      return sameSet(left as ReadonlySet<unknown>, right as ReadonlySet<unknown>, run, at);
    default:
      return typeof left === 'string' && typeof right === 'string'
        ? sameText(left, right, run, at)
        : left === right;
  }
}

function sameItems(
  a: readonly unknown[],
  b: readonly unknown[],
  run: Run,
  at: string,
  depth: number,
): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!equalsDeep(a[i], b[i], run, at, depth + 1)) return false;
  return true;
}

function sameDict(a: Dict, b: Dict, run: Run, at: string, depth: number): boolean {
  run.spendDict(a, at);
  run.spendDict(b, at);
  if (dictSize(a) !== dictSize(b)) return false;
  for (const key of dictKeys(a)) {
    const other = dictGet(b, key);
    run.spend(1, at);
    if (other === MISSING || !equalsDeep(dictGet(a, key), other, run, at, depth + 1)) return false;
  }
  return true;
}

function sameSet(a: ReadonlySet<unknown>, b: ReadonlySet<unknown>, run: Run, at: string): boolean {
  if (a.size !== b.size) return false;
  for (const item of a) if (!setHas(b, item, run, at)) return false;
  return true;
}

function setHas(set: ReadonlySet<unknown>, item: unknown, run: Run, at: string): boolean {
  if (set.has(item)) return true;
  if (typeof item === 'string') return false;
  return listHas([...set], item, run, at);
}

function listHas(list: readonly unknown[], item: unknown, run: Run, at: string): boolean {
  for (const candidate of list) {
    run.spend(1, at);
    if (equals(candidate, item, run, at)) return true;
  }
  return false;
}

/** An ordering operator. */
export type OrderOperator = '<' | '<=' | '>' | '>=';

/**
 * `a < b` and its kin: text with text, number with number, list with list, tuple with tuple. Anything else is an
 * error, and so is NaN, which would otherwise switch off a limit. False with anything that is missing.
 */
export function ordered(op: OrderOperator, a: unknown, b: unknown, run: Run, at: string): boolean {
  if (a === MISSING || b === MISSING || a === undefined || b === undefined) return false;
  const order = compare(a, b, op, run, at, 0);
  if (op === '<') return order < 0;
  if (op === '<=') return order <= 0;
  return op === '>' ? order > 0 : order >= 0;
}

function compare(a: unknown, b: unknown, op: string, run: Run, at: string, depth: number): number {
  if (isNumeric(a) && isNumeric(b)) {
    if (Number.isNaN(a) || Number.isNaN(b)) failAt(at, NAN_COMPARED);
    if (a < b) return -1;
    return a > b ? 1 : 0;
  }
  if (typeof a === 'string' && typeof b === 'string') {
    run.spendText(Math.min(a.length, b.length), at);
    return compareText(a, b);
  }
  if (Array.isArray(a) && Array.isArray(b)) return compareItems(a, b, op, run, at, depth);
  if (a instanceof Tuple && b instanceof Tuple) return compareItems(a.items, b.items, op, run, at, depth);
  return failAt(at, `\`${op}\` is not defined between ${describe(a)} and ${describe(b)}`);
}

function compareItems(
  a: readonly unknown[],
  b: readonly unknown[],
  op: string,
  run: Run,
  at: string,
  depth: number,
): number {
  if (depth > MAX_DATA_DEPTH) failAt(at, 'the data is nested too deeply to compare');
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    run.spend(1, at);
    if (!equals(a[i], b[i], run, at)) return compare(a[i], b[i], op, run, at, depth + 1);
  }
  return a.length - b.length;
}

/**
 * `item in container` for text, list, tuple, dict (its keys) and set. What is missing is in nothing, and nothing is
 * in what is missing. Any other container is an error, and so is NaN as the item.
 */
export function contains(container: unknown, item: unknown, run: Run, at: string): boolean {
  const kind = kindOf(container);
  if (kind === 'missing') return false;
  if (Number.isNaN(item)) failAt(at, NAN_COMPARED);
  const missing = item === MISSING || item === undefined;
  switch (kind) {
    case 'str':
      return !missing && textHas(container as string, item, run, at);
    case 'list':
      return !missing && listHas(container as readonly unknown[], item, run, at);
    case 'tuple':
      return !missing && listHas((container as Tuple).items, item, run, at);
    case 'dict':
      requireHashable(item, at);
      return !missing && dictGet(container as Dict, item) !== MISSING;
    case 'set':
      requireHashable(item, at);
      return !missing && setHas(container as ReadonlySet<unknown>, item, run, at);
    default:
      return failAt(at, `\`in\` needs text, a list or a dict on its right, not ${describe(container)}`);
  }
}

/** Throws unless `item` may be a key, as Python's unhashable types may not. */
export function requireHashable(item: unknown, at: string): void {
  const kind = kindOf(item);
  if (kind === 'list' || kind === 'dict' || kind === 'set' || kind === 'opaque') {
    failAt(at, `${describe(item)} cannot be a key`);
  }
  if (kind === 'tuple') for (const inner of (item as Tuple).items) requireHashable(inner, at);
}

function textHas(text: string, item: unknown, run: Run, at: string): boolean {
  if (typeof item !== 'string')
    return failAt(at, `\`in\` a text needs text on its left, not ${describe(item)}`);
  run.spendSearch(text.length, item.length, at);
  return text.includes(item);
}
