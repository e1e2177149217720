import { isAlphanumeric, isQuote, isSpace, isTokenUnit } from './characters.ts';
import type { Span } from './spans.ts';

const BACKSLASH = 0x5c;
/** How far a name before a `=` or a `:` is looked for that would end the value before it. */
const NAME_AHEAD = 64;
/** Most backslashes before a quote whose end is looked for, in any line: those of JSON six levels deep. */
const MAX_ESCAPES = 63;

/** A value as it is written in a text: what is in the quotes, and where the text goes on behind it. */
export interface WrittenValue extends Span {
  readonly after: number;
  /** Whether it stands without quotes and brackets. */
  readonly bare: boolean;
}

/**
 * Reads the value that begins at `at`: in quotes (which may be escaped, as within JSON within a string), in brackets,
 * or bare. A bracket that is never closed goes on to the end of the text, because the rest may be the secret; a quote to
 * the end of its line.
 * `null` where no value begins. Time goes with the value's length.
 */
export function readValue(text: string, at: number): WrittenValue | null {
  const quote = openingQuote(text, at);
  if (quote !== null) {
    const value = readQuoted(text, quote);
    // Letters before a quote are part of the value if a shell reads it: they are hidden with the quotes.
    return quote.at - quote.escapes === at ? value : { ...value, start: at, end: value.after };
  }
  const code = text.charCodeAt(at);
  if (opensBracket(code)) {
    const closed = endOfBrackets(text, at);
    const end = endsValue(text, closed) ? closed : endOfBare(text, closed);
    return { start: at, end, after: end, bare: false };
  }
  const end = endOfBare(text, at);
  return end === at ? null : { start: at, end, after: end, bare: true };
}

interface OpeningQuote {
  readonly at: number;
  /** How many backslashes stand before it. */
  readonly escapes: number;
}

/** A quote at `at`, behind its backslashes and the letter or two that some languages put before one (`b'…'`). */
function openingQuote(text: string, at: number): OpeningQuote | null {
  let i = at;
  for (let letters = 0; letters < 2 && isQuotePrefix(text.charCodeAt(i)); letters++) i++;
  const from = i;
  while (text.charCodeAt(i) === BACKSLASH) i++;
  return isQuote(text.charCodeAt(i)) ? { at: i, escapes: i - from } : null;
}

function isQuotePrefix(code: number): boolean {
  return (isAlphanumeric(code) && code > 0x39) || code === 0x24 || code === 0x40;
}

function readQuoted(text: string, { at, escapes }: OpeningQuote): WrittenValue {
  const start = at + 1;
  let { end, after } = closingQuote(text, at, escapes);
  // Shells and some languages join what follows without a space: 'a'"b"c.
  for (let next = after; next < text.length && !endsValue(text, next); next = after) {
    const quote = openingQuote(text, next);
    if (quote === null) {
      end = endOfBare(text, next);
      after = end;
      if (end === next) break;
    } else ({ end, after } = closingQuote(text, quote.at, quote.escapes));
  }
  return { start, end, after, bare: false };
}

/**
 * Where the text in the quotes ends and where that behind them begins. Among backslashes before a quote, those that
 * escaped the opening one come first; what is left escapes each other in pairs of such groups.
 */
function closingQuote(text: string, opening: number, escapes: number): { end: number; after: number } {
  if (escapes > MAX_ESCAPES) return { end: text.length, after: text.length };
  const quote = text.charAt(opening);
  for (let at = text.indexOf(quote, opening + 1); at >= 0; at = text.indexOf(quote, at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH && at - 1 - backslashes > opening)
      backslashes++;
    if (backslashes < escapes) return { end: at - backslashes, after: at - backslashes };
    if (backslashes % (2 * (escapes + 1)) === escapes) return { end: at - escapes, after: at + 1 };
  }
  const end = endOfLine(text, opening);
  return { end, after: end };
}

/** Where the line that `at` stands in ends, before its `\r\n` or `\n`. */
export function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return end > at && text.charCodeAt(end - 1) === 0x0d ? end - 1 : end;
}

function opensBracket(code: number): boolean {
  return code === 0x7b || code === 0x5b || code === 0x28;
}

/** Behind the bracket that closes the one at `at`; brackets within quotes do not count. */
function endOfBrackets(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (opensBracket(code)) depth++;
    else if (code === 0x7d || code === 0x5d || code === 0x29) {
      if (--depth === 0) return i + 1;
    } else if (isQuote(code)) {
      let escapes = 0;
      while (text.charCodeAt(i - 1 - escapes) === BACKSLASH) escapes++;
      i = closingQuote(text, i, escapes).after - 1;
    }
  }
  return text.length;
}

