import { IrreversibleError } from '../../../core/errors.ts';
import type { ChangeCount, Database, Done, Found, Frame, Generated, Search, Tuples } from '../database.ts';
import type { Target } from '../sql/change.ts';
import { type Fragment, textOf } from '../sql/fragment.ts';
import { ask, type ResultRow, type Steps } from '../steps.ts';
import {
  type Cell,
  type Cells,
  type Column,
  cellsIn,
  columnsOf,
  type ForeignKey,
  type StoredRow,
  type Table,
} from '../table.ts';
import { describeSqlite } from './catalog.ts';
import { boundCell, cellOf, readingOf } from './cells.ts';
import { type Condition, equals, findRows, nameOf, quote, ROW, textEncoding } from './queries.ts';

/** Functions that answer the same for the same database and moment, though they are not marked so. */
const SAME_FOR_NOW: ReadonlySet<string> = new Set([
  'sqlite_version',
  'current_date',
  'current_time',
  'current_timestamp',
]);
const DETERMINISTIC = 0x800;

/** What a mark says: changes made by this connection, and a number a database file that others' changes change. */
interface Mark {
  readonly total: number;
  readonly versions: Readonly<Record<string, number>> | null;
}

/** SQLite. */
export class SqliteDatabase implements Database {
  readonly name = 'sqlite';

  quote(name: string): string {
    return quote(name);
  }

  literal(cell: Cell): string {
    return cell ?? 'NULL';
  }

  isSameName(one: string, other: string): boolean {
    return lower(one) === lower(other);
  }

  table(path: readonly string[]): Steps<Table> {
    return describeSqlite(path, quote);
  }

  *checkStable({ calls }: Fragment): Steps<void> {
    for (const call of calls.map(lower)) {
      const rows = yield* ask('SELECT type, flags, builtin FROM pragma_function_list WHERE name = ?', [call]);
      const isStable = ({ type, flags, builtin }: ResultRow): boolean =>
        (Number(flags) & DETERMINISTIC) !== 0 || (Number(builtin) === 1 && type !== 's');
      if (SAME_FOR_NOW.has(call) || rows.every(isStable)) continue;
      throw new IrreversibleError(`Its condition calls ${call}(), which may answer something else each time`);
    }
  }

  *match(table: Table, { alias }: Target, where: Fragment | null, search: Search): Steps<Found> {
    const name = quote(alias ?? table.path[1]);
    const from = `${nameOf(table)}${alias === null ? '' : ` AS ${name}`}`;
    if (where === null) return yield* findRows(table, name, [{ text: from, values: [] }], search);
    const text = `${from} WHERE (${textOf(where, () => '?')}\n)`;
    return yield* findRows(table, name, [{ text, values: where.values }], search);
  }

  // The form of values depends on no setting.
  // biome-ignore lint/correctness/useYield: there is nothing to ask.
  *settle(): Steps<unknown> {
    return null;
  }

  *unsettle(): Steps<void> {}

  *withValues(table: Table, { columns, cells }: Tuples, search: Search): Steps<Found> {
    const unique = new Map(cells.map((tuple) => [JSON.stringify(tuple), tuple]));
    const conditions = [...unique.values()].map((tuple): Condition => {
      const { text, values } = equals(ROW, columns, tuple);
      return { text: `${nameOf(table)} AS ${ROW} WHERE ${text}`, values };
    });
    return yield* findRows(table, ROW, conditions, search);
  }

  *referring(parents: readonly StoredRow[], key: ForeignKey, child: Table, search: Search): Steps<Found> {
    const conditions = parents.map((parent): Condition => {
      const { table } = parent;
      const own = columnsOf(table, table.key);
      const { text, values } = equals('plyra_parent', own, cellsIn(parent, table.key));
      // The parent's column stands first: its collation decides.
      const join = key.columns.map(
        (name, i) => `plyra_parent.${quote(key.references[i] ?? '')} = ${ROW}.${quote(name)}`,
      );
      const from = `${nameOf(table)} AS plyra_parent JOIN ${nameOf(child)} AS ${ROW} ON ${join.join(' AND ')}`;
      return { text: `${from} WHERE ${text}`, values };
    });
    return yield* findRows(child, ROW, conditions, search);
  }

  *checkUnique(table: Table, columns: readonly string[]): Steps<void> {
    const [first] = columnsOf(table, columns);
    const isRowId = table.rowId !== null && lower(first?.type ?? '') === 'integer';
    if (columns.length === 1 && isRowId && table.key.length === 1 && table.key[0] === columns[0]) return;
    const [schema, name] = table.path;
    const indexes = yield* ask(
      'SELECT name FROM pragma_index_list(?, ?) WHERE "unique" = 1 AND partial = 0',
      [name, schema],
    );
    const wanted = columns.toSorted().join('\n');
    for (const index of indexes) {
      const parts = yield* ask('SELECT name, coll FROM pragma_index_xinfo(?, ?) WHERE key = 1', [
        index.name,
        schema,
      ]);
      const names = parts.map((part) => String(part.name)).toSorted();
      if (names.join('\n') === wanted && parts.every(({ coll }) => coll === 'BINARY')) return;
    }
    throw new IrreversibleError(
      `No unique index of ${table.path[1]} compares ${columns.join(', ')} byte by byte`,
    );
  }

  *cellsOf(columns: readonly Column[], rows: readonly (readonly Fragment[])[]): Steps<readonly Cells[]> {
    const encoding = yield* textEncoding();
    const all: Cells[] = [];
    for (const row of rows) {
      const inner = row.map((one, i) => `(${textOf(one, () => '?')}) AS v${i}`).join(', ');
      const outer = columns.map((_, i) => `${readingOf(`v${i}`)} AS c${i}`).join(', ');
      const [answer] = yield* ask(
        `SELECT ${outer} FROM (SELECT ${inner})`,
        row.flatMap(({ values }) => values),
      );
      all.push(columns.map((_, i) => cellOf(answer?.[`c${i}`], encoding)));
    }
    return all;
  }

