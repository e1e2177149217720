import { isIndexed, type Token } from './tokens.ts';
import { KEYWORDS, NAMES_OBJECT, SOFT_KEYWORDS, TABLE_PLACES } from './words.ts';

const PLAIN_NAME = /^[a-z_][\w]*$/i;

/**
 * The text of a statement in one way of writing: one space between words and around signs, none around `.` and `::`,
 * before `,` and `)`, and before a `(` after a name that is no new table; keywords in upper case; plain names without
 * quotes (double quotes only where a table or a qualified name stands, as they are strings in MySQL); strings as given.
 */
export function canonicalText(tokens: readonly Token[]): string {
  let out = '';
  for (const [i, token] of tokens.entries()) {
    if (i > 0 && isSpaced(tokens, i)) out += ' ';
    out += written(tokens, i, token);
  }
  return out;
}

function written(tokens: readonly Token[], i: number, token: Token): string {
  if (token.kind === 'word') return isUpper(tokens, i, token.upper) ? token.upper : token.text;
  if (token.kind !== 'name') return token.text;
  const bare = token.text.slice(1, -1);
  if (!PLAIN_NAME.test(bare) || isReserved(bare.toUpperCase())) return token.text;
  if (tokens[i - 1]?.upper === '[') return token.text;
  if (!token.text.startsWith('"') || isQualified(tokens, i)) return bare;
  return TABLE_PLACES.has(tokens[i - 1]?.upper ?? '') || tokens[i - 1]?.upper === 'EXISTS'
    ? bare
    : token.text;
}

function isUpper(tokens: readonly Token[], i: number, upper: string): boolean {
  if (isQualified(tokens, i)) return false;
  if (KEYWORDS.has(upper)) return true;
  return SOFT_KEYWORDS.has(upper) && (i === 0 || NAMES_OBJECT.has(tokens[i - 1]?.upper ?? ''));
}

/** Whether a name would mean something else without its quotes. */
function isReserved(upper: string): boolean {
  return KEYWORDS.has(upper) || SOFT_KEYWORDS.has(upper);
}

/** Whether the token is a part of `a.b`. */
function isQualified(tokens: readonly Token[], i: number): boolean {
  return tokens[i - 1]?.upper === '.' || tokens[i + 1]?.upper === '.';
}

const TIGHT_BEFORE: ReadonlySet<string> = new Set([',', ')', ']', '.', '::', ';']);
const TIGHT_AFTER: ReadonlySet<string> = new Set(['(', '.', '::']);
const SIGNED: ReadonlySet<string> = new Set(['-', '+', '~']);

function isSpaced(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  const token = tokens[i];
  if (before === undefined || token === undefined) return false;
  if (before.upper === '[') return !isIndexed(tokens[i - 2]);
  if (TIGHT_AFTER.has(before.upper) || TIGHT_BEFORE.has(token.upper)) return isRisky(before, token);
  if (token.upper === '(') return !isCall(tokens, i);
  if (token.upper === '[') return !isIndexed(before);
  if (SIGNED.has(before.upper) && token.kind === 'number') return !isUnary(tokens, i - 1);
  return true;
}

/** `1` and `.5`, or `::` and `:name`, would be read as something else without a space between them. */
function isRisky(before: Token, token: Token): boolean {
  if (before.kind === 'number' || token.kind === 'number') return before.upper === '.' || token.upper === '.';
  return (
    (before.upper === '::' && token.kind === 'parameter') || (before.upper === ':' && token.upper === '::')
  );
}

/** `count(*)`, but `IN (1)` and `INSERT INTO t (a)`. */
function isCall(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  if (before === undefined || isKeyword(before) || (before.kind !== 'word' && before.kind !== 'name'))
    return false;
  let start = i - 1;
  while (tokens[start - 1]?.upper === '.') start -= 2;
  const place = tokens[start - 1]?.upper ?? '';
  return place !== 'INTO' && place !== 'TABLE' && place !== 'EXISTS' && place !== 'ON';
}

function isKeyword(token: Token): boolean {
  return token.kind === 'word' && KEYWORDS.has(token.upper);
}

function isUnary(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  if (before === undefined) return true;
  return before.kind === 'sign' ? before.upper !== ')' && before.upper !== ']' : isKeyword(before);
}
