const SURROGATE = /[\ud800-\udfff]/;

/** True when characters and UTF-16 units are not the same thing in `text`. */
export function hasSurrogates(text: string): boolean {
  return SURROGATE.test(text);
}

/** Python's length: code points, not UTF-16 units. */
export function textLength(text: string): number {
  if (!hasSurrogates(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** `text[start:end]` in code points; both already within 0…length. */
export function textSlice(text: string, start: number, end: number): string {
  if (!hasSurrogates(text)) return text.slice(start, Math.max(start, end));
  return [...text].slice(start, Math.max(start, end)).join('');
}

/** Negative, zero or positive: the order of code points, which differs from UTF-16 order above U+FFFF. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for characters above all others of one unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
