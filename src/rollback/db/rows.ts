import { IrreversibleError } from '../../core/errors.ts';
import { nodeCrypto } from '../../node-crypto.ts';
import type { Database } from './database.ts';
import { type Cell, cellsIn, type StoredRow, type Table } from './table.ts';

/** Longer values are shown by their beginning and their hash. */
const SHOWN = 200;
const BEGINNING = 80;
const PLAIN_NAME = /^[a-z_][a-z0-9_]*$/i;

/** What a table is called in messages and items: `users`, `app.users`, `"odd name"`. */
export function labelOf(
  db: Database,
  { path, isPlainSchema }: Pick<Table, 'path' | 'isPlainSchema'>,
): string {
  const names = isPlainSchema ? path.slice(1) : path;
  return names.map((name) => written(db, name)).join('.');
}

/** The item that a row is: `users(id=1)`. Throws IrreversibleError for a row whose key is NULL. */
export function itemOf(db: Database, row: StoredRow): string {
  const cells = cellsIn(row, row.table.key);
  const missing = cells.indexOf(null);
  if (missing >= 0) {
    throw new IrreversibleError(
      `A row of ${labelOf(db, row.table)} has NULL in ${row.table.key[missing]}, a part of its primary key, and cannot be told from others`,
    );
  }
  const key = row.table.key.map((name, i) => `${written(db, name)}=${shown(db, cells[i] ?? null)}`);
  return `${labelOf(db, row.table)}(${key.join(', ')})`;
}

/** All that a row holds, as a text that changes whenever the row does. */
export function textOfRow(db: Database, { table, cells }: StoredRow): string {
  return table.columns
    .map(({ name }, i) => `${written(db, name)} = ${shown(db, cells[i] ?? null)}`)
    .join(', ');
}

function written(db: Database, name: string): string {
  return PLAIN_NAME.test(name) ? name : db.quote(name);
}

function shown(db: Database, cell: Cell): string {
  const text = db.literal(cell);
  if (text.length <= SHOWN) return text;
  const hash = nodeCrypto().createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, BEGINNING)}… (${text.length} characters, SHA-256 ${hash})`;
}
