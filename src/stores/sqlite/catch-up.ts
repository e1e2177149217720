import type { JournalRecord } from '../../core/record.ts';
import type { SqlDatabase } from '../database.ts';
import { positionsOf, textOf } from './entry-row.ts';
import { EntryWriter } from './entry-writer.ts';
import { foldAt, openable } from './folding.ts';
import { readable, recordOfRow, SELECT_RECORDS } from './journal-row.ts';
import type { TextIndex } from './text-index.ts';

/** Records that are taken up in one transaction: short enough that no writer waits long. */
const BATCH = 500;

const PLACE = `SELECT (SELECT ${readable('max(position)')} FROM journal) AS newest,
  (SELECT ${readable('position')} FROM projection) AS position,
  (SELECT ${readable('text_position')} FROM projection) AS text_position`;
const KEEP_PLACE = `INSERT INTO projection (id, position, text_position) VALUES (1, ?, ?)
  ON CONFLICT (id) DO UPDATE SET position = excluded.position, text_position = excluded.text_position`;
const NEXT_RECORDS = `${SELECT_RECORDS} WHERE j.position > ? ORDER BY j.position LIMIT ${BATCH}`;
const NEXT_TEXTS = `SELECT e.position, e.positions, j.position AS journal_position
  FROM journal j LEFT JOIN entries e ON e.action_id = j.action_id AND j.kind IN ('waiting', 'decided')
  WHERE j.position > ? AND j.position <= ? ORDER BY j.position LIMIT ${BATCH}`;

/** How far the projection has come: positions of the journal. */
interface Place {
  readonly newest: number;
  readonly position: number;
  /** The same of the texts: behind where a process without full-text search caught up. */
  readonly textPosition: number;
}

/** Brings the projection up to the journal. Any number of processes may do so at once: none does work twice. */
export class CatchUp {
  readonly #database: SqlDatabase;
  readonly #text: TextIndex;

  constructor(database: SqlDatabase, text: TextIndex) {
    this.#database = database;
    this.#text = text;
  }

  /** Returns when all is taken up that was there when it was called, or more. Throws what the database says. */
  run(): void {
    let place = this.#place();
    const end = place.newest;
    while (place.position < Math.min(end, place.newest) || this.#hasTextsBehind(place)) {
      this.#database.transaction(() => this.#step());
      place = this.#place();
    }
  }

  /** The same for at most so many milliseconds; whether all is taken up that was there. */
  runFor(millis: number, now: () => number): boolean {
    const deadline = now() + millis;
    let place = this.#place();
    while (place.position < place.newest || this.#hasTextsBehind(place)) {
      if (now() >= deadline) return false;
      this.#database.transaction(() => this.#step());
      place = this.#place();
    }
    return true;
  }

  #place(): Place {
    const row = this.#database.prepare(PLACE).get();
    return {
      newest: Number(row?.newest ?? 0),
      position: Number(row?.position ?? 0),
      textPosition: Number(row?.text_position ?? 0),
    };
  }

  #hasTextsBehind({ position, textPosition }: Place): boolean {
    return textPosition < position && this.#text.available;
  }

  #step(): void {
    // Another process may have come further since.
    const place = this.#place();
    if (this.#text.available) {
      this.#text.create();
      this.#text.removePruned();
    }
    if (this.#hasTextsBehind(place)) this.#takeTexts(place);
    else if (place.position < place.newest) this.#takeRecords(place);
  }

  #takeRecords({ position, textPosition }: Place): void {
    const rows = this.#database.prepare(NEXT_RECORDS).all(position);
    const actions = new Map<string, JournalRecord[]>();
    for (const row of rows) {
      const record = openable(recordOfRow(row));
      if (record === undefined || record.actionId === '') continue;
      const others = actions.get(record.actionId);
      if (others === undefined) actions.set(record.actionId, [record]);
      else others.push(record);
    }
    const writer = new EntryWriter(this.#database, this.#text);
    for (const [actionId, records] of actions) writer.take(actionId, records);
    writer.finish();
    const last = Number(rows.at(-1)?.position ?? position);
    this.#database.prepare(KEEP_PLACE).run(last, this.#text.available ? last : textPosition);
  }

  #takeTexts({ position, textPosition }: Place): void {
    const rows = this.#database.prepare(NEXT_TEXTS).all(textPosition, position);
    const entries = new Map<number, readonly number[]>();
    for (const row of rows) {
      if (row.position !== null) {
        const at = Number(row.position);
        entries.set(at, positionsOf(at, row.positions));
      }
    }
    for (const [at, positions] of entries) {
      const [entry] = foldAt(this.#database, [positions]);
      if (entry !== undefined) this.#text.put(at, textOf(entry.intent), textOf(entry.reason), true);
    }
    const last = Number(rows.at(-1)?.journal_position ?? position);
    this.#database.prepare(KEEP_PLACE).run(position, rows.length < BATCH ? position : last);
  }
}
