/** What a token of SQL is: a word, one other character, or a text or name in quotes. */
const TOKEN = /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`[^`]*`?|\w+|[^\s\w]/g;

/** An executable comment of MySQL, whose text is code; any other comment. */
const EXECUTABLE = /\/\*!\d*([^*]*)\*\//g;
const COMMENT = /\/\*[\s\S]*?(?:\*\/|$)|--[^\n]*|#[^\n]*/g;

/** What a statement may follow in another: a common table expression, EXPLAIN, or the branches of T-SQL. */
const BEFORE_STATEMENT: ReadonlySet<string> = new Set(['(', ')', 'EXPLAIN', 'ANALYZE', 'ELSE', 'BEGIN']);

/**
 * Whether a fragment drops a table, schema or database, empties a table, or deletes or updates without a condition,
 * when a database is given it by itself, behind a query, or behind a text or number that it closes. Encoded as a form
 * sends it or not.
 */
export function harmfulStatement(fragment: string): boolean {
  return [fragment, formDecoded(fragment)].some((text) =>
    [text, `SELECT * FROM t WHERE id=1 ${text}`, `SELECT * FROM t WHERE id='1${text}`].some((sql) =>
      statementsOf(sql).some(isHarmful),
    ),
  );
}

function isHarmful(words: readonly string[]): boolean {
  return words.some((word, at) => {
    if (at > 0 && !BEFORE_STATEMENT.has(words[at - 1] ?? '')) return false;
    const next = words[at + 1];
    if (word === 'DROP') return next === 'TABLE' || next === 'SCHEMA' || next === 'DATABASE';
    if (word === 'TRUNCATE') return next !== '(';
    if (word === 'DELETE') return next === 'FROM' && !words.includes('WHERE', at);
    return word === 'UPDATE' && words.includes('SET', at) && !words.includes('WHERE', at);
  });
}

/** The statements of a text as words in capitals, without comments; what is in quotes is one word with its quotes. */
function statementsOf(sql: string): readonly (readonly string[])[] {
  const statements: string[][] = [[]];
  const code = sql.replace(EXECUTABLE, ' $1 ').replace(COMMENT, ' ');
  for (const [token] of code.matchAll(TOKEN)) {
    if (token === ';') statements.push([]);
    else statements.at(-1)?.push(/^\w/.test(token) ? token.toUpperCase() : token);
  }
  return statements;
}

/** The text that a form with `+` for blanks and percent-encoding sends. */
function formDecoded(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
