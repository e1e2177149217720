import { RollbackFailedError } from '../../core/errors.ts';
import type { ItemStates } from '../../core/snapshot.ts';
import type { CapturedRows } from './data.ts';
import type { Database } from './database.ts';
import { itemOf, textOfRow } from './rows.ts';
import { byTable, rowsNow } from './state.ts';
import { ask, type Steps } from './steps.ts';
import type { Column, ForeignKey, StoredRow } from './table.ts';

/** What rows may be found as: the states that nothing is lost from when they are put back. */
export interface Expected {
  /** As the act left them, or as somebody who wants to overwrite them has seen them; `null`: not known. */
  readonly after: ItemStates | null;
}

/** A row that is to change, and its columns that do. */
interface Update {
  readonly row: StoredRow;
  readonly columns: readonly Column[];
}

/**
 * Puts rows back, within a transaction. Rows that are as before are left alone. Throws RollbackFailedError where one is
 * neither as before nor as expected, or is not as it was in the end: the transaction must then be given up.
 */
export function* restoreSteps(
  db: Database,
  rows: CapturedRows,
  { after }: Expected,
  limit: number,
): Steps<void> {
  const all = [...rows.before, ...rows.added];
  const now = new Map((yield* rowsNow(db, all, { limit, lock: true })).map((row) => [itemOf(db, row), row]));
  const before = new Map(rows.before.map((row) => [itemOf(db, row), row]));
  const items = all.map((row) => itemOf(db, row));
  refuseConflicts(db, items, { before, now, after });
  const missing = rows.before.filter((row) => !now.has(itemOf(db, row)));
  const updates = rows.before.flatMap((row): Update[] => {
    const found = now.get(itemOf(db, row));
    if (found === undefined) return [];
    const columns = row.table.columns.filter((_, i) => row.cells[i] !== found.cells[i]);
    return columns.length === 0 ? [] : [{ row, columns }];
  });
  const extra = rows.added.flatMap((row) => now.get(itemOf(db, row)) ?? []);
  yield* refuseDependents(db, extra, updates, items, limit);
  if (missing.length > 0) yield* db.insert(missing);
  yield* inAnyOrder(db, updates);
  for (const row of extra) yield* db.remove(row);
  yield* verify(db, rows, limit);
}

interface Times {
  readonly before: ReadonlyMap<string, StoredRow>;
  readonly now: ReadonlyMap<string, StoredRow>;
  readonly after: ItemStates | null;
}

function refuseConflicts(db: Database, items: readonly string[], { before, now, after }: Times): void {
  const conflicts = items.flatMap((item) => {
    const found = now.get(item);
    const was = before.get(item);
    const text = found === undefined ? undefined : textOfRow(db, found);
    const earlier = was === undefined ? undefined : textOfRow(db, was);
    const left = after !== null && Object.hasOwn(after, item) ? after[item] : undefined;
    if (text === earlier || (after !== null && text === left)) return [];
    return [{ item, before: earlier ?? null, after: left ?? null, now: text ?? null }];
  });
  if (conflicts.length === 0) return;
  const told = conflicts.slice(0, 5).map(({ item, now: text }) => `${item} is ${text ?? 'not there'}`);
  throw new RollbackFailedError(
    `Rows were changed since the action, and nothing was changed: ${told.join('; ')}${conflicts.length > 5 ? `; and ${conflicts.length - 5} more` : ''}.`,
    { conflicts },
  );
}

/**
 * Removing a row that somebody refers to by now, or changing what they refer to, would have their rows removed or changed
 * by the foreign key.
 */
function* refuseDependents(
  db: Database,
  extra: readonly StoredRow[],
  updates: readonly Update[],
  own: readonly string[],
  limit: number,
): Steps<void> {
  for (const [table, rows] of byTable(extra)) {
    for (const key of table.referredBy) {
      if (key.onDelete !== 'none') yield* refuseForeign(db, rows, key, own, limit);
    }
  }
  for (const [table, rows] of byTable(updates.map(({ row }) => row))) {
    for (const key of table.referredBy) {
      if (key.onUpdate === 'none') continue;
      const changing = updates.filter(
        ({ row, columns }) => rows.includes(row) && columns.some(({ name }) => key.references.includes(name)),
      );
      if (changing.length > 0)
        yield* refuseForeign(
          db,
          changing.map(({ row }) => row),
          key,
          own,
          limit,
        );
    }
  }
}

function* refuseForeign(
  db: Database,
  rows: readonly StoredRow[],
  key: ForeignKey,
  own: readonly string[],
  limit: number,
): Steps<void> {
  const child = yield* db.table(key.from);
  const found = yield* db.referring(rows, key, child, { limit, lock: false });
  const referring = found.count === 0 ? [] : yield* found.rows();
  const foreign = referring.map((row) => itemOf(db, row)).find((item) => !own.includes(item));
  if (foreign === undefined && found.count <= limit) return;
  const what = rows.map((row) => itemOf(db, row)).slice(0, 3);
  throw new RollbackFailedError(
    `${foreign ?? `A row of ${key.from.join('.')}`} refers to ${what.join(' or ')} by now and would be changed with it. Nothing was changed.`,
  );
}

const SAVEPOINT = 'plyra_restore';

/**
 * A value that must be unique may still be in a row whose turn comes later. The act itself found an order, so there is one:
 * its own, backwards.
 */
function* inAnyOrder(db: Database, updates: readonly Update[]): Steps<void> {
  if (updates.length === 0 || (yield* attempt(db, updates)) === undefined) return;
  let waiting = updates;
  while (waiting.length > 0) {
    const refused: Update[] = [];
    let reason: unknown;
    for (const update of waiting) {
      const error = yield* attempt(db, [update]);
      if (error === undefined) continue;
      reason = error;
      refused.push(update);
    }
    if (refused.length === waiting.length) throw reason;
    waiting = refused;
  }
}

/** Makes all of the updates or none. Answers with the error where another row has a value that must be unique. */
function* attempt(db: Database, updates: readonly Update[]): Steps<unknown> {
  yield* ask(`SAVEPOINT ${SAVEPOINT}`);
  try {
    for (const { row, columns } of updates) yield* db.update(row, columns);
  } catch (error) {
    if (!db.isNotUnique(error)) throw error;
    yield* ask(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
    return error;
  }
  yield* ask(`RELEASE SAVEPOINT ${SAVEPOINT}`);
  return undefined;
}

function* verify(db: Database, rows: CapturedRows, limit: number): Steps<void> {
  const now = new Map(
    (yield* rowsNow(db, [...rows.before, ...rows.added], { limit, lock: false })).map((row) => [
      itemOf(db, row),
      row,
    ]),
  );
  const wrong = [
    ...rows.before.filter((row) => !isSame(row, now.get(itemOf(db, row)))),
    ...rows.added.filter((row) => now.has(itemOf(db, row))),
  ];
  const [first] = wrong;
  if (first === undefined) return;
  throw new RollbackFailedError(
    `${itemOf(db, first)} could not be put back as it was: a trigger or a rule of the table changes what is written. Nothing was changed.`,
  );
}

function isSame({ cells }: StoredRow, now: StoredRow | undefined): boolean {
  return now !== undefined && cells.every((cell, i) => cell === now.cells[i]);
}
