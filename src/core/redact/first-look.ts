import { digitValue } from './characters.ts';

/** What one pass over a text saw: each bit lets one kind of search begin. 0 for most texts, which hold nothing to find. */
export const SEEN = Object.freeze({
  /** `:` or `=`. */
  separator: 1,
  /** A dash that begins a word. */
  flag: 2,
  /** `<`. */
  tag: 4,
  /** `@`. */
  at: 8,
  /** Nine digits or more. */
  digits: 16,
  /** 16 letters, digits, `_` or `-` in a row. */
  longRun: 32,
  /** A word that ends as `Bearer` and `Basic` do. */
  scheme: 64,
  /** Five dashes in a row. */
  dashes: 128,
  /** A quote that opens after a space or a parenthesis. */
  quote: 256,
  /** A word that ends as `is` and `was` do. */
  said: 512,
});

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const DASH = 3;
const SPACE = 4;
const SEPARATOR = 5;
const AT = 6;
const TAG = 7;
const QUOTE = 8;
const OPENING = 9;

const KINDS = kindsOfAscii();

/** Looks at each character once. */
export function firstLook(text: string): number {
  let seen = 0;
  let digits = 0;
  let run = 0;
  let dashes = 0;
  let before = SPACE;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? (KINDS[code] as number) : kindBeyondAscii(code);
    if (kind === LETTER || kind === DIGIT || kind === DASH) {
      if (++run === 16) seen |= SEEN.longRun;
      if (kind === DIGIT) {
        if (++digits === 9) seen |= SEEN.digits;
      } else if (kind === DASH) {
        if (before !== LETTER && before !== DIGIT) seen |= SEEN.flag;
        if (before !== DASH) dashes = 0;
        if (++dashes === 5) seen |= SEEN.dashes;
      }
    } else {
      run = 0;
      if (kind !== OTHER) seen |= markOf(kind, before, text, i);
    }
    before = kind;
  }
  return seen;
}

function markOf(kind: number, before: number, text: string, at: number): number {
  switch (kind) {
    case SEPARATOR:
      return SEEN.separator;
    case AT:
      return SEEN.at;
    case TAG:
      return SEEN.tag;
    case QUOTE:
      return before === SPACE || before === OPENING ? SEEN.quote : 0;
    case SPACE:
      return lastLetter(text.charCodeAt(at - 1) | 0x20, text.charCodeAt(at - 2) | 0x20);
    default:
      return 0;
  }
}

/** What the last two letters of a word, in small letters, let expect behind it. */
function lastLetter(last: number, beforeLast: number): number {
  if (last === 0x72 || last === 0x63) return SEEN.scheme;
  return last === 0x73 && (beforeLast === 0x69 || beforeLast === 0x61) ? SEEN.said : 0;
}

function kindsOfAscii(): readonly number[] {
  const kinds = new Array<number>(128).fill(OTHER);
  const set = (characters: string, kind: number): void => {
    for (const character of characters) kinds[character.charCodeAt(0)] = kind;
  };
  set('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', LETTER);
  set('0123456789', DIGIT);
  set('-', DASH);
  set(' \t\r\n', SPACE);
  set(':=', SEPARATOR);
  set('@', AT);
  set('<', TAG);
  set('"\'`', QUOTE);
  set('(', OPENING);
  return kinds;
}

/** Full-width `:` and `=`, digits of other scripts, and no-break spaces count as what they look like. */
function kindBeyondAscii(code: number): number {
  if (code === 0xff1a || code === 0xff1d) return SEPARATOR;
  if (code === 0xa0 || code === 0x3000) return SPACE;
  return digitValue(code) < 0 ? OTHER : DIGIT;
}
