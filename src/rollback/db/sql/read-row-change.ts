import type { RowChange } from './change.ts';
import { isClause, readReturning, readSets, readTarget } from './clauses.ts';
import type { Cursor } from './cursor.ts';
import type { Fragment } from './fragment.ts';
import { Unreadable } from './unreadable.ts';

/** `UPDATE t SET … WHERE …`. Throws Unreadable for forms whose rows cannot be found by their WHERE alone. */
export function readUpdate(cursor: Cursor): RowChange {
  cursor.expect('UPDATE');
  if (cursor.source.database === 'sqlite' && cursor.skip('OR')) {
    if (!['ABORT', 'IGNORE', 'FAIL'].includes(cursor.word)) {
      throw new Unreadable(`UPDATE OR ${cursor.word} changes more than its own rows`);
    }
    cursor.at++;
  }
  const target = readTarget(cursor, ['SET']);
  const columns = readSets(cursor);
  if (cursor.word === 'FROM') throw new Unreadable('UPDATE … FROM is not captured');
  const where = readWhere(cursor);
  readReturning(cursor);
  return { kind: 'update', target, where, columns };
}

/** `DELETE FROM t WHERE …`. */
export function readDelete(cursor: Cursor): RowChange {
  cursor.expect('DELETE', 'FROM');
  const target = readTarget(cursor, ['WHERE', 'USING', 'RETURNING']);
  if (cursor.word === 'USING') throw new Unreadable('DELETE … USING is not captured');
  const where = readWhere(cursor);
  readReturning(cursor);
  return { kind: 'delete', target, where, columns: [] };
}

function readWhere(cursor: Cursor): Fragment | null {
  if (!cursor.skip('WHERE')) {
    refuseLimit(cursor);
    return null;
  }
  if (cursor.word === 'CURRENT' && cursor.ahead(1) === 'OF') {
    throw new Unreadable('WHERE CURRENT OF is not captured');
  }
  const from = cursor.at;
  cursor.to(isClause);
  refuseLimit(cursor);
  refuseShared(cursor, from);
  return cursor.fragment(from);
}

/** PostgreSQL finds out the type of `$1` where it stands first, and reads it as that everywhere. */
function refuseShared({ source, at }: Cursor, from: number): void {
  if (source.database !== 'postgres') return;
  const inside = source.tokens.slice(from, at).filter((token) => source.bindings.has(token));
  const others = [...source.tokens.slice(0, from), ...source.tokens.slice(at)];
  const shared = inside.find(({ text }) =>
    others.some((token) => token.text === text && source.bindings.has(token)),
  );
  if (shared === undefined) return;
  throw new Unreadable(
    `${shared.text} is used in its WHERE and elsewhere: give each place a number of its own`,
  );
}

function refuseLimit({ word }: Cursor): void {
  if (word === 'LIMIT' || word === 'ORDER') throw new Unreadable('a LIMIT on changed rows is not captured');
}
