import { IrreversibleError } from '../../../core/errors.ts';
import type { ChangeCount, Database, Done, Found, Frame, Generated, Search, Tuples } from '../database.ts';
import type { Target } from '../sql/change.ts';
import { type Fragment, textOf } from '../sql/fragment.ts';
import { byTable } from '../state.ts';
import { ask, type Steps } from '../steps.ts';
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
import { describePostgres } from './catalog.ts';
import { addedInTransaction, countSince, type Mark, markNow, wayToFind } from './counting.ts';
import { findRows, keysFrom, nameOf, quote, readingOf, rowsOfAnswer } from './queries.ts';
import { keysOfResult } from './returned.ts';
import { set, settle } from './settings.ts';

const ROW = 'plyra_row';

/** PostgreSQL. */
export class PostgresDatabase implements Database {
  readonly name = 'postgres';

  quote(name: string): string {
    return quote(name);
  }

  /** Texts as JSON writes them, so that no two values look the same; numbers as they are. */
  literal(cell: Cell): string {
    if (cell === null) return 'NULL';
    return /^-?\d{1,40}(\.\d{1,40})?$/.test(cell) ? cell : JSON.stringify(cell);
  }

  isSameName(one: string, other: string): boolean {
    return one === other;
  }

  table(path: readonly string[]): Steps<Table> {
    return describePostgres(path, quote);
  }

  *checkStable({ calls, parts }: Fragment): Steps<void> {
    const [row] = yield* ask(
      `SELECT (SELECT p.proname::text FROM pg_catalog.pg_proc AS p
          WHERE p.provolatile = 'v' AND p.proname::text IN (SELECT json_array_elements_text(($1::text)::json)) LIMIT 1) AS name,
        (SELECT o.oprname::text FROM pg_catalog.pg_operator AS o JOIN pg_catalog.pg_proc AS p ON p.oid = o.oprcode
          WHERE p.provolatile = 'v' AND position(o.oprname::text IN $2::text) > 0 LIMIT 1) AS sign`,
      [JSON.stringify(calls), parts.join(' ')],
    );
    if (typeof row?.name !== 'string' && typeof row?.sign !== 'string') return;
    const what = typeof row.name === 'string' ? `${row.name}()` : row.sign;
    throw new IrreversibleError(`Its condition uses ${what}, which may answer something else each time`);
  }

