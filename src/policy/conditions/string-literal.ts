import { ConditionSyntaxError } from './errors.ts';

/** A string literal as read: its value, and where it ends. */
export interface StringLiteral {
  readonly value: string;
  readonly end: number;
}

const SIMPLE: Readonly<Record<string, string>> = Object.freeze({
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
});
const HEX_DIGITS: Readonly<Record<string, number>> = Object.freeze({ x: 2, u: 4, U: 8 });

/**
 * Reads the literal whose quote stands at `quoteAt` and whose prefix starts at `start`. Escapes are Python's: an
 * unknown one keeps its backslash.
 */
export function readString(source: string, start: number, quoteAt: number, raw: boolean): StringLiteral {
  const quote = source.charAt(quoteAt);
  if (source.startsWith(quote.repeat(3), quoteAt)) {
    throw new ConditionSyntaxError('triple-quoted text is not supported', start, 3, 'Use single quotes.');
  }
  let value = '';
  let at = quoteAt + 1;
  while (at < source.length) {
    const char = source.charAt(at);
    if (char === quote) return { value, end: at + 1 };
    if (char === '\n' || char === '\r') break;
    if (char !== '\\') {
      value += char;
      at++;
    } else if (raw) {
      value += source.slice(at, at + 2);
      at += 2;
    } else {
      const escaped = readEscape(source, at);
      value += escaped.value;
      at = escaped.end;
    }
  }
  throw new ConditionSyntaxError(
    'the text is not closed',
    start,
    Math.max(1, at - start),
    `Add the closing ${quote}.`,
  );
}

function readEscape(source: string, at: number): StringLiteral {
  const char = source.charAt(at + 1);
  const simple = Object.hasOwn(SIMPLE, char) ? SIMPLE[char] : undefined;
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const width = Object.hasOwn(HEX_DIGITS, char) ? HEX_DIGITS[char] : undefined;
  if (width !== undefined) return readHex(source, at, width);
  if (char === 'N') {
    throw new ConditionSyntaxError(
      '\\N{…} is not supported',
      at,
      2,
      'Write the character itself, or \\uXXXX.',
    );
  }
  const octal = /^[0-7]{1,3}/.exec(source.slice(at + 1, at + 4));
  if (octal !== null) {
    return { value: String.fromCharCode(Number.parseInt(octal[0], 8)), end: at + 1 + octal[0].length };
  }
  return { value: `\\${char}`, end: at + 2 };
}

function readHex(source: string, at: number, width: number): StringLiteral {
  const digits = source.slice(at + 2, at + 2 + width);
  const code = /^[0-9a-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  if (digits.length < width || Number.isNaN(code) || code > 0x10ffff) {
    const wanted = `Write ${width} hexadecimal digits${width === 8 ? ', at most 0010ffff' : ''}.`;
    throw new ConditionSyntaxError(`\\${source.charAt(at + 1)} is not a character`, at, 2, wanted);
  }
  return { value: String.fromCodePoint(code), end: at + 2 + width };
}
