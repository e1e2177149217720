import { ANY, type CharSet, complement, sameSet } from './char-set.ts';
import { NOT_NEWLINE } from './code-points.ts';

const MAX_LISTED = 60;

/** One code point as RE2 writes it, inside a class and outside. */
export function codePointSource(codePoint: number): string {
  const char = String.fromCodePoint(codePoint);
  if (/^[0-9A-Za-z_ /:;,'"<>=!@#%&~`]$/.test(char)) return char;
  if (codePoint > 0x20 && codePoint < 0x7f) return `\\${char}`;
  return `\\x{${codePoint.toString(16)}}`;
}

/**
 * The RE2 class for `set`. `symbolic` is a shorter way to write it, if one is known; it is used where the
 * ranges would be many.
 */
export function classSource(set: CharSet, symbolic: string | null): string {
  if (set.length === 0) return '[^\\x00-\\x{10FFFF}]';
  if (sameSet(set, ANY)) return '(?s:.)';
  if (sameSet(set, NOT_NEWLINE)) return '[^\\n]';
  if (set.length <= MAX_LISTED) return `[${rangesSource(set)}]`;
  if (symbolic !== null) return symbolic;
  const rest = complement(set);
  return rest.length < set.length ? `[^${rangesSource(rest)}]` : `[${rangesSource(set)}]`;
}

/** The ranges of `set` as the inside of an RE2 class. */
export function rangesSource(set: CharSet): string {
  let out = '';
  for (let i = 0; i + 1 < set.length; i += 2) {
    const lo = set[i] ?? 0;
    const hi = set[i + 1] ?? 0;
    out += codePointSource(lo);
    if (hi > lo) out += hi > lo + 1 ? `-${codePointSource(hi)}` : codePointSource(hi);
  }
  return out;
}