  *mark(frame: Frame): Steps<Mark> {
    const [row] = yield* ask('SELECT total_changes() AS n');
    // Within a transaction that writes nobody else can.
    return { total: Number(row?.n), versions: frame === 'none' ? yield* this.#versions() : null };
  }

  *changesSince(mark: unknown): Steps<ChangeCount> {
    const { total, versions } = mark as Mark;
    const [row] = yield* ask('SELECT total_changes() AS n, changes() AS last');
    const all = Number(row?.n) - total;
    const isForeign =
      versions !== null && JSON.stringify(versions) !== JSON.stringify(yield* this.#versions());
    const doubt = isForeign
      ? 'Another connection wrote to the database between the capture and the end of the act. The tool must use the connection that the handler has; `transaction: true` keeps others out'
      : null;
    return { all, added: all === 0 ? 0 : Number(row?.last), doubt };
  }

  *generated(table: Table): Steps<Generated> {
    if (table.rowId === null) {
      throw new IrreversibleError(
        `${table.path[1]} has no row ids by which a row with a computed key could be found`,
      );
    }
    const [row] = yield* ask(`SELECT CAST(max(${quote(table.rowId)}) AS TEXT) AS last FROM ${nameOf(table)}`);
    return { how: 'rowid', above: row?.last === null ? null : String(row?.last) };
  }

  /** SQLite gives out row ids in order, above all that are there. */
  *generatedRows(
    table: Table,
    generated: Generated,
    done: Done,
    search: Search,
  ): Steps<readonly StoredRow[]> {
    const { counted, expected } = done;
    if (generated.how !== 'rowid' || counted === null)
      throw new IrreversibleError('The added rows were not counted');
    const unclear = (why: string): IrreversibleError =>
      new IrreversibleError(`The rows that it added cannot be told from others: ${why}`);
    if (expected !== null && counted !== expected) throw unclear(`${counted} were added, not ${expected}`);
    const [row] = yield* ask('SELECT CAST(last_insert_rowid() AS TEXT) AS last');
    const last = BigInt(String(row?.last));
    const first = last - BigInt(counted) + 1n;
    if (generated.above !== null && first <= BigInt(generated.above))
      throw unclear('their row ids are not the next ones');
    const id = `${ROW}.${quote(table.rowId ?? '')}`;
    const text = `${nameOf(table)} AS ${ROW} WHERE ${id} BETWEEN ? AND ?`;
    const found = yield* findRows(table, ROW, [{ text, values: [first, last] }], search);
    if (found.count !== counted) throw unclear(`${found.count} rows have the row ids of ${counted}`);
    return yield* found.rows();
  }

  // Others are kept out, or were seen to write.
  *checkAdded(): Steps<void> {}

  *insert(rows: readonly StoredRow[]): Steps<void> {
    for (const { table, cells } of rows) {
      const bound = cells.map(boundCell);
      const names = table.columns.map(({ name }) => quote(name)).join(', ');
      const text = `INSERT INTO ${nameOf(table)} (${names}) VALUES (${bound.map(({ expression }) => expression).join(', ')})`;
      yield* ask(
        text,
        bound.map(({ value }) => value),
      );
    }
  }

  *update(row: StoredRow, columns: readonly Column[]): Steps<void> {
    const { table } = row;
    const bound = cellsIn(
      row,
      columns.map(({ name }) => name),
    ).map(boundCell);
    const sets = columns.map(({ name }, i) => `${quote(name)} = ${bound[i]?.expression}`).join(', ');
    const { text, values } = equals(ROW, columnsOf(table, table.key), cellsIn(row, table.key));
    const statement = `UPDATE ${nameOf(table)} AS ${ROW} SET ${sets} WHERE ${text}`;
    yield* ask(statement, [...bound.map(({ value }) => value), ...values]);
  }

  *remove(row: StoredRow): Steps<void> {
    const { table } = row;
    const { text, values } = equals(ROW, columnsOf(table, table.key), cellsIn(row, table.key));
    yield* ask(`DELETE FROM ${nameOf(table)} AS ${ROW} WHERE ${text}`, values);
  }

  /** Foreign keys are checked when the transaction ends. */
  *deferConstraints(): Steps<void> {
    yield* ask('PRAGMA defer_foreign_keys = ON');
  }

  isNotUnique(error: unknown): boolean {
    return error instanceof Error && /UNIQUE constraint failed/.test(error.message);
  }

  /** SQLITE_ERROR is the code of statements that cannot be prepared; a value that cannot be bound is a TypeError. */
  isStatementFault(error: unknown): boolean {
    if (error instanceof IrreversibleError || !(error instanceof Error)) return false;
    const { errcode, code } = error as { readonly errcode?: unknown; readonly code?: unknown };
    return (
      errcode === 1 || code === 'SQLITE_ERROR' || error instanceof TypeError || error instanceof RangeError
    );
  }

  *#versions(): Steps<Record<string, number>> {
    const versions: Record<string, number> = {};
    for (const { name } of yield* ask(
      "SELECT name FROM pragma_database_list WHERE name <> 'temp' ORDER BY seq",
    )) {
      const [row] = yield* ask(`PRAGMA ${quote(String(name))}.data_version`);
      versions[String(name)] = Number(row?.data_version);
    }
    return versions;
  }
}

/** SQLite folds ASCII only. */
function lower(name: string): string {
  return name.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}
