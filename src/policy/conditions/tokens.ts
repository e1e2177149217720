import { ConditionSyntaxError } from './errors.ts';
import { exactInteger } from './numbers.ts';
import { readString } from './string-literal.ts';

/** One word of a condition. `text` is what was written; literals also carry their value. */
export type Token = { readonly start: number; readonly end: number; readonly text: string } & (
  | { readonly type: 'name' | 'operator' | 'end' }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number | bigint }
);

/** Two characters first, so that `==` is not read as two `=`. */
const OPERATORS = Object.freeze([
  '==',
  '!=',
  '<=',
  '>=',
  '<',
  '>',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '.',
  '-',
]);
/** Text that is no operator here, and what to write. Longest first. */
const FOREIGN = Object.freeze([
  ['===', 'Write `==`.'],
  ['!==', 'Write `!=`.'],
  ['<>', 'Write `!=`.'],
  [':=', 'Assignment is not possible in a condition.'],
  ['&&', 'Write `and`.'],
  ['||', 'Write `or`.'],
  ['??', 'Write `x if x else y`.'],
  ['->', ''],
  ['**', 'Arithmetic is not part of conditions; compare with the computed number.'],
  ['//', 'Arithmetic is not part of conditions; a comment starts with #.'],
  ['=', 'Write `==` to compare; arguments have no names.'],
  ['!', 'Write `not`.'],
  ['?', 'Write `x if condition else y`.'],
  ['&', 'Write `and`.'],
  ['|', 'Write `or`.'],
  ['+', 'Arithmetic is not part of conditions; compare with the computed value.'],
  ['*', 'Arithmetic is not part of conditions; compare with the computed number.'],
  ['/', 'Arithmetic is not part of conditions; compare with the computed number.'],
  ['%', 'Arithmetic is not part of conditions; compare with the computed number.'],
  ['^', ''],
  ['~', 'To match a pattern write matches(value, r"pattern").'],
  ['@', ''],
  [';', 'A condition is one expression.'],
  ['$', 'Variables have no sign: write `parameters.name`.'],
  ['`', 'Text stands in \'…\' or "…".'],
  ['\u2018', "Text stands in straight quotes: '…'."],
  ['\u2019', "Text stands in straight quotes: '…'."],
  ['\u201c', 'Text stands in straight quotes: "…".'],
  ['\u201d', 'Text stands in straight quotes: "…".'],
] as const);

const SPACE = /[ \t\r\n\f]/;
const NAME = /[A-Za-z0-9_]/;
const NUMBER =
  /^(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*(?:[eE][+-]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*\.?(?:[eE][+-]?[0-9](?:_?[0-9])*)?)/;

/** Splits a condition into words. Line breaks are white space, `#` starts a comment. Throws {@link ConditionSyntaxError}. */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(source, 0);
  while (at < source.length) {
    const token = readToken(source, at);
    tokens.push(token);
    at = skipSpace(source, token.end);
  }
  tokens.push({ type: 'end', start: source.length, end: source.length, text: '' });
  return tokens;
}

function skipSpace(source: string, from: number): number {
  let at = from;
  for (;;) {
    const char = source.charAt(at);
    if (char !== '' && SPACE.test(char)) at++;
    else if (char === '#') {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
    } else if (char === '\\' && /^\r?\n/.test(source.slice(at + 1, at + 3))) at += 2;
    else return at;
  }
}

function readToken(source: string, at: number): Token {
  const char = source.charAt(at);
  if (char === "'" || char === '"') return stringToken(source, at, at, false);
  if (/[0-9]/.test(char) || (char === '.' && /[0-9]/.test(source.charAt(at + 1))))
    return numberToken(source, at);
  if (NAME.test(char)) return wordToken(source, at);
  return operatorToken(source, at);
}

function stringToken(source: string, start: number, quoteAt: number, raw: boolean): Token {
  const { value, end } = readString(source, start, quoteAt, raw);
  return { type: 'string', start, end, text: source.slice(start, end), value };
}

function wordToken(source: string, start: number): Token {
  let end = start;
  while (end < source.length && NAME.test(source.charAt(end))) end++;
  const text = source.slice(start, end);
  const next = source.charAt(end);
  if (next === "'" || next === '"') {
    const prefix = text.toLowerCase();
    if (prefix === 'r' || prefix === 'u') return stringToken(source, start, end, prefix === 'r');
    const what = prefix.includes('f') ? 'f-strings are' : 'this kind of text is';
    throw new ConditionSyntaxError(`${what} not supported`, start, text.length, `Write '…' or r'…'.`);
  }
  return { type: 'name', start, end, text };
}

function numberToken(source: string, start: number): Token {
  const text = NUMBER.exec(source.slice(start, start + 5000))?.[0] ?? '';
  const end = start + text.length;
  if (text === '' || NAME.test(source.charAt(end)) || (source.charAt(end) === '.' && text.includes('.'))) {
    throw new ConditionSyntaxError(
      'this is not a number',
      start,
      Math.max(1, end + 1 - start),
      "Put text in quotes: '…'.",
    );
  }
  if (/^0[0-9_]*[1-9]/.test(text) && !/[.eE]/.test(text)) {
    throw new ConditionSyntaxError(
      'a number cannot start with 0',
      start,
      text.length,
      'Write 0o… for octal, or no zero.',
    );
  }
  const plain = text.replaceAll('_', '');
  const value = /^0[xob]/i.test(plain) ? exactInteger(String(BigInt(plain.toLowerCase()))) : decimal(plain);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ConditionSyntaxError('this number is too large', start, text.length, 'A limit must be finite.');
  }
  return { type: 'number', start, end, text, value };
}

function decimal(text: string): number | bigint {
  return /^[0-9]+$/.test(text) ? exactInteger(text) : Number(text);
}

function operatorToken(source: string, start: number): Token {
  const foreign = FOREIGN.find(([text]) => source.startsWith(text, start));
  const operator = OPERATORS.find((text) => source.startsWith(text, start));
  if (operator !== undefined && (foreign === undefined || foreign[0].length <= operator.length)) {
    return { type: 'operator', start, end: start + operator.length, text: operator };
  }
  const text = foreign?.[0] ?? String.fromCodePoint(source.codePointAt(start) ?? 0);
  const hint =
    foreign !== undefined
      ? foreign[1]
      : /\p{L}/u.test(text)
        ? "Names are ASCII here; other keys are read as parameters['…']."
        : '';
  throw new ConditionSyntaxError(
    `\`${text}\` is not part of the condition language`,
    start,
    text.length,
    hint,
  );
}
