import { textLength, textSlice } from './code-points.ts';
import { contains, requireHashable } from './comparison.ts';
import { failAt } from './errors.ts';
import { bound } from './lookup.ts';
import { isSpace, stripSpace } from './numbers.ts';
import type { Run } from './run.ts';
import { type Dict, describe, dictGet, dictKeys, isNumeric, kindOf, MISSING, Tuple } from './values.ts';

/** A method: how many arguments it takes, and what it does. A missing receiver is empty text, or an empty dict. */
export interface Method {
  readonly min: number;
  readonly max: number;
  apply(receiver: unknown, args: readonly unknown[], run: Run, at: string): unknown;
}

/** Every method of the condition language by name. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    'startswith',
    { min: 1, max: 3, apply: (text, args, run, at) => affix(text, args, run, at, 'startswith') },
  ],
  ['endswith', { min: 1, max: 3, apply: (text, args, run, at) => affix(text, args, run, at, 'endswith') }],
  ['contains', { min: 1, max: 1, apply: (value, args, run, at) => contains(value, args[0], run, at) }],
  ['lower', { min: 0, max: 0, apply: (value, _, run, at) => cased(value, 'lower', run, at).toLowerCase() }],
  ['upper', { min: 0, max: 0, apply: (value, _, run, at) => cased(value, 'upper', run, at).toUpperCase() }],
  [
    'strip',
    {
      min: 0,
      max: 1,
      apply: (value, args, run, at) => strip(text(value, 'strip', run, at), args[0], run, at),
    },
  ],
  [
    'split',
    { min: 0, max: 2, apply: (value, args, run, at) => split(text(value, 'split', run, at), args, run, at) },
  ],
  ['get', { min: 1, max: 2, apply: get }],
  ['keys', { min: 0, max: 0, apply: (value, _, run, at) => keys(value, 'keys', run, at) }],
  ['values', { min: 0, max: 0, apply: values }],
  ['items', { min: 0, max: 0, apply: items }],
]);

/** The text whose case is changed: beyond ASCII that is slow. */
function cased(value: unknown, method: string, run: Run, at: string): string {
  const found = text(value, method, run, at);
  run.spend(found.length >>> 7, at);
  return found;
}

function text(value: unknown, method: string, run: Run, at: string): string {
  if (typeof value === 'string') {
    run.spendText(value.length, at);
    return value;
  }
  return kindOf(value) === 'missing' ? '' : failAt(at, `${describe(value)} has no \`${method}\``);
}

function affix(
  receiver: unknown,
  args: readonly unknown[],
  run: Run,
  at: string,
  method: 'startswith' | 'endswith',
): boolean {
  let value = typeof receiver === 'string' ? receiver : text(receiver, method, run, at);
  let reachable = true;
  if (args.length > 1) {
    run.spendCharacters(value, at);
    const length = textLength(value);
    const start = bound(args[1], 0, length, at);
    const end = bound(args[2] ?? null, length, length, at);
    // Past the end Python finds nothing, not even ''.
    reachable = start <= end && !(isNumeric(args[1]) && Number(args[1]) > length);
    value = textSlice(value, start, end);
  }
  const options = args[0] instanceof Tuple ? args[0].items : [args[0]];
  for (const option of options) {
    run.spend(1, at);
    const literal = option === MISSING ? '' : option;
    if (typeof literal !== 'string')
      return failAt(at, `\`${method}\` takes text or a tuple of texts, not ${describe(option)}`);
    run.spend(Math.min(literal.length, value.length) >>> 8, at);
    if (reachable && (method === 'startswith' ? value.startsWith(literal) : value.endsWith(literal)))
      return true;
  }
  return false;
}

function strip(value: string, chars: unknown, run: Run, at: string): string {
  if (chars === undefined || chars === null) return stripSpace(value);
  if (typeof chars !== 'string') return failAt(at, `\`strip\` takes text, not ${describe(chars)}`);
  run.spend((value.length + chars.length) >>> 4, at);
  const unwanted: ReadonlySet<string> = new Set(chars);
  const all = [...value];
  let start = 0;
  let end = all.length;
  while (start < end && unwanted.has(all[start] ?? '')) start++;
  while (end > start && unwanted.has(all[end - 1] ?? '')) end--;
  return all.slice(start, end).join('');
}

function split(value: string, args: readonly unknown[], run: Run, at: string): string[] {
  const [separator, limit] = args;
  const most = limit === undefined ? Number.POSITIVE_INFINITY : splitLimit(limit, at);
  run.spend(1 + (value.length >>> 4), at);
  if (separator === undefined || separator === null) return splitSpace(value, most);
  if (typeof separator !== 'string') return failAt(at, `\`split\` takes text, not ${describe(separator)}`);
  if (separator === '') return failAt(at, '`split` takes a separator that is not empty');
  run.spendSearch(value.length, separator.length, at);
  const parts = value.split(separator);
  if (parts.length <= most + 1) return parts;
  return [...parts.slice(0, most), parts.slice(most).join(separator)];
}

function splitLimit(limit: unknown, at: string): number {
  const kind = kindOf(limit);
  if (kind !== 'int' && kind !== 'bool')
    return failAt(at, `\`split\` takes a whole number of splits, not ${describe(limit)}`);
  const most = Number(limit);
  return most < 0 ? Number.POSITIVE_INFINITY : most;
}

function splitSpace(value: string, most: number): string[] {
  const parts: string[] = [];
  let at = 0;
  while (at < value.length) {
    while (at < value.length && isSpace(value.charAt(at))) at++;
    if (at >= value.length) break;
    const start = at;
    if (parts.length >= most) {
      parts.push(value.slice(start));
      break;
    }
    while (at < value.length && !isSpace(value.charAt(at))) at++;
    parts.push(value.slice(start, at));
  }
  return parts;
}

/** A key that is not there gives the default, else None, as in Python: not a missing value. */
function get(value: unknown, args: readonly unknown[], _run: Run, at: string): unknown {
  const dict = asDict(value, 'get', at);
  requireHashable(args[0], at);
  const found = dict === null || args[0] === MISSING ? MISSING : dictGet(dict, args[0]);
  if (found !== MISSING) return found;
  return args.length > 1 ? args[1] : null;
}

function asDict(value: unknown, method: string, at: string): Dict | null {
  const kind = kindOf(value);
  if (kind === 'missing') return null;
  return kind === 'dict' ? (value as Dict) : failAt(at, `${describe(value)} has no \`${method}\``);
}

function keys(value: unknown, method: string, run: Run, at: string): unknown[] {
  const dict = asDict(value, method, at);
  if (dict === null) return [];
  const found = dictKeys(dict);
  run.spend(1 + (found.length >>> 2), at);
  return found;
}

function values(value: unknown, _args: readonly unknown[], run: Run, at: string): unknown[] {
  return keys(value, 'values', run, at).map((key) => dictGet(value as Dict, key));
}

function items(value: unknown, _args: readonly unknown[], run: Run, at: string): Tuple[] {
  return keys(value, 'items', run, at).map((key) => new Tuple([key, dictGet(value as Dict, key)]));
}
