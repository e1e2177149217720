import type { LocatedScalar } from './located.ts';

/** Lengths of the escapes of double quotes that take digits, backslash included. */
const LONG_ESCAPES: Readonly<Record<string, number>> = Object.freeze({ x: 4, u: 6, U: 10 });

/**
 * Where the character `at` of a scalar's value is written, as an offset in the source text. Follows quotes, escapes,
 * folded lines and indentation. Where the two do not run in parallel (a part came from the environment) it is the
 * start of the scalar.
 */
export function placeInScalar(scalar: LocatedScalar, at: number): number {
  const { source, text, style, offset, substituted } = scalar;
  if (offset < 0 || substituted || style === 'code') return offset;
  let from = bodyStart(scalar);
  for (let i = 0; i <= at && i <= text.length; i++) {
    const char = text[i];
    if (char !== undefined && isSpace(char)) {
      if (i === at) return offset + Math.min(from, source.length);
      from = afterSpace(source, from, text[i + 1]);
      continue;
    }
    from = skipSpace(source, from);
    if (i >= at || char === undefined) break;
    const width = widthOf(scalar, from);
    if (width === 1 && source[from] !== char) return offset;
    from += width;
  }
  return offset + Math.min(from, Math.max(0, source.length));
}

/** Behind the opening quote, or behind the `|` and the rest of its line. */
function bodyStart({ source, style }: LocatedScalar): number {
  if (style === 'single' || style === 'double') return 1;
  return style === 'literal' || style === 'folded' ? source.indexOf('\n') + 1 : 0;
}

/** How many characters of the source make the next character of the value. */
function widthOf({ source, style }: LocatedScalar, from: number): number {
  if (style === 'single' && source.startsWith("''", from)) return 2;
  if (style !== 'double' || source[from] !== '\\') return 1;
  const kind = source[from + 1] ?? '';
  return Object.hasOwn(LONG_ESCAPES, kind) ? (LONG_ESCAPES[kind] ?? 2) : 2;
}

/** Behind one white space of the value: with the last of a run goes all indentation that folding took away. */
function afterSpace(source: string, from: number, next: string | undefined): number {
  if (source[from] === '\\') return from + 2;
  return next !== undefined && isSpace(next) ? from + 1 : skipSpace(source, from);
}

function skipSpace(source: string, from: number): number {
  let at = from;
  while (isSpace(source[at] ?? '')) at++;
  return at;
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r';
}
