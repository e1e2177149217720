/** Where the word that starts at `from` ends: letters, digits, `_`, `$`, and everything beyond ASCII. */
export function endOfWord(text: string, from: number, unicodeSpaces: boolean): number {
  let at = from;
  while (at < text.length && isWordCode(text.charCodeAt(at), unicodeSpaces)) at++;
  return at;
}

function isWordCode(code: number, unicodeSpaces: boolean): boolean {
  if (code > 0x7f) return !(unicodeSpaces && isUnicodeSpace(code));
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || isDigit(code) || code === 95 || code === 36
  );
}

/** Where a number ends, with its letters (`0x1f`, `1e6`) and the sign of its exponent. */
export function endOfNumber(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 46 || (isWordCode(code, true) && code !== 36)) continue;
    const exponent =
      (code === 43 || code === 45) && /^[\d.]+e$/i.test(text.slice(Math.max(from, at - 64), at));
    if (!exponent || !isDigit(text.charCodeAt(at + 1))) break;
  }
  return at;
}

/** Below and at the blank: SQL Server takes every control character for white space. */
export function isSpace(code: number): boolean {
  return code <= 32;
}

/** Spaces that are white space in one dialect and letters in another. */
export function isUnicodeSpace(code: number): boolean {
  if (code < 0xa0) return code === 0x85;
  return code === 0xa0 || code === 0x1680 || (code >= 0x2000 && code <= 0x200a) || isRareSpace(code);
}

function isRareSpace(code: number): boolean {
  return [0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff].includes(code);
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The place after the quote that ends what starts at `from`, where a doubled quote is one; -1 without end. */
export function endOfQuoted(text: string, from: number, quote: string, backslashes: boolean): number {
  for (let at = from; ; ) {
    const end = text.indexOf(quote, at);
    if (end < 0) return -1;
    if (backslashes && isEscaped(text, at, end)) at = end + 1;
    else if (text.charAt(end + 1) === quote) at = end + 2;
    else return end + 1;
  }
}

/** Whether an odd number of backslashes stands before `end`, none of them before `from`. */
function isEscaped(text: string, from: number, end: number): boolean {
  let start = end;
  while (start > from && text.charCodeAt(start - 1) === 92) start--;
  return (end - start) % 2 === 1;
}

/** Where the line ends: before a line feed, or before any carriage return. */
export function endOfLine(text: string, from: number, atReturn: boolean): number {
  if (!atReturn) {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end;
  }
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13) at++;
  return at;
}

/** The place after the comment whose `/*` is at `from`; -1 without end. */
export function endOfBlockComment(text: string, from: number, nested: boolean): number {
  if (!nested) {
    const end = text.indexOf('*/', from + 2);
    return end < 0 ? -1 : end + 2;
  }
  for (let at = from + 2, depth = 1; at < text.length - 1; at++) {
    const code = text.charCodeAt(at);
    if (code === 42 && text.charCodeAt(at + 1) === 47) {
      at++;
      if (--depth === 0) return at + 1;
    } else if (code === 47 && text.charCodeAt(at + 1) === 42) {
      at++;
      depth++;
    }
  }
  return -1;
}