  /** The rows are found as the statement will find them, under its settings, and read later by where they lie. */
  *match(table: Table, target: Target, where: Fragment | null, { limit, lock }: Search): Steps<Found> {
    const name = quote(target.alias ?? table.path[1]);
    const from = `ONLY ${nameOf(table)}${target.alias === null ? '' : ` AS ${name}`}`;
    const condition = where === null ? '' : ` WHERE (${textOf(where, (i) => `$${i + 1}`)}\n)`;
    const values = where?.values ?? [];
    const size = `SELECT octet_length((${name}.*)::text) AS size FROM ${from}${condition} LIMIT ${limit + 1}`;
    const [measured] = yield* ask(`SELECT sum(size)::text AS bytes FROM (${size}) AS sized`, values);
    const places = yield* ask(
      `SELECT ${name}.ctid::text AS place FROM ${from}${condition} LIMIT ${limit + 1}${lock ? ' FOR UPDATE' : ''}`,
      values,
    );
    return {
      count: places.length,
      bytes: Number(measured?.bytes ?? 0),
      rows: () =>
        this.#at(
          table,
          places.map(({ place }) => String(place)),
        ),
    };
  }

  settle(): Steps<Record<string, string>> {
    return settle();
  }

  unsettle(token: unknown): Steps<void> {
    return set(token as Record<string, string>);
  }

  *withValues(table: Table, { columns, cells }: Tuples, search: Search): Steps<Found> {
    const join = columns.map(({ name }, i) => `${ROW}.${quote(name)} = k.k${i}`).join(' AND ');
    const text = `${nameOf(table)} AS ${ROW} JOIN ${keysFrom(columns)} ON ${join}`;
    return yield* findRows(table, ROW, { text, values: [JSON.stringify(cells)] }, search);
  }

  *referring(parents: readonly StoredRow[], key: ForeignKey, child: Table, search: Search): Steps<Found> {
    const [first] = parents;
    if (first === undefined) throw new Error('rows that refer to no row were asked for');
    const { table } = first;
    const own = columnsOf(table, table.key);
    const refers = key.columns.map(
      (name, i) => `p.${quote(key.references[i] ?? '')} = ${ROW}.${quote(name)}`,
    );
    const isParent = own.map(({ name }, i) => `p.${quote(name)} = k.k${i}`);
    const text = `${nameOf(child)} AS ${ROW} JOIN ${nameOf(table)} AS p ON ${refers.join(' AND ')} JOIN ${keysFrom(own)} ON ${isParent.join(' AND ')}`;
    const cells = parents.map((row) => cellsIn(row, table.key));
    return yield* findRows(child, ROW, { text, values: [JSON.stringify(cells)] }, search);
  }

  *checkUnique(table: Table, columns: readonly string[]): Steps<void> {
    const [row] = yield* ask(
      `SELECT 1 AS found FROM pg_catalog.pg_index AS i WHERE i.indrelid = pg_catalog.to_regclass($1::text) AND i.indisunique
        AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND (
          SELECT json_agg(a.attname::text ORDER BY a.attname::text)::jsonb FROM unnest(i.indkey) WITH ORDINALITY AS k(num, place)
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.num WHERE k.place <= i.indnkeyatts
        ) = (SELECT json_agg(e ORDER BY e)::jsonb FROM json_array_elements_text(($2::text)::json) AS e)`,
      [nameOf(table), JSON.stringify(columns)],
    );
    if (row === undefined)
      throw new IrreversibleError(`No unique index of ${table.path[1]} is over ${columns.join(', ')}`);
  }

  *cellsOf(columns: readonly Column[], rows: readonly (readonly Fragment[])[]): Steps<readonly Cells[]> {
    const all: Cells[] = [];
    for (const row of rows) {
      let number = 0;
      const list = row.map((one, i) => {
        const text = textOf(one, () => `$${++number}`);
        return `${readingOf(`(${text})::${columns[i]?.type}`)} AS c${i}`;
      });
      const [answer] = yield* ask(
        `SELECT ${list.join(', ')}`,
        row.flatMap(({ values }) => values),
      );
      all.push(rowsOfAnswer(columns.length, [answer ?? {}])[0] ?? []);
    }
    return all;
  }

  mark(frame: Frame): Steps<Mark | null> {
    return markNow(frame);
  }

  changesSince(mark: unknown, tables: readonly Table[]): Steps<ChangeCount> {
    return countSince(mark as Mark | null, tables);
  }

  generated(table: Table, returning: readonly string[] | null, frame: Frame): Steps<Generated> {
    return wayToFind(table, returning, frame);
  }

  *generatedRows(
    table: Table,
    generated: Generated,
    done: Done,
    search: Search,
  ): Steps<readonly StoredRow[]> {
    if (generated.how === 'transaction') return yield* addedInTransaction(table, generated, done, search);
    if (generated.how !== 'returned')
      throw new IrreversibleError('The snapshot was captured for another database');
    const keys = keysOfResult(done.result, table.key);
    if (keys === null) {
      throw new IrreversibleError(
        'The tool did not return the rows that the statement returned: their keys are not known',
      );
    }
    const columns = columnsOf(table, table.key);
    const join = columns.map(({ name }, i) => `${ROW}.${quote(name)} = k.k${i}`).join(' AND ');
    // Transaction ids count around: younger is what lies less than half of the circle ahead.
    const young = `((${ROW}.xmin::text::bigint - ($2::text)::bigint) & 4294967295) < 2147483648`;
    const text = `${nameOf(table)} AS ${ROW} JOIN ${keysFrom(columns)} ON ${join} WHERE ${young}`;
    const found = yield* findRows(
      table,
      ROW,
      { text, values: [JSON.stringify(keys), generated.horizon] },
      search,
    );
    if (found.count !== keys.length || (done.expected !== null && done.expected !== keys.length)) {
      throw new IrreversibleError(
        `The tool returned ${keys.length} keys, of which ${found.count} are of rows that are new`,
      );
    }
    return found.count === 0 ? [] : yield* found.rows();
  }

  /** A row that an upsert has changed carries the mark of the lock that it took for that. */
  *checkAdded(rows: readonly StoredRow[]): Steps<void> {
    for (const [table, own] of byTable(rows)) {
      const columns = columnsOf(table, table.key);
      const join = columns.map(({ name }, i) => `r.${quote(name)} = k.k${i}`).join(' AND ');
      const [row] = yield* ask(
        `SELECT count(*)::text AS n FROM ${nameOf(table)} AS r JOIN ${keysFrom(columns)} ON ${join} WHERE r.xmax::text = '0'`,
        [JSON.stringify(own.map((one) => cellsIn(one, table.key)))],
      );
      if (Number(row?.n) === own.length) continue;
      throw new IrreversibleError(
        'Somebody else added one of the rows before the upsert did: nobody can say what it was before',
      );
    }
  }

  *deferConstraints(): Steps<void> {
    yield* ask('SET CONSTRAINTS ALL DEFERRED');
  }

  /** One statement for all tables: foreign keys are looked at when it ends. */
  *insert(rows: readonly StoredRow[]): Steps<void> {
    const parts: string[] = [];
    const values: string[] = [];
    for (const [table, own] of byTable(rows)) {
      values.push(JSON.stringify(own.map(({ cells }) => cells)));
      const names = table.columns.map(({ name }) => quote(name)).join(', ');
      const list = table.columns.map(({ type }, i) => `(e->>${i})::${type}`).join(', ');
      const source = `json_array_elements(($${values.length}::text)::json) AS e`;
      parts.push(
        `i${parts.length} AS (INSERT INTO ${nameOf(table)} (${names}) OVERRIDING SYSTEM VALUE SELECT ${list} FROM ${source} RETURNING 1)`,
      );
    }
    yield* ask(`WITH ${parts.join(', ')} SELECT 1`, values);
  }

  *update(row: StoredRow, columns: readonly Column[]): Steps<void> {
    const { table } = row;
    const key = columnsOf(table, table.key);
    const value = ({ type }: Column, i: number): string => `($${i + 1}::text)::${type}`;
    const sets = columns.map((column, i) => `${quote(column.name)} = ${value(column, i)}`).join(', ');
    const where = key
      .map((column, i) => `${quote(column.name)} = ${value(column, columns.length + i)}`)
      .join(' AND ');
    const names = [...columns, ...key].map(({ name }) => name);
    yield* ask(`UPDATE ${nameOf(table)} SET ${sets} WHERE ${where}`, cellsIn(row, names));
  }

  *remove(row: StoredRow): Steps<void> {
    const { table } = row;
    const where = columnsOf(table, table.key).map(
      ({ name, type }, i) => `${quote(name)} = ($${i + 1}::text)::${type}`,
    );
    yield* ask(`DELETE FROM ${nameOf(table)} WHERE ${where.join(' AND ')}`, cellsIn(row, table.key));
  }

  isNotUnique(error: unknown): boolean {
    return sqlState(error) === '23505';
  }

  /** Classes 22 and 42: values and statements that are wrong; a type that cannot be told is among them. */
  isStatementFault(error: unknown): boolean {
    return /^(?:22|42)/.test(sqlState(error));
  }

  *#at(table: Table, places: readonly string[]): Steps<readonly StoredRow[]> {
    const list = table.columns
      .map(({ name }, i) => `${readingOf(`${ROW}.${quote(name)}`)} AS c${i}`)
      .join(', ');
    const answer = yield* ask(
      `SELECT ${list} FROM ONLY ${nameOf(table)} AS ${ROW}
        WHERE ${ROW}.ctid = ANY (ARRAY(SELECT e::tid FROM json_array_elements_text(($1::text)::json) AS e))`,
      [JSON.stringify(places)],
    );
    if (answer.length !== places.length) throw new Error('rows were changed while they were captured');
    return rowsOfAnswer(table.columns.length, answer).map((cells) => ({ table, cells }));
  }
}

function sqlState(error: unknown): string {
  const code = error instanceof Error ? (error as { readonly code?: unknown }).code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : '';
}
