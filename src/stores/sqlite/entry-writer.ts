import { foldEntry } from '../../core/entry.ts';
import type { JournalRecord } from '../../core/record.ts';
import type { SqlDatabase } from '../database.ts';
import { EntryMinutes, forgetMinutes } from './entry-minutes.ts';
import {
  CONTINUE_ENTRY,
  type EntryRow,
  entryRowOf,
  INSERT_ENTRY,
  REPLACE_ENTRY,
  rowOfEntry,
  SELECT_ENTRIES_THROUGH,
  SELECT_ENTRY,
  tagsOf,
  textOf,
  valuesOf,
} from './entry-row.ts';
import { recordsAt } from './folding.ts';
import { CountChanges } from './rollups.ts';
import type { TextIndex } from './text-index.ts';
import { TotalChanges } from './totals.ts';

const TEXTS_FROM = 'UPDATE projection SET text_position = min(text_position, ?)';

/** Writes entries and all that is found and counted by them, within one transaction. Call `finish` at its end. */
export class EntryWriter {
  readonly #database: SqlDatabase;
  readonly #text: TextIndex;
  readonly #counts = new CountChanges();
  readonly #totals = new TotalChanges();
  readonly #minutes = new EntryMinutes();

  constructor(database: SqlDatabase, text: TextIndex) {
    this.#database = database;
    this.#text = text;
  }

  /** Takes up an action's next records, oldest first. */
  take(actionId: string, records: readonly JournalRecord[]): void {
    this.#totals.decided(records);
    const row = this.#database.prepare(SELECT_ENTRY).get(actionId);
    if (row === undefined) this.#add(records);
    else this.#goOn(entryRowOf(row), records);
  }

  /** Removes what comes of the records up to a position. An action that was decided again behind it stays. */
  forget(throughPosition: number): void {
    const left: (readonly number[])[] = [];
    for (const row of this.#database.prepare(SELECT_ENTRIES_THROUGH).iterate(throughPosition)) {
      const entry = entryRowOf(row);
      this.#count(entry, -1);
      left.push(entry.positions.filter((position) => position > throughPosition));
    }
    this.#database.prepare('DELETE FROM entries WHERE position <= ?').run(throughPosition);
    this.#database.prepare('DELETE FROM entry_tags WHERE position <= ?').run(throughPosition);
    forgetMinutes(this.#database, throughPosition);
    if (this.#text.available) this.#text.removeThrough(throughPosition);
    const decidedAgain = left.filter((positions) => positions.length > 0);
    for (const positions of decidedAgain) {
      this.#add([...recordsAt(this.#database, positions).values()].sort(byPosition));
    }
    // Their texts are then to be taken up anew by a process that can.
    if (decidedAgain.length > 0 && !this.#text.available)
      this.#database.prepare(TEXTS_FROM).run(throughPosition);
  }

  /** Writes what was gathered. */
  finish(): void {
    this.#counts.write(this.#database);
    this.#totals.write(this.#database);
    this.#minutes.write(this.#database);
  }

  #count(row: EntryRow, by: 1 | -1): void {
    this.#counts.count(row, by);
    this.#totals.count(row, by);
  }

  #add(all: readonly JournalRecord[]): void {
    const records = all.slice(firstDecision(all));
    const entry = foldEntry(records);
    if (entry === undefined) return;
    const row = rowOfEntry(entry, records);
    this.#database.prepare(INSERT_ENTRY).run(...valuesOf(row));
    this.#count(row, 1);
    this.#minutes.note(row);
    this.#addTags(row.position, tagsOf(entry));
    if (this.#text.available) {
      this.#text.put(row.position, textOf(entry.intent), textOf(entry.reason), false);
    }
  }

  #goOn(known: EntryRow, records: readonly JournalRecord[]): void {
    const all = recordsAt(this.#database, known.positions);
    for (const record of records) all.set(record.position, record);
    const ordered = [...all.values()].sort(byPosition);
    const entry = foldEntry(ordered);
    if (entry === undefined) return;
    const row = { ...rowOfEntry(entry, ordered), position: known.position };
    if (!isCountedAs(known, row)) {
      this.#count(known, -1);
      this.#count(row, 1);
      this.#minutes.note(row);
    }
    if (isFoundAs(known, row)) {
      const { positions, writerId, state, outcome } = row;
      this.#database
        .prepare(CONTINUE_ENTRY)
        .run(positions.at(-1) ?? 0, JSON.stringify(positions), writerId, state, outcome, known.position);
    } else this.#database.prepare(REPLACE_ENTRY).run(...valuesOf(row));
    if (firstDecision(records) === records.length) return;
    this.#database.prepare('DELETE FROM entry_tags WHERE position = ?').run(known.position);
    this.#addTags(known.position, tagsOf(entry));
    if (this.#text.available) {
      this.#text.put(known.position, textOf(entry.intent), textOf(entry.reason), true);
    }
  }

  #addTags(position: number, tags: readonly string[]): void {
    const insert = this.#database.prepare('INSERT OR IGNORE INTO entry_tags (tag, position) VALUES (?, ?)');
    for (const tag of tags) insert.run(tag, position);
  }
}

function byPosition(a: JournalRecord, b: JournalRecord): number {
  return a.position - b.position;
}

/** The index of the first record that tells of a decision; the number of records where none does. */
function firstDecision(records: readonly JournalRecord[]): number {
  const index = records.findIndex(({ kind }) => kind === 'decided' || kind === 'waiting');
  return index === -1 ? records.length : index;
}

function isCountedAs(a: EntryRow, b: EntryRow): boolean {
  return (
    a.at === b.at &&
    a.outcome === b.outcome &&
    a.toolName === b.toolName &&
    a.agentId === b.agentId &&
    a.ruleName === b.ruleName &&
    a.sessionId === b.sessionId &&
    a.latencyMs === b.latencyMs
  );
}

/** True where they differ at most in how the action went on. */
function isFoundAs(a: EntryRow, b: EntryRow): boolean {
  return (
    a.at === b.at &&
    a.verdict === b.verdict &&
    a.agentId === b.agentId &&
    a.taskId === b.taskId &&
    a.sessionId === b.sessionId &&
    a.actionType === b.actionType &&
    a.toolName === b.toolName &&
    a.ruleName === b.ruleName &&
    a.latencyMs === b.latencyMs
  );
}
