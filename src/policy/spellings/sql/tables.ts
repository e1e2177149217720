import type { Token } from './tokens.ts';
import { DATA_VERBS, KEYWORDS, NEVER_TABLES, TABLE_MODIFIERS, TABLE_PLACES } from './words.ts';

/** Verbs that a table follows at the start of a statement. */
const LEADS: ReadonlySet<string> = new Set(
  'UPDATE DELETE TRUNCATE COPY MERGE REPLACE INSERT DESCRIBE DESC VACUUM ANALYZE REINDEX CLUSTER'.split(' '),
);
/** Words whose tables may be a list. */
const LISTS: ReadonlySet<string> = new Set('FROM JOIN TABLE TRUNCATE USING UPDATE VACUUM ON'.split(' '));
/** Statements in which a table stands behind ON. */
const ON_LEADS: ReadonlySet<string> = new Set('GRANT REVOKE DENY CREATE DROP ALTER COMMENT'.split(' '));
const MAX_MODIFIERS = 6;

/** Words after which a comma goes on with something else. */
const LIST_ENDS: ReadonlySet<string> = new Set(
  'WHERE SET GROUP ORDER LIMIT HAVING SELECT RETURNING VALUES FROM TO'.split(' '),
);

/** The tables that a statement names, as written without quotes, distinct, in order. Names of a WITH are none. */
export function tablesOf(tokens: readonly Token[]): readonly string[] {
  const found = new Set<string>();
  const withNames = namesOfWith(tokens);
  const queries: boolean[] = [];
  const lists: boolean[] = [false];
  let head = true;
  const add = (place: number): void => {
    const name = nameAt(tokens, place);
    if (name === null) return;
    const upper = tokens[place]?.upper;
    const reads =
      (upper === 'FROM' && tokens[place - 1]?.upper !== 'DELETE') || upper === 'JOIN' || upper === ',';
    if (!reads || (withNames.get(name.toLowerCase()) ?? place) >= place) found.add(name);
  };
  for (let i = 0; i < tokens.length; i++) {
    const upper = tokens[i]?.upper ?? '';
    if (upper === '(') {
      queries.push(opensQuery(tokens, i));
      lists.push(lists.at(-1) === true && isTablePlace(tokens, i - 1));
      if (lists.at(-1) === true) add(i);
    } else if (upper === ')') {
      queries.pop();
      lists.pop();
    } else if (upper === ',' && lists.at(-1) === true) add(i);
    else if (upper === 'SELECT') head = false;
    if (LIST_ENDS.has(upper)) lists[lists.length - 1] = false;
    if (leadsToTable(tokens, i, queries.at(-1) ?? true, head)) {
      lists[lists.length - 1] = LISTS.has(upper) && tokens[0]?.upper !== 'ALTER';
      add(i);
    }
  }
  return [...found];
}

/** A parenthesis after FROM, JOIN or a comma of their list may hold tables itself: `FROM (a JOIN b)`. */
function isTablePlace(tokens: readonly Token[], i: number): boolean {
  return ['FROM', 'JOIN', ','].includes(tokens[i]?.upper ?? '');
}

/** In `extract(year FROM x)` no table follows; in a subquery and in `FROM (a JOIN b)` one does. */
function opensQuery(tokens: readonly Token[], i: number): boolean {
  const next = tokens[i + 1]?.upper ?? '';
  const before = tokens[i - 1];
  return (
    next === '(' ||
    next === 'WITH' ||
    DATA_VERBS.has(next) ||
    before?.kind !== 'word' ||
    KEYWORDS.has(before.upper)
  );
}

/** Whether a table stands behind the word at `i`; `head` until the first SELECT. */
function leadsToTable(tokens: readonly Token[], i: number, inQuery: boolean, head: boolean): boolean {
  const upper = tokens[i]?.upper ?? '';
  const before = tokens[i - 1]?.upper ?? '';
  const lead = tokens[0]?.upper ?? '';
  if (!TABLE_PLACES.has(upper) || before === '.' || tokens[i + 1]?.upper === '.') return false;
  if (LEADS.has(upper)) return i === 0 || ['(', ')', 'EXPLAIN', 'ANALYZE', 'AS'].includes(before);
  switch (upper) {
    case 'FROM':
      return inQuery && before !== 'DISTINCT' && lead !== 'REVOKE' && lead !== 'DENY';
    case 'ON':
      return head && ON_LEADS.has(lead) && !DATA_VERBS.has(tokens[i + 1]?.upper ?? '');
    case 'TO':
      return before === 'RENAME' || (lead === 'RENAME' && i > 1);
    case 'USING':
      return lead === 'DELETE' || lead === 'MERGE';
    case 'LIKE':
      return head && lead === 'CREATE';
    default:
      return true;
  }
}

/** The name behind a word or sign that leads to one, or `null`; what is called there is a function. */
function nameAt(tokens: readonly Token[], place: number): string | null {
  let at = place + 1;
  while (at < place + MAX_MODIFIERS && TABLE_MODIFIERS.has(tokens[at]?.upper ?? '')) at++;
  const end = endOfName(tokens, at);
  const reads = isTablePlace(tokens, place) && tokens[0]?.upper !== 'TRUNCATE';
  if (end === at || (reads && tokens[end]?.upper === '(')) return null;
  return tokens.slice(at, end).map(bareText).join('');
}

/** The place after `a.b.c`, `a..c` and `#temporary`; the same place when no name stands there. */
function endOfName(tokens: readonly Token[], from: number): number {
  let at = from;
  for (; at < tokens.length; at++) {
    const token = tokens[at];
    const isDot = token?.upper === '.' && at > from;
    const isName =
      token?.kind === 'name' || (token?.kind === 'word' && (at > from || !NEVER_TABLES.has(token.upper)));
    if (isDot) continue;
    if (!isName || (at > from && tokens[at - 1]?.upper !== '.')) break;
  }
  return at;
}

function bareText(token: Token): string {
  if (token.kind !== 'name') return token.text;
  const quote = token.text.charAt(token.text.length - 1);
  return token.text.slice(1, -1).replaceAll(quote + quote, quote);
}

/** The names that a WITH at the start defines, with the place from which on they hold. */
function namesOfWith(tokens: readonly Token[]): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  if (tokens[0]?.upper !== 'WITH') return names;
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (token.upper === '(') depth++;
    else if (token.upper === ')') depth--;
    const before = tokens[i - 1]?.upper;
    const starts = before === 'WITH' || before === 'RECURSIVE' || before === ',';
    if (depth === 0 && starts && endOfName(tokens, i) > i && leadsToBody(tokens, i)) {
      names.set(bareText(token).toLowerCase(), i);
    }
  }
  return names;
}

/** `name AS (`, `name (columns) AS (`. */
function leadsToBody(tokens: readonly Token[], i: number): boolean {
  let at = i + 1;
  if (tokens[at]?.upper === '(') {
    while (at < tokens.length && tokens[at]?.upper !== ')') at++;
    at++;
  }
  return tokens[at]?.upper === 'AS';
}
