import type { InsertChange, InsertValue, OnConflict } from './change.ts';
import { isClause, readReturning, readSets } from './clauses.ts';
import type { Cursor } from './cursor.ts';
import { Unreadable } from './unreadable.ts';

const FAIL: OnConflict = Object.freeze({ kind: 'fail' });
const IGNORE: OnConflict = Object.freeze({ kind: 'ignore' });

/** `INSERT INTO t (…) VALUES (…)`, also from a query and as an upsert on named columns. */
export function readInsert(cursor: Cursor): InsertChange {
  cursor.expect('INSERT');
  let conflict = readOr(cursor);
  cursor.expect('INTO');
  const name = cursor.path();
  const alias = cursor.skip('AS') ? cursor.name() : null;
  const named = cursor.word === '(' && !['SELECT', 'VALUES', 'WITH', '('].includes(cursor.ahead(1));
  const columns = named ? cursor.names() : null;
  if (cursor.skip('OVERRIDING', 'USER', 'VALUE'))
    throw new Unreadable('OVERRIDING USER VALUE is not captured');
  cursor.skip('OVERRIDING', 'SYSTEM', 'VALUE');
  const change = { kind: 'insert', target: { name, alias } } as const;
  if (cursor.skip('DEFAULT', 'VALUES')) {
    conflict = readConflict(cursor, conflict);
    return { ...change, columns: [], rows: [[]], conflict, returning: readReturning(cursor) };
  }
  const rows = cursor.skip('VALUES') ? readRows(cursor) : readQuery(cursor);
  conflict = readConflict(cursor, conflict);
  if (rows === null && conflict.kind === 'update')
    throw new Unreadable('an upsert from a query is not captured');
  return { ...change, columns, rows, conflict, returning: readReturning(cursor) };
}

/** `INSERT OR IGNORE` of SQLite. */
function readOr(cursor: Cursor): OnConflict {
  if (cursor.source.database !== 'sqlite' || !cursor.skip('OR')) return FAIL;
  const { word } = cursor;
  cursor.at++;
  if (word === 'IGNORE') return IGNORE;
  if (word === 'ABORT' || word === 'FAIL') return FAIL;
  throw new Unreadable(`INSERT OR ${word} changes more than its own rows`);
}

function readRows(cursor: Cursor): InsertValue[][] {
  const rows: InsertValue[][] = [];
  do {
    cursor.expect('(');
    const row: InsertValue[] = [];
    do {
      const from = cursor.at;
      cursor.to(({ word }) => word === ',' || word === ')');
      row.push(insertValueOf(cursor, from));
    } while (cursor.skip(','));
    cursor.expect(')');
    rows.push(row);
  } while (cursor.skip(','));
  return rows;
}

/** A query may join ON something; its rows are counted, and need not be read. */
function readQuery(cursor: Cursor): null {
  const from = cursor.at;
  cursor.to(
    (at) => (at.word === 'ON' && at.ahead(1) === 'CONFLICT') || (at.word === 'RETURNING' && isClause(at)),
  );
  cursor.fragment(from);
  return null;
}

function insertValueOf(cursor: Cursor, from: number): InsertValue {
  const fragment = cursor.fragment(from);
  const { tokens, bindings } = cursor.source;
  let slice = tokens.slice(from, cursor.at);
  // A cast of PostgreSQL by name: `$1::uuid`.
  if (slice.at(-2)?.upper === '::' && slice.at(-1)?.kind === 'word') slice = slice.slice(0, -2);
  if (slice.length === 2 && ['-', '+'].includes(slice[0]?.upper ?? '') && slice[1]?.kind === 'number') {
    return { fragment, kind: 'plain' };
  }
  const [token] = slice;
  if (token === undefined || slice.length > 1) return { fragment, kind: 'computed' };
  if (bindings.has(token)) {
    const value = bindings.get(token);
    return { fragment, kind: value === null || value === undefined ? 'null' : 'plain' };
  }
  if (token.upper === 'NULL') return { fragment, kind: 'null' };
  if (token.upper === 'DEFAULT') return { fragment, kind: 'default' };
  const isPlain =
    ['number', 'string', 'dollar'].includes(token.kind) || token.upper === 'TRUE' || token.upper === 'FALSE';
  return { fragment, kind: isPlain ? 'plain' : 'computed' };
}

function readConflict(cursor: Cursor, given: OnConflict): OnConflict {
  if (!cursor.skip('ON')) return given;
  cursor.expect('CONFLICT');
  const target = cursor.word === '(' ? cursor.names() : null;
  if (cursor.skip('DO', 'NOTHING')) return IGNORE;
  if (target === null) throw new Unreadable('an upsert without the columns that it is about is not captured');
  if (cursor.word === 'WHERE') throw new Unreadable('an upsert on a part of an index is not captured');
  cursor.expect('DO', 'UPDATE');
  const sets = readSets(cursor);
  if (cursor.skip('WHERE')) cursor.to(isClause);
  return { kind: 'update', target, sets };
}
