import { IrreversibleError } from '../../../core/errors.ts';
import { SQLITE } from '../../../policy/spellings/sql/dialects.ts';
import { readTokens } from '../../../policy/spellings/sql/tokens.ts';
import { ask, type ResultRow, type Steps } from '../steps.ts';
import type { Act, Column, ForeignKey, KeyAction, Table, Trigger } from '../table.ts';

const ACTS: ReadonlyMap<string, Act> = new Map([
  ['INSERT', 'insert'],
  ['UPDATE', 'update'],
  ['DELETE', 'delete'],
]);
const ROW_IDS = Object.freeze(['rowid', '_rowid_', 'oid']);
const ACTIONS: ReadonlyMap<string, KeyAction> = new Map([
  ['CASCADE', 'cascade'],
  ['SET NULL', 'set null'],
  ['SET DEFAULT', 'set default'],
]);

/** Describes a table of SQLite. Throws IrreversibleError for what rows cannot be put back to. */
export function* describeSqlite(path: readonly string[], quote: (name: string) => string): Steps<Table> {
  const found = yield* findTable(path);
  const { schema, name } = found;
  const fields = yield* ask('SELECT name, type, pk, hidden FROM pragma_table_xinfo(?, ?)', [name, schema]);
  const isRowIdTable = Number(found.wr) === 0;
  const names = new Set(fields.map((field) => String(field.name).toLowerCase()));
  const rowId = isRowIdTable ? (ROW_IDS.find((one) => !names.has(one)) ?? null) : null;
  const declared = fields
    .filter(({ pk }) => Number(pk) > 0)
    .toSorted((a, b) => Number(a.pk) - Number(b.pk))
    .map((field) => String(field.name));
  const usesRowId = declared.length === 0 && rowId !== null;
  const key = usesRowId ? [rowId] : declared;
  if (key.length === 0) throw new IrreversibleError(`${name} has no primary key and no row id`);
  const columns = fields.filter(({ hidden }) => Number(hidden) === 0).map(columnOf);
  const sql = yield* createdBy(schema, name, quote);
  if (replaces(sql)) {
    throw new IrreversibleError(
      `${name} has a constraint with ON CONFLICT REPLACE, which removes rows that are in the way`,
    );
  }
  return {
    path: [schema, name],
    isPlainSchema: schema === 'main',
    columns: usesRowId ? [{ ...PLAIN, name: rowId, type: '', isHidden: true }, ...columns] : columns,
    computed: fields.filter(({ hidden }) => Number(hidden) > 1).map((field) => String(field.name)),
    key,
    rowId,
    referredBy: yield* foreignKeys(found, declared, fields),
    triggers: yield* triggersOf(schema, name, quote),
    estimate: null,
  };
}

const PLAIN = Object.freeze({ sequence: null, isPlain: true, isHidden: false });

function columnOf(field: ResultRow): Column {
  return { ...PLAIN, name: String(field.name), type: String(field.type ?? '') };
}

interface FoundTable {
  readonly schema: string;
  readonly name: string;
  /** 1 for a table without row ids. */
  readonly wr: unknown;
}

/** A name without a schema is looked for among temporary tables first, then in main, then in attached databases. */
function* findTable(path: readonly string[]): Steps<FoundTable> {
  const name = path.at(-1) ?? '';
  const given = path.length === 2 ? path[0] : undefined;
  if (path.length > 2) throw new IrreversibleError(`${path.join('.')} is no name of a table`);
  const rows = yield* ask(
    `SELECT t.schema AS schema, t.name AS name, t.type AS type, t.wr AS wr, d.seq AS seq
      FROM pragma_table_list AS t JOIN pragma_database_list AS d ON d.name = t.schema
      WHERE t.name = ? COLLATE NOCASE`,
    [name],
  );
  const order = ({ seq }: ResultRow): number => (Number(seq) === 1 ? -1 : Number(seq));
  const [first] = rows
    .filter(({ schema }) => given === undefined || String(schema).toLowerCase() === given.toLowerCase())
    .toSorted((a, b) => order(a) - order(b));
  if (first === undefined) throw new IrreversibleError(`There is no table ${path.join('.')}`);
  if (first.type !== 'table')
    throw new IrreversibleError(`${name} is no plain table but of the type ${first.type}`);
  const found = { schema: String(first.schema), name: String(first.name), wr: first.wr };
  if (/^sqlite_/i.test(found.name)) throw new IrreversibleError(`${found.name} is SQLite's own`);
  if (found.schema === 'temp')
    throw new IrreversibleError(`${found.name} is temporary: nobody else can see it`);
  return found;
}

function* createdBy(schema: string, name: string, quote: (name: string) => string): Steps<string> {
  const [row] = yield* ask(
    `SELECT sql FROM ${quote(schema)}.sqlite_schema WHERE type = 'table' AND name = ?`,
    [name],
  );
  return String(row?.sql ?? '');
}

function replaces(sql: string): boolean {
  const words = readTokens(sql, SQLITE).tokens.map(({ upper }) => upper);
  return words.some((word, i) => word === 'ON' && words[i + 1] === 'CONFLICT' && words[i + 2] === 'REPLACE');
}

/** Foreign keys that refer to a table. They never lead from one database file into another. */
function* foreignKeys(
  { schema, name }: FoundTable,
  key: readonly string[],
  fields: readonly ResultRow[],
): Steps<ForeignKey[]> {
  const rows = yield* ask(
    `SELECT t.name AS child, k.id AS id, k."from" AS own, k."to" AS other, k.on_delete AS ondelete, k.on_update AS onupdate
      FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name, t.schema) AS k
      WHERE t.schema = ? AND t.type = 'table' AND k."table" = ? COLLATE NOCASE ORDER BY t.name, k.id, k.seq`,
    [schema, name],
  );
  const known = (column: string): string =>
    fields.map((field) => String(field.name)).find((one) => one.toLowerCase() === column.toLowerCase()) ??
    column;
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows) {
    const group = JSON.stringify([row.child, Number(row.id)]);
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return [...groups.values()].map(
    (group): ForeignKey => ({
      from: [schema, String(group[0]?.child)],
      columns: group.map(({ own }) => String(own)),
      // Without columns it refers to the primary key.
      references: group.map(({ other }, i) => known(String(other ?? key[i]))),
      onDelete: ACTIONS.get(String(group[0]?.ondelete)) ?? 'none',
      onUpdate: ACTIONS.get(String(group[0]?.onupdate)) ?? 'none',
    }),
  );
}

function* triggersOf(schema: string, name: string, quote: (name: string) => string): Steps<Trigger[]> {
  const triggers: Trigger[] = [];
  for (const place of [schema, 'temp']) {
    const rows = yield* ask(
      `SELECT name, sql FROM ${quote(place)}.sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE`,
      [name],
    );
    for (const row of rows) triggers.push({ name: String(row.name), acts: actsOf(String(row.sql)) });
  }
  return triggers;
}

/** The first of the three words behind the name says when it fires; what cannot be read fires always. */
function actsOf(sql: string): readonly Act[] {
  const { tokens } = readTokens(sql, SQLITE);
  const start = tokens.findIndex(({ upper }) => upper === 'TRIGGER');
  const act = tokens.slice(start + 2).find(({ upper }) => ACTS.has(upper))?.upper ?? '';
  const found = ACTS.get(act);
  return found === undefined ? [...ACTS.values()] : [found];
}
