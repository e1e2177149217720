import { isAlphanumeric, isTokenUnit } from './characters.ts';
import type { Tell } from './spans.ts';
import { VENDOR_TOKENS } from './vendor-tokens.ts';

const ANY_VENDOR = new RegExp(
  `(?<![A-Za-z0-9])(?:${VENDOR_TOKENS.map(([, expression]) => expression).join('|')})`,
  'g',
);

/** Finds tokens that their issuers made to be recognised. */
export function findVendorTokens(text: string, tell: Tell): void {
  for (const found of text.matchAll(ANY_VENDOR)) tell(found.index, found.index + found[0].length);
}

/** Longest header of a JSON web token, and the shortest one that is taken for one. */
const HEADER = Object.freeze({ min: 12, max: 2048 });
const PAYLOAD = 4;

/** Finds JSON web tokens, signed, encrypted or neither: `eyJ…`, and more parts behind dots. Each run is read once. */
export function findWebTokens(text: string, tell: Tell): void {
  for (let at = text.indexOf('eyJ'); at >= 0; ) {
    const end = endOfRun(text, at);
    let next = end;
    if (text.charCodeAt(end) === 0x2e && isHeader(text, at, end)) {
      let parts = end;
      while (text.charCodeAt(parts) === 0x2e) parts = endOfRun(text, parts + 1);
      if (parts - end > PAYLOAD) {
        tell(at, parts);
        next = parts;
      }
    }
    at = text.indexOf('eyJ', Math.max(next, at + 3));
  }
}

/** A header begins a word, unless what comes behind its dot is plainly the payload of one. */
function isHeader(text: string, at: number, end: number): boolean {
  const length = end - at;
  if (length < HEADER.min || length > HEADER.max) return false;
  return !isAlphanumeric(text.charCodeAt(at - 1)) || text.startsWith('eyJ', end + 1);
}

function endOfRun(text: string, from: number): number {
  let at = from;
  while (at < text.length && isTokenUnit(text.charCodeAt(at))) at++;
  return at;
}

const SCHEME =
  /(?<![A-Za-z0-9])(?:[Bb]earer|BEARER|[Bb]asic|BASIC)[ \t]{1,8}(?=[A-Za-z0-9._~+/-]{0,60}[0-9=_+~]|[a-z0-9._~+/-]{1,60}[A-Z]|[A-Za-z0-9._~+/-]{24})[A-Za-z0-9._~+/=-]{6,}/g;
const SCHEME_NAME = /^[a-z]{5,6}[ \t]{1,8}/i;

/**
 * Finds the credentials behind `Bearer` and `Basic`. A plain word there is prose ("basic authentication"): a credential
 * holds a digit or a sign, a capital inside, or is longer than words are.
 */
export function findSchemes(text: string, tell: Tell): void {
  for (const found of text.matchAll(SCHEME)) {
    const name = SCHEME_NAME.exec(found[0])?.[0].length ?? 0;
    tell(found.index + name, found.index + found[0].length);
  }
}
