import { POSTGRES, SQLITE } from '../../../policy/spellings/sql/dialects.ts';
import { kindsOf } from '../../../policy/spellings/sql/kinds.ts';
import { readTokens, type Token } from '../../../policy/spellings/sql/tokens.ts';
import { bindingsOf, type DatabaseName, type GivenValues } from './binding.ts';
import { type Change, refused } from './change.ts';
import { Cursor } from './cursor.ts';
import { readInsert } from './read-insert.ts';
import { readDelete, readUpdate } from './read-row-change.ts';
import { Unreadable } from './unreadable.ts';

/** Statements that change no row by themselves. */
const CHANGES_NO_ROW: ReadonlySet<string> = new Set(
  'select values show begin start commit end rollback savepoint release abort set reset describe fetch close listen unlisten'.split(
    ' ',
  ),
);
const READS: ReadonlySet<string> = new Set(['select', 'values', 'explain', 'insert']);
const READERS: ReadonlyMap<string, (cursor: Cursor) => Change> = new Map<string, (cursor: Cursor) => Change>([
  ['UPDATE', readUpdate],
  ['DELETE', readDelete],
  ['INSERT', readInsert],
]);
/** Pragmas of SQLite that only tell something, though they have an argument. */
const READING_PRAGMA =
  /^(?:table_(?:x?info|list)|index_(?:x?info|list)|foreign_key_(?:list|check)|(?:integrity|quick)_check)$/i;
/** What ends a text, is no white space everywhere, or is white space in one place only. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what is looked for.
const STRANGE = /[\0-\x08\x0b\x0e-\x1f\ufeff]/;

/**
 * What a statement does to rows, read as one database reads it. `refused` where it cannot be told, or could not be
 * undone: a guess would put back the wrong rows.
 */
export function readChange(text: string, given: GivenValues, database: DatabaseName): Change {
  try {
    return read(text, given, database);
  } catch (error) {
    if (error instanceof Unreadable) return refused(error.message);
    throw error;
  }
}

function read(text: string, given: GivenValues, database: DatabaseName): Change {
  const tokens = tokensOf(text, database);
  const found = kindsOf(tokens);
  if (tokens.length === 0) return { kind: 'nothing' };
  if (found === null) throw new Unreadable(`${tokens[0]?.text.slice(0, 40)} is no statement that is known`);
  const { kind, kinds } = found;
  if (kind === 'pragma') return readPragma(tokens);
  if (kind === 'explain') return readExplain(tokens, kinds);
  if (CHANGES_NO_ROW.has(kind) && kinds.every((one) => CHANGES_NO_ROW.has(one))) return { kind: 'nothing' };
  const lead = tokens[0]?.upper ?? '';
  if (lead === 'WITH') throw new Unreadable('a WITH that changes rows is not captured');
  if (lead === 'REPLACE') throw new Unreadable('REPLACE removes every row that is in its way');
  const reader = READERS.get(lead);
  if (reader === undefined) {
    throw new Unreadable(
      `${kind.toUpperCase()} is no change of rows: only INSERT, UPDATE and DELETE are undone`,
    );
  }
  if (kinds.some((one) => one !== kind && !READS.has(one))) {
    throw new Unreadable('it changes rows in more than one place');
  }
  return reader(new Cursor({ text, tokens, bindings: bindingsOf(tokens, given, database), database }));
}

function tokensOf(text: string, database: DatabaseName): readonly Token[] {
  if (STRANGE.test(text)) throw new Unreadable('it holds control characters');
  const { tokens, failure } = readTokens(text, database === 'postgres' ? POSTGRES : SQLITE);
  if (failure !== null) throw new Unreadable(`it cannot be read: ${failure}`);
  const strange = tokens.find((token, i) => isStrange(token, tokens[i + 1], database));
  if (strange !== undefined) throw new Unreadable(`${strange.text.slice(0, 40)} cannot be read`);
  let end = tokens.length;
  while (tokens[end - 1]?.upper === ';') end--;
  const statement = tokens.slice(0, end);
  if (statement.some(({ upper }) => upper === ';')) throw new Unreadable('it holds several statements');
  return statement;
}

/** Where the tokenizer, which is made for all databases, and this database may see another end of a token. */
function isStrange(token: Token, next: Token | undefined, database: DatabaseName): boolean {
  const first = token.text.charAt(0);
  if (token.kind === 'name') return database === 'postgres' && first !== '"';
  if (token.kind === 'word') return first === '#' || first === '@';
  const touches = next !== undefined && next.from === token.to && next.kind !== 'sign';
  if (token.kind === 'parameter') return touches && next.kind !== 'string';
  if (database === 'postgres') return false;
  return (
    token.kind === 'dollar' ||
    (token.kind === 'sign' && ['[', ':', '::', '@', '$', '#', '?'].includes(token.text))
  );
}

function readPragma(tokens: readonly Token[]): Change {
  const names = tokens.slice(1).filter(({ kind }) => kind === 'word');
  const name = names[tokens[2]?.upper === '.' ? 1 : 0]?.text ?? '';
  const only = tokens.every(({ upper }) => upper !== '=' && upper !== '(');
  if (only || (READING_PRAGMA.test(name) && tokens.every(({ upper }) => upper !== '=')))
    return { kind: 'nothing' };
  throw new Unreadable('PRAGMA is no change of rows: only INSERT, UPDATE and DELETE are undone');
}

/** `EXPLAIN ANALYZE` runs what it explains. */
function readExplain(tokens: readonly Token[], kinds: readonly string[]): Change {
  const runs = tokens.some(({ upper }) => upper === 'ANALYZE' || upper === 'ANALYSE');
  if (runs && kinds.some((kind) => kind !== 'explain' && !CHANGES_NO_ROW.has(kind))) {
    throw new Unreadable('EXPLAIN ANALYZE runs the statement');
  }
  return { kind: 'nothing' };
}
