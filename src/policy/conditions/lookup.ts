import { hasSurrogates, textLength, textSlice } from './code-points.ts';
import { requireHashable } from './comparison.ts';
import { failAt } from './errors.ts';
import type { Run } from './run.ts';
import { type Dict, describe, dictGet, kindOf, MISSING, Tuple } from './values.ts';

/** `value.name`: the key of a dict. Missing when the dict lacks it; an error on anything but a dict. */
export function attribute(value: unknown, name: string, at: string): unknown {
  const kind = kindOf(value);
  if (kind === 'missing') return MISSING;
  if (kind !== 'dict') return failAt(at, `${describe(value)} has no \`${name}\``);
  return dictGet(value as Dict, name);
}

/**
 * `value[key]`: a key of a dict, an element of a list, tuple or text (negative counts from the end). An element that
 * is not there is missing, like a key; a key of the wrong type is an error.
 */
export function subscript(value: unknown, key: unknown, run: Run, at: string): unknown {
  switch (kindOf(value)) {
    case 'missing':
      return MISSING;
    case 'dict':
      requireHashable(key, at);
      return key === MISSING ? MISSING : dictGet(value as Dict, key);
    case 'list':
      return element(value as readonly unknown[], key, at);
    case 'tuple':
      return element((value as Tuple).items, key, at);
    case 'str':
      run.spendCharacters(value as string, at);
      return element(characters(value as string), key, at);
    default:
      return failAt(at, `${describe(value)} has no elements`);
  }
}

/** A text as something indexable by character. */
function characters(text: string): ArrayLike<string> {
  return hasSurrogates(text) ? [...text] : text;
}

function element(items: ArrayLike<unknown>, key: unknown, at: string): unknown {
  if (key === MISSING) return MISSING;
  const index = toIndex(key, at);
  const value = items[index < 0 ? index + items.length : index];
  return value === undefined ? MISSING : value;
}

/** An index: a whole number, or a bool as Python has it. */
export function toIndex(key: unknown, at: string): number {
  const kind = kindOf(key);
  if (kind !== 'int' && kind !== 'bool')
    return failAt(at, `an index is a whole number, not ${describe(key)}`);
  return Number(key);
}

/** `value[start:end]` of a text, list or tuple; `null` bounds are left out. Of a missing value: missing. */
export function slice(value: unknown, start: unknown, end: unknown, run: Run, at: string): unknown {
  switch (kindOf(value)) {
    case 'missing':
      return MISSING;
    case 'str': {
      const text = value as string;
      run.spendCharacters(text, at);
      const length = textLength(text);
      return textSlice(text, bound(start, 0, length, at), bound(end, length, length, at));
    }
    case 'list': {
      const list = value as readonly unknown[];
      run.spend(1 + (list.length >>> 3), at);
      return list.slice(bound(start, 0, list.length, at), bound(end, list.length, list.length, at));
    }
    case 'tuple': {
      const { items } = value as Tuple;
      run.spend(1 + (items.length >>> 3), at);
      return new Tuple(
        items.slice(bound(start, 0, items.length, at), bound(end, items.length, items.length, at)),
      );
    }
    default:
      return failAt(at, `${describe(value)} cannot be sliced`);
  }
}

/** A slice bound within 0…length, as Python clamps it. `null` and what is missing: `fallback`. */
export function bound(value: unknown, fallback: number, length: number, at: string): number {
  if (value === null || value === MISSING) return fallback;
  const index = toIndex(value, at);
  return Math.min(length, Math.max(0, index < 0 ? index + length : index));
}

/** Why text cannot be looped over. */
export const LOOPS_OVER_TEXT = 'this loops over the characters of a text, not over a list';

/**
 * What a loop over `value` visits: elements, or the keys of a dict. Of a missing value: nothing. Text is an error: a
 * loop that expects a list would silently look at characters.
 */
export function iterate(value: unknown, run: Run, at: string): Iterable<unknown> {
  switch (kindOf(value)) {
    case 'missing':
      return [];
    case 'str':
      return failAt(at, LOOPS_OVER_TEXT);
    case 'list':
    case 'set':
      return value as Iterable<unknown>;
    case 'tuple':
      return (value as Tuple).items;
    case 'dict':
      return keysOf(value as Dict, run, at);
    default:
      return failAt(at, `${describe(value)} cannot be looped over`);
  }
}

function keysOf(dict: Dict, run: Run, at: string): Iterable<unknown> {
  if (dict instanceof Map) return dict.keys();
  const keys = Object.keys(dict).filter((key) => dictGet(dict, key) !== MISSING);
  run.spend(1 + (keys.length >>> 3), at);
  return keys;
}
