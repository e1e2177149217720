import type { Token } from './tokens.ts';
import { AFTER_WHERE } from './words.ts';

/** Words of conditions that name no column. */
const CONSTANT_WORDS: ReadonlySet<string> = new Set(
  'TRUE FALSE NOT AND OR XOR NULL IS IN BETWEEN LIKE ILIKE UNKNOWN DIV MOD'.split(' '),
);
/** Deeper ones are no way in which a condition is written. */
const MAX_PARENTHESES = 8;

/**
 * Whether the statement whose verb stands at `from` has a WHERE of its own that says something: `WHERE 1=1`, `WHERE
 * true`, `WHERE id = id` and `WHERE id = 5 OR 1=1` hold for every row.
 */
export function hasOwnWhere(tokens: readonly Token[], from: number): boolean {
  let depth = 0;
  for (let at = from + 1; at < tokens.length; at++) {
    const upper = tokens[at]?.upper;
    if (upper === '(') depth++;
    else if (upper === ')' && --depth < 0) return false;
    else if (depth === 0 && upper === 'WHERE') return !holdsAlways(conditionAt(tokens, at + 1));
  }
  return false;
}

function conditionAt(tokens: readonly Token[], from: number): readonly Token[] {
  let depth = 0;
  let at = from;
  for (; at < tokens.length; at++) {
    const upper = tokens[at]?.upper ?? '';
    if (upper === '(') depth++;
    else if (upper === ')' && --depth < 0) break;
    else if (depth === 0 && AFTER_WHERE.has(upper)) break;
  }
  return tokens.slice(from, at);
}

/** One of the alternatives names no column, or compares something with itself. */
function holdsAlways(condition: readonly Token[]): boolean {
  return alternatives(unwrapped(condition)).some((tokens) => {
    const bare = unwrapped(tokens);
    if (bare.every(isConstant)) return true;
    const [left, sign, right] = bare;
    return (
      bare.length === 3 &&
      left?.text === right?.text &&
      ['=', '<=', '>=', '<=>', 'LIKE'].includes(sign?.upper ?? '')
    );
  });
}

function isConstant(token: Token): boolean {
  if (token.kind === 'word') return CONSTANT_WORDS.has(token.upper);
  return token.kind === 'number' || token.kind === 'string' || token.kind === 'sign';
}

/** What stands between the ORs outside of parentheses. */
function alternatives(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.upper === '(') depth++;
    else if (token.upper === ')') depth--;
    if (depth === 0 && (token.upper === 'OR' || token.upper === '||')) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** Without the parentheses around the whole. */
function unwrapped(tokens: readonly Token[]): readonly Token[] {
  let from = 0;
  while (from < MAX_PARENTHESES && tokens[from]?.upper === '(' && closesLast(tokens, from)) from++;
  return tokens.slice(from, tokens.length - from);
}

/** Whether the parenthesis at `from` is closed by its mirror image at the end. */
function closesLast(tokens: readonly Token[], from: number): boolean {
  let depth = 0;
  for (let at = from; at < tokens.length - from; at++) {
    if (tokens[at]?.upper === '(') depth++;
    else if (tokens[at]?.upper === ')' && --depth === 0) return at === tokens.length - from - 1;
  }
  return false;
}
