import { failAt } from './errors.ts';
import { describe, kindOf, MISSING } from './values.ts';

const INTEGER = /^[+-]?[0-9]+(?:_[0-9]+)*$/;
const DECIMAL =
  /^[+-]?(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:e[+-]?[0-9]+(?:_[0-9]+)*)?$/i;
const SPECIAL = /^([+-]?)(inf|infinity|nan)$/i;
const MAX_DIGITS = 1_000;

/** `int(value)`: of text, number or bool. Exact at any size; a missing value stays missing. Errors as Python's. */
export function toInt(value: unknown, at: string): unknown {
  switch (kindOf(value)) {
    case 'missing':
      return MISSING;
    case 'int':
      return value;
    case 'bool':
      return value === true ? 1 : 0;
    case 'float':
      if (!Number.isFinite(value)) return failAt(at, `int() of ${value} is not defined`);
      return Math.trunc(value as number);
    case 'str':
      return intFromText(value as string, at);
    default:
      return failAt(at, `int() takes text or a number, not ${describe(value)}`);
  }
}

function intFromText(text: string, at: string): number | bigint {
  const trimmed = trim(text, at);
  if (!INTEGER.test(trimmed)) return failAt(at, `int() cannot read ${JSON.stringify(text.slice(0, 40))}`);
  return exactInteger(trimmed.replaceAll('_', ''));
}

/** Decimal digits with an optional sign as a number, or as a bigint where a number would round. */
export function exactInteger(digits: string): number | bigint {
  const value = Number(digits);
  if (Number.isSafeInteger(value)) return value;
  return digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits.replace('+', ''));
}

/** `float(value)`: of text, number or bool. A missing value stays missing. Errors as Python's. */
export function toFloat(value: unknown, at: string): unknown {
  switch (kindOf(value)) {
    case 'missing':
      return MISSING;
    case 'int':
    case 'float':
    case 'bool': {
      const number = Number(value);
      if (typeof value === 'bigint' && !Number.isFinite(number))
        return failAt(at, 'float() of so large an int overflows');
      return number;
    }
    case 'str':
      return floatFromText(value as string, at);
    default:
      return failAt(at, `float() takes text or a number, not ${describe(value)}`);
  }
}

function floatFromText(text: string, at: string): number {
  const trimmed = trim(text, at);
  const special = SPECIAL.exec(trimmed);
  if (special !== null) {
    if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (!DECIMAL.test(trimmed)) return failAt(at, `float() cannot read ${JSON.stringify(text.slice(0, 40))}`);
  return Number(trimmed.replaceAll('_', ''));
}

function trim(text: string, at: string): string {
  if (text.length > MAX_DIGITS) failAt(at, `a number of more than ${MAX_DIGITS} characters is not read`);
  return stripSpace(text);
}

/** The white space above ASCII that `str.isspace()` knows. */
const WIDE_SPACE =
  '\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';

/** White space as Python's `str.strip()` sees it: unlike `trim()`, with the separators 1C–1F and 85, without FEFF. */
export function isSpace(char: string): boolean {
  const code = char.charCodeAt(0);
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  return code >= 0x80 && WIDE_SPACE.includes(char);
}

/** `text.strip()`. */
export function stripSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charAt(start))) start++;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
