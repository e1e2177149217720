import type { Token } from './tokens.ts';

/** SQL that a statement runs from a string. */
export interface DynamicSql {
  /** The literals that are run, without quotes. */
  readonly texts: readonly string[];
  /** Why it cannot be told what is run, or `null`. */
  readonly unreadable: string | null;
}

const NONE: DynamicSql = Object.freeze({ texts: Object.freeze([]), unreadable: null });
const UNKNOWN: DynamicSql = Object.freeze({
  texts: Object.freeze([]),
  unreadable: 'it runs SQL that is put together while it runs',
});

/** SQL Server's procedures that run the text of their first argument. */
const RUNS_TEXT: ReadonlySet<string> = new Set(
  'SP_EXECUTESQL SP_PREPARE SP_PREPEXEC SP_MSFOREACHTABLE SP_MSFOREACHDB SP_SQLEXEC'.split(' '),
);
/** Functions that put a text together, which no prepared statement is named after. */
const TEXT_FUNCTIONS: ReadonlySet<string> = new Set('FORMAT CONCAT CONCAT_WS REPLACE'.split(' '));

/** The SQL in the strings of EXEC, EXECUTE IMMEDIATE, `EXECUTE '…'`, PREPARE … FROM and of COPY … PROGRAM. */
export function dynamicSql(tokens: readonly Token[], inBody: boolean): DynamicSql {
  switch (tokens[0]?.upper) {
    case 'EXEC':
    case 'EXECUTE':
      return executed(tokens, inBody);
    case 'PREPARE': {
      const from = tokens.findIndex(({ upper }) => upper === 'FROM');
      return from === 2 ? literalAt(tokens, 3) : NONE;
    }
    case 'COPY':
      return tokens.some(({ upper }) => upper === 'PROGRAM')
        ? { texts: [], unreadable: 'COPY runs a program' }
        : NONE;
    default:
      return NONE;
  }
}

function executed(tokens: readonly Token[], inBody: boolean): DynamicSql {
  // EXEC @result = procedure …
  const first = tokens[1]?.kind === 'parameter' && tokens[2]?.upper === '=' ? 3 : 1;
  const token = tokens[first];
  if (token === undefined) return NONE;
  if (token.upper === 'IMMEDIATE' || token.upper === '(') return literalAt(tokens, first + 1);
  if (token.kind !== 'word' && token.kind !== 'name') return literalAt(tokens, first);
  let last = first;
  while (tokens[last + 1]?.upper === '.') last += tokens[last + 2]?.upper === '.' ? 1 : 2;
  const procedure = (tokens[last]?.text ?? '').replace(/^[["`]|[\]"`]$/g, '').toUpperCase();
  if (RUNS_TEXT.has(procedure))
    return literalAt(
      tokens,
      procedure === 'SP_PREPARE' || procedure === 'SP_PREPEXEC'
        ? Number.MAX_VALUE
        : namedArgument(tokens, last + 1),
    );
  const next = tokens[last + 1]?.upper;
  return inBody || TEXT_FUNCTIONS.has(procedure) || next === '||' || next === '+' ? UNKNOWN : NONE;
}

/** `@stmt = N'…'` */
function namedArgument(tokens: readonly Token[], at: number): number {
  return tokens[at]?.kind === 'parameter' && tokens[at + 1]?.upper === '=' ? at + 2 : at;
}

/** The one literal at a place: nothing may be added to it. */
function literalAt(tokens: readonly Token[], at: number): DynamicSql {
  const token = tokens[at];
  const text = token === undefined ? null : literalText(token);
  const next = tokens[at + 1]?.upper ?? '';
  return text === null || next === '||' || next === '+' || tokens[at + 1]?.kind === 'string'
    ? UNKNOWN
    : { texts: [text], unreadable: null };
}

/** What a string says, or `null` for one with escapes and for every other token. */
export function literalText(token: Token): string | null {
  if (token.kind === 'dollar') return dollarBody(token);
  if (token.kind !== 'string' && !token.text.startsWith('"')) return null;
  const quote = token.text.search(/['"]/);
  const inner = token.text.slice(quote + 1, -1);
  const mark = token.text.charAt(quote);
  return inner.includes('\\') ? null : inner.replaceAll(mark + mark, mark);
}

/** What stands between `$tag$` and `$tag$`. */
export function dollarBody(token: Token): string {
  const tag = token.text.slice(0, token.text.indexOf('$', 1) + 1);
  return token.text.slice(tag.length, -tag.length);
}
