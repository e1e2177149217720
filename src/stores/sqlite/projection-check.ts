import { foldEntry } from '../../core/entry.ts';
import type { JournalRecord } from '../../core/record.ts';
import type { SqlDatabase, SqlValue } from '../database.ts';
import { type EntryRow, entryRowOf, positionsOf, rowOfEntry } from './entry-row.ts';
import { recordsAt } from './folding.ts';
import { readable } from './journal-row.ts';

/** A place where the projection does not say what the journal says. */
export interface ProjectionDifference {
  /** Of the record, or of the row where no record is like it. */
  readonly position: number;
  /** Empty where it is about no action. */
  readonly actionId: string;
  /** What is wrong, as a sentence that begins with the position. */
  readonly problem: string;
}

/** Rows that are read in one transaction: short enough that no writer waits long. */
const PAGE = 256;

const PLACE = `SELECT (SELECT ${readable('max(position)')} FROM journal) AS newest,
  (SELECT ${readable('position')} FROM projection) AS position`;
const RECORDS = `SELECT j.position, j.kind, j.action_id, ${readable('e.position')} AS entry_position, e.positions
  FROM journal j LEFT JOIN entries e ON e.action_id = j.action_id
  WHERE j.position > ? AND j.position <= ? ORDER BY j.position LIMIT ${PAGE}`;
const ENTRIES = `SELECT ${readable('position')} AS position, action_id, positions, writer_id, state, outcome, verdict,
  agent_id, task_id, session_id, action_type, tool_name, rule_name, ${readable('at')} AS at, latency_ms
  FROM entries WHERE position > ? ORDER BY entries.position LIMIT ${PAGE}`;
const BEFORE_ALL = -(2n ** 63n);

/** Makes the projection anew from the journal when the next question is asked. Nothing is lost by it. */
export const REBUILD =
  'BEGIN IMMEDIATE; DELETE FROM entries; DELETE FROM entry_tags; DELETE FROM entry_minutes; DELETE FROM rollups; ' +
  'DELETE FROM totals; DELETE FROM sessions; ' +
  'DROP TABLE IF EXISTS entries_text; INSERT OR REPLACE INTO projection VALUES (1, 0, 0); COMMIT;';

/**
 * Compares the entries with the journal, as far as they were made of it: every action with a decision has a row, at its
 * first one that is retained, that says what its records say, and there is no other row. Both are walked by position, a
 * page at a time, so that the memory needed does not grow with them; each page is compared as it is at one moment, so
 * that guards may write, catch up and prune meanwhile. Throws what the database says.
 */
export function* projectionDifferences(database: SqlDatabase): Generator<ProjectionDifference> {
  const { newest, position } = placeOf(database);
  if (position > newest) {
    const problem =
      `is how far the entries were made, but the journal ends at position ${newest}: its end was cut off, or ` +
      'somebody edited the table `projection`';
    yield { position, actionId: '', problem };
  }
  yield* unlisted(database, Math.min(position, newest));
  yield* unfounded(database);
}

/** The records through a position that no row has taken up. */
function* unlisted(database: SqlDatabase, through: number): Generator<ProjectionDifference> {
  let after = 0;
  // One action is told once, while its records are near each other.
  let told = new Set<string>();
  while (after < through) {
    const { rows, found } = database.transaction(() => {
      const place = placeOf(database);
      const rows = database.prepare(RECORDS).all(after, Math.min(through, place.position));
      return { rows, found: rows.flatMap((row) => unlistedRecord(database, row)) };
    });
    for (const difference of found) {
      if (told.has(difference.actionId)) continue;
      if (told.size >= PAGE) told = new Set();
      told.add(difference.actionId);
      yield difference;
    }
    after = Number(rows.at(-1)?.position ?? through);
  }
}

function unlistedRecord(
  database: SqlDatabase,
  row: Readonly<Record<string, SqlValue>>,
): ProjectionDifference | [] {
  const position = Number(row.position);
  const actionId = String(row.action_id);
  const isDecision = row.kind === 'decided' || row.kind === 'waiting';
  const entry = row.entry_position === null ? undefined : Number(row.entry_position);
  // What comes before an action's first decision belongs to no entry.
  if (actionId === '' || (!isDecision && (entry === undefined || position < entry))) return [];
  if (entry !== undefined && positionsOf(entry, row.positions).includes(position)) return [];
  // A body that cannot be read was edited, which shows by its hash. No entry can be made of it.
  if (!recordsAt(database, [position]).has(position)) return [];
  const problem =
    entry === undefined
      ? 'is the decision of an action that the log and the export leave out: its row in the table `entries` was removed'
      : 'is a record that the log and the export leave out of its action: its row in the table `entries` was edited';
  return { position, actionId, problem };
}

/** The rows that do not say what their records say. */
function* unfounded(database: SqlDatabase): Generator<ProjectionDifference> {
  let after: number | bigint = BEFORE_ALL;
  for (;;) {
    const { rows, found } = database.transaction(() => {
      const rows = database.prepare(ENTRIES).all(after).map(entryRowOf);
      const { position } = placeOf(database);
      const records = recordsAt(
        database,
        rows.flatMap((row) => row.positions),
      );
      return { rows, found: rows.flatMap((row) => unfoundedRow(row, records, position)) };
    });
    yield* found;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE || last.position === Number.MAX_SAFE_INTEGER) return;
    after = last.position;
  }
}

function unfoundedRow(
  row: EntryRow,
  all: ReadonlyMap<number, JournalRecord>,
  through: number,
): ProjectionDifference | [] {
  const { position, actionId, positions } = row;
  const records = [...new Set(positions)].flatMap((at) => {
    const record = at <= through ? all.get(at) : undefined;
    return record?.actionId === actionId ? record : [];
  });
  records.sort((a, b) => a.position - b.position);
  const [first] = records;
  const entry = first?.kind === 'decided' || first?.kind === 'waiting' ? foldEntry(records) : undefined;
  if (entry === undefined) {
    const problem =
      'has a row in the table `entries`, but the journal has no such decision: the row was added or moved';
    return { position, actionId, problem };
  }
  const differing = differences(row, rowOfEntry(entry, records));
  if (differing.length === 0) return [];
  const problem = `has a row in the table \`entries\` that is not what its records say (${differing.join(', ')}): the row was edited`;
  return { position, actionId, problem };
}

/** Where two rows differ, by the names of the columns. */
function differences(row: EntryRow, expected: EntryRow): string[] {
  const names = Object.keys(expected) as (keyof EntryRow)[];
  return names
    .filter((name) => textOfField(row[name]) !== textOfField(expected[name]))
    .map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** As the database keeps it: it has no half of a surrogate pair. */
function textOfField(value: EntryRow[keyof EntryRow]): string {
  return JSON.stringify(typeof value === 'string' ? value.toWellFormed() : value);
}

function placeOf(database: SqlDatabase): { readonly newest: number; readonly position: number } {
  const row = database.prepare(PLACE).get();
  return { newest: Number(row?.newest ?? 0), position: Number(row?.position ?? 0) };
}