/** Behind the value without quotes that begins at `at`: at white space, or where something else plainly begins. */
function endOfBare(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (isSpace(code) || code < 0x20 || endsBareAt(text, i)) break;
    // `crypt('…', …)`: a text that is handed to a function is as secret as what comes of it.
    const isCallWithText = code === 0x28 && openingQuote(text, i + 1) !== null;
    i = isCallWithText ? endOfBrackets(text, i) : i + 1;
  }
  return i;
}

/** Whether the character at `i`, which is no space, ends a bare value. */
function endsBareAt(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  switch (code) {
    case 0x22: // "
    case 0x27: // '
    case 0x60: // `
      return !isAlphanumeric(text.charCodeAt(i + 1));
    case BACKSLASH: {
      // Of several in a row the first one has been asked already.
      const quote = text.charCodeAt(i - 1) === BACKSLASH ? null : openingQuote(text, i);
      return quote !== null && quote.escapes > 0 && !isAlphanumeric(text.charCodeAt(quote.at + 1));
    }
    case 0x2c: // ,
    case 0x3b: // ;
    case 0x26: // &
    case 0x7c: // |
      return endsValue(text, i + 1) || isQuote(text.charCodeAt(i + 1)) || namesValue(text, i + 1);
    case 0x29: // )
    case 0x5d: // ]
    case 0x7d: // }
    case 0x3e: // >
      return endsValue(text, i + 1);
    case 0x3c: // <
      return beginsTag(text, i + 1);
    default:
      return false;
  }
}

/** Whether a closed value is over: at the end of the text, at white space, or at punctuation that cannot be part of it. */
function endsValue(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (Number.isNaN(code) || isSpace(code) || code < 0x20) return true;
  if (code === BACKSLASH) return !isQuote(text.charCodeAt(at + 1)) || endsValueBehindQuote(text, at + 2);
  return ',;.:)]}>&|<'.includes(text.charAt(at)) || (isQuote(code) && endsValueBehindQuote(text, at + 1));
}

/** A quote that only punctuation or nothing follows is the one that closes what stands around the value. */
function endsValueBehindQuote(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return Number.isNaN(code) || isSpace(code) || ',;.:)]}>&|<\\'.includes(text.charAt(at));
}

/** Whether a name and its `=` or `:` begin at `at`. */
function namesValue(text: string, at: number): boolean {
  let i = at;
  while (i < at + NAME_AHEAD && (isTokenUnit(text.charCodeAt(i)) || text.charCodeAt(i) === 0x2e)) i++;
  const code = text.charCodeAt(i);
  return i > at && (code === 0x3d || code === 0x3a);
}

function beginsTag(text: string, at: number): boolean {
  let i = text.charCodeAt(at) === 0x2f ? at + 1 : at;
  const from = i;
  while (i < from + NAME_AHEAD && (isTokenUnit(text.charCodeAt(i)) || text.charCodeAt(i) === 0x3a)) i++;
  return i > from && (text.charCodeAt(i) === 0x3e || (i > at && isSpace(text.charCodeAt(i))));
}

/**
 * The rest of the line from `at`. Behind a quote that opened before the name, it ends where that quote closes; else at
 * the end of the line, which may be written `\r\n`.
 */
export function readRestOfLine(text: string, at: number, quote: string): Span {
  let i = at;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a || code === 0x0d) break;
    if (quote !== '' && text.charAt(i) === quote) break;
    if (code === BACKSLASH) {
      const next = text.charAt(i + 1);
      if (next === 'n' || next === 'r' || (quote !== '' && next === quote)) break;
    }
  }
  while (i > at && isSpace(text.charCodeAt(i - 1))) i--;
  return { start: at, end: i };
}

/**
 * The lines from `at`, the beginning of a line, that are indented by more than `indent` characters: what YAML takes
 * for the value of the line before. `null` if the first one is not.
 */
export function readIndentedLines(text: string, at: number, indent: number): Span | null {
  let start = -1;
  let end = at;
  for (let line = at; line < text.length; ) {
    let next = text.indexOf('\n', line);
    if (next < 0) next = text.length;
    let first = line;
    while (first < next && isSpace(text.charCodeAt(first))) first++;
    if (first < next) {
      // A list may stand as far to the left as its name.
      const isItem = first - line === indent && text.startsWith('- ', first);
      if (first - line <= indent && !isItem) break;
      if (start < 0) start = first;
      end = text.charCodeAt(next - 1) === 0x0d ? next - 1 : next;
    }
    line = next + 1;
  }
  return start < 0 ? null : { start, end };
}
