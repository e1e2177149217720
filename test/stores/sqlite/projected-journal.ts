import type { RecordDraft } from '../../../src/core/chain.ts';
import type { SqliteDatabase } from '../../../src/stores/sqlite/database.ts';
import { Projection, type ProjectionOptions } from '../../../src/stores/sqlite/projection.ts';
import { WrittenJournal } from '../../journal/written-journal.ts';
import { openDatabase, storeRecords } from './stored-journal.ts';

/** A journal in a new database, and its projection. All writers are alive unless it is told otherwise. */
export class ProjectedJournal {
  readonly database: SqliteDatabase;
  readonly projection: Projection;
  readonly journal = new WrittenJournal();

  constructor(options: Partial<ProjectionOptions> = {}) {
    this.database = openDatabase();
    this.projection = new Projection(this.database, { writerIsAlive: () => true, ...options });
  }

  append(...drafts: readonly RecordDraft[]): void {
    const records = drafts.map(({ writer, kind, actionId, body }) =>
      this.journal.append(writer.id, kind, actionId, body()),
    );
    storeRecords(this.database, records);
  }

  /** Removes the oldest records as retention does. */
  prune(through: number): void {
    const position = this.journal.records.at(-1)?.position ?? 0;
    this.journal.prune('first', through);
    this.database.transaction(() => {
      this.projection.forget(through);
      this.database.prepare('DELETE FROM journal WHERE position <= ?').run(through);
    });
    storeRecords(
      this.database,
      this.journal.records.filter((record) => record.position > position),
    );
  }
}

/** Everything that the projection's tables hold, but for how far they have come. */
export function contentOf(database: SqliteDatabase): unknown {
  const rows = (sql: string): unknown[] =>
    database
      .prepare(sql)
      .all()
      .map((row) => Object.values(row));
  // The text index is made with the first record.
  const isEmpty = rows("SELECT 1 FROM sqlite_schema WHERE name = 'entries_text'").length === 0;
  return {
    entries: rows('SELECT * FROM entries ORDER BY position'),
    tags: rows('SELECT * FROM entry_tags ORDER BY tag, position'),
    counts: rows('SELECT dimension, minute, name, outcome, count FROM rollups ORDER BY 1, 2, 3, 4'),
    totals: rows(
      "SELECT dimension, name, outcome, count FROM totals WHERE dimension NOT IN ('decision', 'duration') ORDER BY 1, 2, 3",
    ),
    sessions: rows('SELECT session_id, count FROM sessions ORDER BY session_id'),
    texts: isEmpty ? [] : rows('SELECT rowid FROM entries_text ORDER BY rowid'),
  };
}

/** What {@link contentOf} says of a projection of the same journal that was made at once. */
export function madeAtOnce(made: ProjectedJournal): unknown {
  const fresh = new ProjectedJournal();
  fresh.database.prepare('ATTACH DATABASE ? AS other').run(made.database.path);
  fresh.database.prepare('INSERT INTO journal SELECT * FROM other.journal').run();
  fresh.projection.catchUp();
  const content = contentOf(fresh.database);
  fresh.database.close();
  return content;
}
