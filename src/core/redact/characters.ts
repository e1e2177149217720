/** A letter, a digit or `_` of ASCII. */
export function isWordUnit(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f
  );
}

/** A unit that base64url and most tokens are made of: the same, and `-`. */
export function isTokenUnit(code: number): boolean {
  return isWordUnit(code) || code === 0x2d;
}

/** A letter or a digit of ASCII. */
export function isAlphanumeric(code: number): boolean {
  return code !== 0x5f && isWordUnit(code);
}

/** White space, also that of other scripts, and the ends of lines. */
export function isSpace(code: number): boolean {
  return (
    code === 0x20 ||
    (code >= 0x09 && code <= 0x0d) ||
    code === 0xa0 ||
    code === 0x3000 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f
  );
}

/** A character that shows nothing: those of no width, marks of direction, the soft hyphen. */
export function isInvisible(code: number): boolean {
  return (
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x2064) ||
    code === 0xfeff ||
    code === 0xad
  );
}

/** `"`, `'` or `` ` ``. */
export function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x60;
}

/** The value of a digit: of ASCII, full-width, Arabic or Persian; -1 for any other character. */
export function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code < 0x660) return -1;
  if (code <= 0x669) return code - 0x660;
  if (code >= 0x6f0 && code <= 0x6f9) return code - 0x6f0;
  return code >= 0xff10 && code <= 0xff19 ? code - 0xff10 : -1;
}

/** Punctuation beyond ASCII: of Latin scripts, general, CJK, and full-width signs. Letters of any script are none. */
export function isPunctuation(code: number): boolean {
  return (
    (code >= 0x80 && code <= 0xbf) ||
    (code >= 0x2000 && code <= 0x206f) ||
    (code >= 0x3000 && code <= 0x303f) ||
    (code >= 0xff01 && code <= 0xff0f) ||
    (code >= 0xff1a && code <= 0xff20)
  );
}
