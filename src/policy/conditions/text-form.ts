import { failAt } from './errors.ts';
import type { Run } from './run.ts';
import { type Dict, describe, dictGet, dictKeys, kindOf, type Tuple } from './values.ts';

const MAX_DEPTH = 200;
const UNPRINTABLE = /[\p{C}\p{Z}]/u;
const PLAIN = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;
const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** `str(value)` as Python prints it: `True`, `None`, `{'k': 'v'}`; a missing value is empty. */
export function textOf(value: unknown, run: Run, at: string): string {
  if (typeof value === 'string') return value;
  return kindOf(value) === 'missing' ? '' : repr(value, run, at, 0);
}

/** Ints beyond this take noticeable time to print. */
const LARGE = 1n << 256n;
/** Python's limit: longer takes time that is not linear. */
const MAX_DIGITS = 4_300;
const TOO_LARGE = 10n ** BigInt(MAX_DIGITS);

/** An int in decimal digits. An error beyond the 4300 digits that Python prints. */
export function intText(value: number | bigint, run: Run, at: string): string {
  if (typeof value === 'number') return BigInt(value).toString();
  if (value >= TOO_LARGE || value <= -TOO_LARGE)
    failAt(at, `an int of more than ${MAX_DIGITS} digits has no text`);
  if (!(value > -LARGE && value < LARGE)) run.spend(64, at);
  return value.toString();
}

function repr(value: unknown, run: Run, at: string, depth: number): string {
  run.spend(1, at);
  if (depth > MAX_DEPTH) failAt(at, 'the data is nested too deeply to print');
  switch (kindOf(value)) {
    case 'str':
      run.spendText((value as string).length << 4, at);
      return quote(value as string);
    case 'int':
      return intText(value as number | bigint, run, at);
    case 'float':
      return floatText(value as number);
    case 'bool':
      return value === true ? 'True' : 'False';
    case 'none':
    case 'missing':
      return 'None';
    case 'list':
      return `[${items(value as readonly unknown[], run, at, depth)}]`;
    case 'tuple':
      return tupleText(value as Tuple, run, at, depth);
    case 'dict':
      return dictText(value as Dict, run, at, depth);
    case 'set': {
      const set = value as ReadonlySet<unknown>;
      return set.size === 0 ? 'set()' : `{${items([...set], run, at, depth)}}`;
    }
    default:
      return failAt(at, `${describe(value)} has no text`);
  }
}

function items(list: readonly unknown[], run: Run, at: string, depth: number): string {
  return list.map((item) => repr(item, run, at, depth + 1)).join(', ');
}

function tupleText(tuple: Tuple, run: Run, at: string, depth: number): string {
  const inner = items(tuple.items, run, at, depth);
  return tuple.items.length === 1 ? `(${inner},)` : `(${inner})`;
}

function dictText(dict: Dict, run: Run, at: string, depth: number): string {
  const pairs = dictKeys(dict).map(
    (key) => `${repr(key, run, at, depth + 1)}: ${repr(dictGet(dict, key), run, at, depth + 1)}`,
  );
  return `{${pairs.join(', ')}}`;
}

/** A fraction as Python's `repr`: shortest digits, an exponent of two digits below 1e-4. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

function quote(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = mark;
  for (const char of text) out += char === mark ? `\\${char}` : escapeChar(char);
  return out + mark;
}

function escapeChar(char: string): string {
  const named = NAMED_ESCAPES[char];
  if (named !== undefined) return named;
  if (char === ' ' || !UNPRINTABLE.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0');
}
