import { IrreversibleError } from '../../core/errors.ts';
import type { Database, Frame, Generated } from './database.ts';
import type { Gathering } from './gather.ts';
import { itemOf, labelOf } from './rows.ts';
import type { InsertChange, InsertValue } from './sql/change.ts';
import type { Steps } from './steps.ts';
import { type Cells, columnsOf, type StoredRow, type Table } from './table.ts';

/** How the rows that an INSERT adds are found once it is done. A JSON value. */
export type Awaited =
  | {
      readonly how: 'values';
      readonly columns: readonly string[];
      readonly cells: readonly Cells[];
      /** Items that were there before. */
      readonly known: readonly string[];
      /** True where a row may be passed over, or changed instead. */
      readonly isLenient: boolean;
      /** True for an upsert. */
      readonly updates: boolean;
    }
  | { readonly how: 'generated'; readonly generated: Generated; readonly expected: number | null };

/** What is known of an INSERT before it runs. */
export interface InsertPlan {
  readonly table: Table;
  readonly awaited: Awaited;
}

/** Finds out how the rows that an INSERT will add can be told from all others, and gathers those that it may change. */
export function* planInsert(
  db: Database,
  change: InsertChange,
  gathering: Gathering,
  frame: Frame,
): Steps<InsertPlan> {
  const table = yield* gathering.table(change.target.name);
  gathering.checkTriggers(table, 'insert');
  const names = namesOf(change, table, gathering);
  const { conflict } = change;
  if (conflict.kind === 'update') {
    gathering.checkTriggers(table, 'update');
    const target = gathering.columns(table, conflict.target);
    const sets = gathering.columns(table, conflict.sets);
    gathering.checkKey(table, sets);
    checkUntouched(table, target, sets, db);
    yield* db.checkUnique(table, target);
    const values = explicit(change, names, target);
    if (values === null) throw new IrreversibleError('An upsert whose values are computed is not captured');
    return {
      table,
      awaited: yield* planValues(db, table, target, values, gathering, { lenient: true, sets }),
    };
  }
  const isLenient = conflict.kind === 'ignore';
  const values = explicit(change, names, table.key);
  if (values !== null) {
    // Between capture and act somebody else may add the key, and the act pass it over.
    if (!(isLenient && frame === 'none' && db.name === 'postgres')) {
      return {
        table,
        awaited: yield* planValues(db, table, table.key, values, gathering, {
          lenient: isLenient,
          sets: null,
        }),
      };
    }
    throw new IrreversibleError(
      'An INSERT that passes over rows which are there already is captured with the option `transaction: true` of the handler only',
    );
  }
  refuseNull(change, names, table, db);
  if (table.key.length === 1 && isMixed(change, names, table.key)) {
    throw new IrreversibleError('It gives the keys of some rows and not of others');
  }
  const generated = yield* db.generated(table, change.returning, frame);
  const expected = isLenient ? null : (change.rows?.length ?? null);
  return { table, awaited: { how: 'generated', generated, expected } };
}

/** The columns that values are given for, by position. */
function namesOf({ columns, rows }: InsertChange, table: Table, gathering: Gathering): readonly string[] {
  const names =
    columns === null
      ? table.columns.filter(({ isHidden }) => !isHidden).map(({ name }) => name)
      : gathering.columns(table, columns);
  const odd = rows?.find(
    (row) => row.length !== names.length && row.length > 0 && (columns !== null || row.length > names.length),
  );
  if (odd !== undefined)
    throw new IrreversibleError('Its rows do not have as many values as there are columns');
  return names;
}

/** The values of some columns in every row, where each of them is said in so many words. */
function explicit(
  { rows }: InsertChange,
  names: readonly string[],
  columns: readonly string[],
): readonly (readonly InsertValue[])[] | null {
  const places = columns.map((name) => names.indexOf(name));
  if (rows === null || rows.length === 0 || places.includes(-1)) return null;
  const picked = rows.map((row) => places.flatMap((place) => row[place] ?? []));
  const isPlain = picked.every(
    (row) => row.length === places.length && row.every(({ kind }) => kind === 'plain'),
  );
  return isPlain ? picked : null;
}

/** Only a row id is given out for NULL; any other key that is NULL fails, or in SQLite finds nothing again. */
function refuseNull({ rows }: InsertChange, names: readonly string[], table: Table, db: Database): void {
  const [only] = columnsOf(table, table.key);
  const isRowId = only?.name === table.rowId || only?.type.toUpperCase() === 'INTEGER';
  if (table.rowId !== null && table.key.length === 1 && isRowId) return;
  const missing = table.key.find((name) => rows?.some((row) => row[names.indexOf(name)]?.kind === 'null'));
  if (missing === undefined) return;
  throw new IrreversibleError(
    `It has NULL in ${missing}, a part of the primary key of ${labelOf(db, table)}`,
  );
}

/** Whether some of the values are said and some left to the database. */
function isMixed({ rows }: InsertChange, names: readonly string[], key: readonly string[]): boolean {
  const kinds = (rows ?? []).flatMap((row) => key.map((name) => row[names.indexOf(name)]?.kind === 'plain'));
  return kinds.includes(true);
}

function* planValues(
  db: Database,
  table: Table,
  columns: readonly string[],
  values: readonly (readonly InsertValue[])[],
  gathering: Gathering,
  { lenient, sets }: { readonly lenient: boolean; readonly sets: readonly string[] | null },
): Steps<Awaited> {
  const described = columnsOf(table, columns);
  const unclear = described.find(({ isPlain }) => !isPlain);
  if (unclear !== undefined) {
    throw new IrreversibleError(`A key of type ${unclear.type} is not looked up before it is inserted`);
  }
  const token = yield* db.settle();
  const cells = yield* db.cellsOf(
    described,
    values.map((row) => row.map(({ fragment }) => fragment)),
  );
  const found = yield* db.withValues(table, { columns: described, cells }, gathering.search);
  const rows: readonly StoredRow[] = yield* gathering.read(found, table);
  if (sets !== null) yield* gathering.reach(rows, { isRemoved: false, columns: sets });
  yield* db.unsettle(token);
  const known = rows.map((row) => itemOf(db, row));
  return { how: 'values', columns, cells, known, isLenient: lenient, updates: sets !== null };
}

function checkUntouched(
  table: Table,
  target: readonly string[],
  sets: readonly string[],
  db: Database,
): void {
  const changed = sets.find((name) => target.includes(name));
  if (changed === undefined) return;
  throw new IrreversibleError(
    `The upsert changes ${changed}, by which it finds the rows of ${labelOf(db, table)}`,
  );
}
