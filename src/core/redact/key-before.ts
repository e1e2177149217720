import { isInvisible, isPunctuation, isQuote, isSpace, isWordUnit } from './characters.ts';
import type { KeyKind, SensitiveKeys } from './sensitive-keys.ts';

/** How far a name is read backwards from its `=` or `:`. */
const NAME = 128;
/** How much white space may stand between the two. */
const GAP = 16;
/** Most characters of prose that a name of several words has. */
const PROSE = 40;

/** The name before a `=` or a `:`. */
export interface KeyBefore {
  readonly kind: KeyKind;
  readonly name: string;
  readonly start: number;
  /** The quote that opened right before it, and does not close right behind it: that of what stands around both. */
  readonly quote: string;
  /** How far its line is indented, if it is the first thing in it; else -1. */
  readonly indent: number;
}

/** Reads the name that ends before the separator at `at`; `null` if there is none. */
export function keyBefore(text: string, at: number, keys: SensitiveKeys): KeyBefore | null {
  let end = at;
  while (end > 0 && at - end < GAP && isBlank(text.charCodeAt(end - 1))) end--;
  if (text.charCodeAt(end - 1) === 0x5d) end--;
  const closing = isQuote(text.charCodeAt(end - 1)) ? text.charAt(end - 1) : '';
  if (closing !== '') end--;
  while (closing !== '' && text.charCodeAt(end - 1) === 0x5c && at - end < GAP * 2) end--;
  const start = closing === '' ? startOfName(text, end) : startOfQuoted(text, end, closing);
  if (start >= end) return null;
  const name = text.slice(start, end);
  const kind = kindOf(text, start, name, closing, keys);
  if (kind === 'none' && !isValueOfPair(name)) return null;
  const before = text.charAt(start - 1);
  const quote = closing === '' && isQuote(before.charCodeAt(0)) ? before : '';
  return { kind, name, start, quote, indent: indentOf(text, closing === '' ? start : start - 1) };
}

function kindOf(text: string, start: number, name: string, closing: string, keys: SensitiveKeys): KeyKind {
  const kind = keys.kindOf(name);
  const before = text.charAt(start - 1);
  // What a parser says of a text that it cannot read.
  if (kind !== 'none')
    return /unexpected $/i.test(text.slice(Math.max(0, start - 11), start)) ? 'none' : kind;
  if (
    (before === '?' || before === '&' || before === ';') &&
    /^(?:sig|signature|x-(?:amz|goog)-signature)$/i.test(name)
  ) {
    return 'secret';
  }
  if (closing !== '' || before !== ' ') return 'none';
  const from = startOfProse(text, start);
  return from < start ? keys.kindOfProse(text.slice(from, start) + name) : 'none';
}

/** `{"name": "DB_PASSWORD", "value": "…"}`: the second of such a pair. */
function isValueOfPair(name: string): boolean {
  return /^val(?:ue)?$/i.test(name);
}

/** The name that a pair gives before its value, which begins at `at`; '' if there is none. */
export function nameOfPair(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - NAME), at);
  const found =
    /(?:name|key|type)\\{0,3}["']?\s{0,4}[:=]\s{0,4}\\{0,3}["']?([\w.-]{1,64})\\{0,3}["']?[\s,]{1,12}\\{0,3}["']?val(?:ue)?\\{0,3}["']?\s{0,4}[:=]$/i.exec(
      before,
    );
  return found?.[1] ?? '';
}

function startOfName(text: string, end: number): number {
  let start = end;
  while (start > 0 && end - start < NAME && isNameUnit(text.charCodeAt(start - 1))) start--;
  return start;
}

function startOfQuoted(text: string, end: number, quote: string): number {
  const from = Math.max(0, end - NAME);
  const before = text.slice(from, end);
  const start = before.lastIndexOf(quote);
  return start < 0 || before.includes('\n', start) ? startOfName(text, end) : from + start + 1;
}

/** Back over words that single spaces separate. */
function startOfProse(text: string, end: number): number {
  let start = end;
  while (start > 0 && end - start < PROSE) {
    const code = text.charCodeAt(start - 1);
    const single = code === 0x20 && text.charCodeAt(start - 2) !== 0x20;
    if (!single && !isNameUnit(code)) break;
    start--;
  }
  return start;
}

/** Letters and digits of any script, and what joins the words of a name. */
function isNameUnit(code: number): boolean {
  if (code < 0x80) return isWordUnit(code) || code === 0x2d || code === 0x2e || code === 0x24;
  return !isSpace(code) && (isInvisible(code) || !isPunctuation(code));
}

/** Spaces and tabs: a name stands in the line of its separator. */
function isBlank(code: number): boolean {
  return isSpace(code) && code !== 0x0a && code !== 0x0d;
}

/** The indentation of the name at `start`, behind the dashes of a list; -1 if other text stands before it in its line. */
function indentOf(text: string, start: number): number {
  let at = start;
  while (
    at > 0 &&
    start - at < NAME &&
    (isBlank(text.charCodeAt(at - 1)) || text.charCodeAt(at - 1) === 0x2d)
  )
    at--;
  if (at > 0 && text.charCodeAt(at - 1) !== 0x0a) return -1;
  let dash = at;
  while (dash < start && text.charCodeAt(dash) !== 0x2d) dash++;
  return dash - at;
}
