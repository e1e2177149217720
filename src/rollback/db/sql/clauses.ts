import type { Target } from './change.ts';
import type { Cursor } from './cursor.ts';
import { Unreadable } from './unreadable.ts';

/** What an expression of UPDATE, DELETE or an upsert can be followed by. */
const ENDS: ReadonlySet<string> = new Set(['FROM', 'WHERE', 'RETURNING', 'ORDER', 'LIMIT', 'ON']);
/** Signs that an expression may begin with. */
const BEGINS: ReadonlySet<string> = new Set(['(', '*', '-', '+', '~']);

/** Whether a clause begins here. `IS DISTINCT FROM` is an operator. */
export function isClause(cursor: Cursor): boolean {
  const { word } = cursor;
  if (!ENDS.has(word)) return false;
  if (word === 'FROM') return cursor.ahead(-1) !== 'DISTINCT';
  if (word === 'RETURNING') refuseColumn(cursor);
  return true;
}

/** SQLite lets a column be named `returning` without quotes. */
function refuseColumn(cursor: Cursor): void {
  const before = cursor.source.tokens[cursor.at - 1];
  const after = cursor.source.tokens[cursor.at + 1];
  const follows = before?.kind === 'sign' && before.text !== ')' && before.text !== ']';
  const leads = after === undefined || (after.kind === 'sign' && !BEGINS.has(after.text));
  const word = before?.upper ?? '';
  if (
    follows ||
    leads ||
    ['AND', 'OR', 'NOT', 'SET', 'WHERE', 'IN', 'IS', 'LIKE', 'BETWEEN'].includes(word)
  ) {
    throw new Unreadable('RETURNING stands where a column does: write its name in quotes');
  }
}

/** The table of UPDATE and DELETE with the name that the statement gives it. */
export function readTarget(cursor: Cursor, next: readonly string[]): Target {
  const isPostgres = cursor.source.database === 'postgres';
  if (isPostgres) cursor.skip('ONLY');
  const name = cursor.path();
  if (isPostgres) cursor.skip('*');
  let alias: string | null = null;
  if (cursor.skip('AS')) alias = cursor.name();
  else if (isPostgres && !cursor.isAtEnd && cursor.token?.kind !== 'sign' && !next.includes(cursor.word)) {
    alias = cursor.name();
  }
  if (!isPostgres && cursor.skip('INDEXED', 'BY')) cursor.name();
  else if (!isPostgres) cursor.skip('NOT', 'INDEXED');
  return { name, alias };
}

/** The columns that `SET a = 1, (b, c) = (2, 3)` sets; ends before the next clause. */
export function readSets(cursor: Cursor): string[] {
  cursor.expect('SET');
  const columns: string[] = [];
  do {
    if (cursor.word === '(') columns.push(...cursor.names());
    else columns.push(cursor.name());
    // `a[1] = …` and `a.b = …` set a part of the column.
    cursor.to(({ word }) => word === '=' || word === ',');
    cursor.expect('=');
    const from = cursor.at;
    cursor.to((at) => at.word === ',' || isClause(at));
    cursor.fragment(from);
  } while (cursor.skip(','));
  return columns;
}

/** Columns by their own names behind RETURNING; `null` without it, or where it returns more than columns. */
export function readReturning(cursor: Cursor): readonly string[] | null {
  if (cursor.isAtEnd) return null;
  if (!cursor.skip('RETURNING'))
    throw new Unreadable(`${cursor.here()} stands where the statement should end`);
  const columns: string[] = [];
  do {
    const name = readColumn(cursor);
    if (name === null || !(cursor.isAtEnd || cursor.word === ',')) {
      readRest(cursor);
      return null;
    }
    columns.push(name);
  } while (cursor.skip(','));
  return columns;
}

/** The last name of `a`, `t.a`, `*` and `t.*`; `null` for anything else. */
function readColumn(cursor: Cursor): string | null {
  for (;;) {
    if (cursor.skip('*')) return '*';
    const kind = cursor.token?.kind;
    if (kind !== 'word' && kind !== 'name') return null;
    const name = cursor.name();
    if (!cursor.skip('.')) return name;
  }
}

function readRest(cursor: Cursor): void {
  cursor.to((at) => at.word !== 'FROM' && isClause(at));
  if (!cursor.isAtEnd) throw new Unreadable(`${cursor.here()} stands behind RETURNING`);
}
