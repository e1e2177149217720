import { type CharSet, complement } from './char-set.ts';
import {
  ASCII_DIGIT,
  ASCII_SPACE,
  ASCII_WORD,
  digitSet,
  isAsciiLetter,
  SPACE,
  wordSet,
} from './code-points.ts';
import type { PatternReader } from './pattern-reader.ts';
import type { AssertionKind } from './syntax-tree.ts';

/** A category escape such as `\w`. `symbol` is its letter; `ascii` whether the ASCII flag was in force. */
export interface Category {
  readonly type: 'category';
  readonly symbol: string;
  readonly ascii: boolean;
  readonly set: CharSet;
}

/** What a backslash sequence means. */
export type Escape =
  | { readonly type: 'char'; readonly codePoint: number }
  | { readonly type: 'assertion'; readonly kind: AssertionKind }
  | Category;

const CONTROL: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Reads the escape at the cursor (on its backslash), by the rules inside or outside a character class. */
export function readEscape(reader: PatternReader, inClass: boolean): Escape {
  const offset = reader.at;
  reader.at++;
  const codePoint = reader.next();
  if (codePoint < 0)
    throw reader.error('the pattern ends with a lone backslash', offset, 'write `\\\\` for a backslash');
  const symbol = String.fromCodePoint(codePoint);
  const control = inClass && symbol === 'b' ? 8 : CONTROL.get(symbol);
  if (control !== undefined) return { type: 'char', codePoint: control };
  const digits = HEX_DIGITS.get(symbol);
  if (digits !== undefined) return { type: 'char', codePoint: readHex(reader, offset, digits) };
  if (/^[0-9]$/.test(symbol)) return { type: 'char', codePoint: readDigits(reader, offset, symbol, inClass) };
  if ('dDsSwW'.includes(symbol)) return category(symbol, reader.flags.ascii);
  const assertion = inClass ? undefined : assertionOf(symbol, reader.flags.ascii);
  if (assertion !== undefined) return { type: 'assertion', kind: assertion };
  if (symbol === 'N') throw namedCharacter(reader, offset);
  if (isAsciiLetter(codePoint)) {
    const hint =
      symbol === 'z' ? 'write `\\Z` for the end of the text' : `write \`${symbol}\` for the letter itself`;
    throw reader.error(`unknown escape \`\\${symbol}\``, offset, hint);
  }
  return { type: 'char', codePoint };
}

function category(symbol: string, ascii: boolean): Category {
  const lower = symbol.toLowerCase();
  const word = ascii ? ASCII_WORD : wordSet();
  const digit = ascii ? ASCII_DIGIT : digitSet();
  const space = ascii ? ASCII_SPACE : SPACE;
  const set = lower === 'w' ? word : lower === 'd' ? digit : space;
  return { type: 'category', symbol, ascii, set: symbol === lower ? set : complement(set) };
}

function assertionOf(symbol: string, ascii: boolean): AssertionKind | undefined {
  if (symbol === 'A') return 'start';
  if (symbol === 'Z') return 'end';
  if (symbol === 'b') return ascii ? 'ascii-word-boundary' : 'word-boundary';
  if (symbol === 'B') return ascii ? 'ascii-not-word-boundary' : 'not-word-boundary';
  return undefined;
}

function readHex(reader: PatternReader, offset: number, digits: number): number {
  const text = reader.take(/^[0-9A-Fa-f]$/, digits);
  if (text.length < digits)
    throw reader.error(`incomplete escape, ${digits} hexadecimal digits are needed`, offset);
  const codePoint = Number.parseInt(text, 16);
  if (codePoint > 0x10ffff) throw reader.error('there is no such code point', offset);
  return codePoint;
}

/** Octal escapes; what Python reads as a back-reference is refused. */
function readDigits(reader: PatternReader, offset: number, first: string, inClass: boolean): number {
  const start = reader.at;
  const text = first + (/^[0-7]$/.test(first) ? reader.take(/^[0-7]$/, 2) : '');
  const isOctal = first === '0' || text.length === 3 || (inClass && /^[0-7]/.test(text));
  if (isOctal) {
    const codePoint = Number.parseInt(text, 8);
    if (codePoint > 0o377) throw reader.error('octal escape above `\\377`', offset);
    return codePoint;
  }
  if (inClass) throw reader.error(`unknown escape \`\\${first}\` in a character class`, offset);
  reader.at = start;
  throw reader.error(
    `back-reference \`\\${first}\` is not supported`,
    offset,
    'patterns match in linear time; spell out the repeated text, or compare the values in a policy condition',
  );
}

function namedCharacter(reader: PatternReader, offset: number): Error {
  return reader.error(
    '`\\N{…}` is not supported',
    offset,
    'write the character itself or its `\\uXXXX` escape',
  );
}
