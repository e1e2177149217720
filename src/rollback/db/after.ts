import { IrreversibleError } from '../../core/errors.ts';
import type { ItemStates } from '../../core/snapshot.ts';
import type { ActOutcome, AfterContext } from '../handler.ts';
import { type CapturedData, rowsOfData, tablesOfData, withAdded } from './data.ts';
import type { ChangeCount, Database, Frame } from './database.ts';
import type { Settings } from './options.ts';
import type { Awaited } from './plan-insert.ts';
import { itemOf, labelOf } from './rows.ts';
import { statesOf } from './state.ts';
import type { Steps } from './steps.ts';
import { columnsOf, type StoredRow, type Table } from './table.ts';

/** What is known once the act is done. */
export interface Noted {
  readonly data: CapturedData;
  readonly after: ItemStates;
}

/** Finds the rows that the act added and reads what it left. Throws IrreversibleError where they cannot be told apart. */
export function* afterSteps(
  db: Database,
  data: CapturedData,
  outcome: ActOutcome,
  settings: Settings,
  { blobs }: AfterContext,
): Steps<Noted> {
  const tables = yield* tablesOfData(db, data);
  const { before } = rowsOfData(data, tables, blobs);
  const { awaited, mark, frame } = data.pending ?? { awaited: null, mark: null, frame: 'none' };
  const counted = yield* db.changesSince(mark, tables);
  if (counted.doubt !== null && !settings.acceptsTriggers) throw new IrreversibleError(counted.doubt);
  if (awaited === null) checkCount(db, counted, before.length, tables.length > 1, outcome, settings);
  const token = yield* db.settle();
  const [target] = tables;
  const added =
    awaited === null || target === undefined
      ? []
      : yield* addedRows(db, awaited, { target, counted, outcome, settings, frame: frame as Frame });
  // A key that is NULL finds nothing again.
  for (const row of added) itemOf(db, row);
  const after = yield* statesOf(db, { before, added }, settings.maxRows);
  yield* db.unsettle(token);
  return { data: withAdded(data, tables, added), after };
}

interface Addition {
  readonly target: Table;
  readonly counted: ChangeCount;
  readonly outcome: ActOutcome;
  readonly settings: Settings;
  readonly frame: Frame;
}

function* addedRows(db: Database, awaited: Awaited, addition: Addition): Steps<readonly StoredRow[]> {
  const { target, counted, outcome, settings, frame } = addition;
  const search = { limit: settings.maxRows, lock: false };
  const all = settings.acceptsTriggers ? null : counted.all;
  const number = counted.added ?? all;
  if (number === 0 && counted.all === 0) return [];
  if (!outcome.succeeded && frame === 'none') {
    if (counted.all !== null || awaited.how === 'generated') {
      throw new IrreversibleError(
        'The tool failed, and nobody can say whether it had added its rows by then',
      );
    }
  }
  const isAlone = settings.acceptsTriggers || counted.added === null || counted.all === counted.added;
  if (!isAlone && !(awaited.how === 'values' && awaited.updates)) {
    throw new IrreversibleError(
      'More was changed meanwhile than the rows that it added: nobody can say which are its own',
    );
  }
  if (awaited.how === 'generated') {
    const { generated, expected } = awaited;
    return yield* db.generatedRows(
      target,
      generated,
      { expected, counted: number, result: outcome.result },
      search,
    );
  }
  const { columns, cells, known, isLenient, updates } = awaited;
  const found = yield* db.withValues(target, { columns: columnsOf(target, columns), cells }, search);
  const rows = found.count === 0 ? [] : yield* found.rows();
  const fresh = rows.filter((row) => !known.includes(itemOf(db, row)));
  if (!outcome.succeeded && frame === 'none') {
    if (fresh.length === 0) return [];
    throw new IrreversibleError(
      'The tool failed, and yet rows of its keys were added: nobody can say by whom',
    );
  }
  if (isLenient && fresh.length > 0) {
    const own = updates ? null : number;
    if (own !== null && own !== fresh.length) {
      throw new IrreversibleError(
        `It added ${own} rows to ${labelOf(db, target)}, and ${fresh.length} of its keys are new: nobody can say which are its own`,
      );
    }
    yield* db.checkAdded(fresh, frame);
  }
  return fresh;
}

/** An UPDATE or DELETE that changed more rows than were captured can be undone in part only, which is not undone. */
function checkCount(
  db: Database,
  { all }: ChangeCount,
  captured: number,
  hasFurtherTables: boolean,
  { result, succeeded }: ActOutcome,
  { acceptsTriggers }: Settings,
): void {
  // Two foreign keys may change one row twice.
  const most = hasFurtherTables ? captured * 2 : captured;
  const counted = all !== null && !acceptsTriggers && all > most ? all : null;
  const told = succeeded && !hasFurtherTables ? rowCountOf(result) : null;
  // In SQLite fewer are those that OR IGNORE passed over; in PostgreSQL somebody else has taken them away.
  const isOdd = told !== null && (told > captured || (told < captured && db.name === 'postgres'));
  const differs = isOdd ? told : counted;
  if (differs === null) return;
  throw new IrreversibleError(
    `It changed ${differs} rows, and ${captured} were captured before it: somebody else wrote between the two, or it is not the statement that ran`,
  );
}

/** How many rows a driver says were changed, where the tool hands its answer through. */
function rowCountOf(result: unknown): number | null {
  if (typeof result !== 'object' || result === null) return null;
  const { rowCount, changes, count, command } = result as Readonly<Record<string, unknown>>;
  const told =
    rowCount ?? changes ?? (Array.isArray(result) && typeof command === 'string' ? count : undefined);
  if (typeof told === 'bigint') return Number(told);
  return typeof told === 'number' && Number.isInteger(told) && told >= 0 ? told : null;
}
