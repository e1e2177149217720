import type { RecordDraft } from '../../core/chain.ts';
import type { AuditEntry } from '../../core/entry.ts';
import type { Ingested } from '../../core/ingested.ts';
import type {
  ActionLog,
  ActionTrail,
  CountedBy,
  DecisionSums,
  LogChanges,
  LogFilter,
  LogPage,
  MinuteCounts,
  NamedCounts,
  SessionPage,
  SessionPlace,
  TimeRange,
  TimesUpTo,
} from '../action-log.ts';
import type { SqliteDatabase } from './database.ts';
import { positionsOf } from './entry-row.ts';
import { sealedAt } from './folding.ts';
import { readable } from './journal-row.ts';
import type { Projection } from './projection.ts';
import { newestPosition } from './records.ts';
import type { Retention } from './retention.ts';
import { latenciesBetween } from './rollups.ts';
import { decisionCounts, decisionTimes, totalsBy } from './totals.ts';

/** What the log needs of the store. */
export interface SqliteLogOptions {
  readonly database: SqliteDatabase;
  readonly projection: Projection;
  readonly retention: Retention;
  /** Appends a record within the transaction that is open. */
  readonly append: (draft: RecordDraft) => void;
  /** Writes what the store has gathered. */
  readonly writeGathered: () => void;
}

const POSITIONS_OF = 'SELECT position, positions FROM entries WHERE action_id = ?';
const CHANGED = `SELECT ${readable('position')} AS position, action_id FROM journal
  WHERE position > ? ORDER BY position LIMIT ?`;
const TAKEN_UP = `SELECT ${readable('position')} AS position FROM projection`;
const SESSIONS = `SELECT session_id, count, first_at, last_at FROM sessions
  WHERE (last_at, session_id) < (?, ?) ORDER BY last_at DESC, session_id DESC LIMIT ?`;
const INGESTED = 'INSERT OR IGNORE INTO ingested (writer_id, seq, position) VALUES (?, ?, ?)';
/** Behind every text. */
const LAST_TEXT = '\u{10ffff}';

/** What is asked of a journal in an SQLite file, with indexes and counts that are kept up to date. */
export class SqliteLog implements ActionLog {
  readonly #options: SqliteLogOptions;

  constructor(options: SqliteLogOptions) {
    this.#options = options;
  }

  page(filter: LogFilter): LogPage {
    this.#options.writeGathered();
    return this.#options.projection.page(filter);
  }

  trail(actionId: string): ActionTrail | undefined {
    const { database, projection, writeGathered } = this.#options;
    writeGathered();
    const entry = projection.entry(actionId);
    const row = database.prepare(POSITIONS_OF).get(actionId);
    if (entry === undefined || row === undefined) return undefined;
    return { entry, records: sealedAt(database, positionsOf(Number(row.position), row.positions)) };
  }

  totals(by: CountedBy, name?: string): NamedCounts[] {
    return totalsBy(this.#upToDate(), by, name);
  }

  minutes(range: TimeRange): MinuteCounts[] {
    this.#options.writeGathered();
    return this.#options.projection.minutes(range);
  }

  latencies(range: TimeRange): TimesUpTo[] {
    return latenciesBetween(this.#upToDate(), range);
  }

  decisions(): DecisionSums {
    const database = this.#upToDate();
    const { buckets, millis } = decisionTimes(database);
    return { verdicts: decisionCounts(database), times: buckets, millis };
  }

  sessions({
    limit,
    before,
  }: {
    readonly limit: number;
    readonly before?: SessionPlace | undefined;
  }): SessionPage {
    const { lastAt = Number.MAX_SAFE_INTEGER, sessionId = LAST_TEXT } = before ?? {};
    const sessions = this.#upToDate()
      .prepare(SESSIONS)
      .all(lastAt, sessionId, limit)
      .map((row) => ({
        sessionId: String(row.session_id),
        actions: Number(row.count),
        firstAt: new Date(Number(row.first_at)),
        lastAt: new Date(Number(row.last_at)),
      }));
    const last = sessions.at(-1);
    const more = sessions.length === limit && last !== undefined;
    return {
      sessions,
      next: more ? { lastAt: last.lastAt.getTime(), sessionId: last.sessionId } : null,
    };
  }

  newest(): number {
    const { database, writeGathered } = this.#options;
    writeGathered();
    database.checkInPlace();
    return newestPosition(database);
  }

  lag(): number {
    const { database } = this.#options;
    const position = Number(database.prepare(TAKEN_UP).get()?.position ?? 0);
    return Math.max(0, newestPosition(database) - position);
  }

  changes(after: number, most: number): LogChanges {
    const { database, projection } = this.#options;
    const rows = database.prepare(CHANGED).all(after, most);
    const last = new Map<string, number>();
    for (const { position, action_id } of rows) {
      const id = String(action_id);
      // Set anew, so that the actions come in the order of their last records.
      last.delete(id);
      last.set(id, Number(position));
    }
    const through = Number(rows.at(-1)?.position ?? after);
    const entries = new Map<string, AuditEntry>();
    // What changed again since is told then, so that nothing is told twice.
    for (const entry of projection.entriesOf([...last.keys()], through)) entries.set(entry.actionId, entry);
    return {
      entries: [...last].flatMap(([id, position]) => {
        const entry = entries.get(id);
        return entry === undefined ? [] : [{ position, entry }];
      }),
      through,
    };
  }

  ingest(items: readonly Ingested[], draftOf: (item: Ingested) => RecordDraft): boolean[] {
    const { database, append, writeGathered } = this.#options;
    writeGathered();
    return database.transaction(() => {
      const insert = database.prepare(INGESTED);
      // Its record has this position or a later one: it is forgotten no later than its record.
      const position = newestPosition(database) + 1;
      return items.map((item) => {
        const { writer, seq } = item.origin;
        const isNew = Number(insert.run(writer.id, seq, position).changes) === 1;
        if (isNew) append(draftOf(item));
        return isNew;
      });
    });
  }

  tidy(millis: number, like: RecordDraft): boolean {
    const { database, projection, retention, writeGathered } = this.#options;
    writeGathered();
    database.checkInPlace();
    const isUpToDate = projection.catchUpFor(millis);
    if (isUpToDate && retention.isDue) retention.prune(like, newestPosition(database));
    return isUpToDate;
  }

  #upToDate(): SqliteDatabase {
    const { database, projection, writeGathered } = this.#options;
    writeGathered();
    projection.catchUp();
    return database;
  }
}
