import { hostname } from 'node:os';
import type { SealedRecord } from '../../core/chain.ts';
import type { Clock } from '../../core/clock.ts';
import type { AuditEntry } from '../../core/entry.ts';
import type { WriterId } from '../../core/record.ts';
import type { SqlValue } from '../database.ts';
import { SqliteDatabase } from './database.ts';
import type { EntryPage } from './entries.ts';
import type { EntryFilter } from './entry-query.ts';
import { readable } from './journal-row.ts';
import { Projection } from './projection.ts';
import { type ProjectionDifference, projectionDifferences } from './projection-check.ts';
import { newestPosition, sealedRecords } from './records.ts';
import { Writers } from './writers.ts';

/** A writer as the store knows it. */
export interface WriterStatus extends WriterId {
  /** `live`: it may still write. `dead`: it is gone without having closed. */
  readonly state: 'live' | 'closed' | 'dead';
  /** Epoch milliseconds; `null` where it did not close. */
  readonly closedAt: number | null;
  /** The last record when it closed; `null` where that is not known. */
  readonly lastSeq: number | null;
  readonly lastHash: string | null;
  readonly lastPosition: number | null;
}

/** Everything that a check of a journal reads, as it was at one moment. */
export interface WholeJournal {
  readonly writers: readonly WriterStatus[];
  /** Oldest first, as they are stored; they are read while one iterates. */
  readonly records: Iterable<SealedRecord>;
  /** Whether older records were pruned since, so that they may have been missed. */
  readonly wasPrunedSince: () => boolean;
}

const WRITERS = `SELECT id, host, ${readable('pid')} AS pid, ${readable('closed_at')} AS closed_at,
  ${readable('last_seq')} AS last_seq, last_hash, ${readable('last_position')} AS last_position
  FROM writers ORDER BY started_at, id`;
const OLDEST = `SELECT ${readable('min(position)')} AS position FROM journal`;
const RUNNING = `SELECT action_id, writer_id FROM entries
  WHERE state IN ('running', 'waiting') AND state = 'running' ORDER BY writer_id`;
const POSITION_OF = 'SELECT position FROM entries WHERE action_id = ?';

/**
 * A journal in an SQLite file, for those who look at it and write no records: it has no key and no writer. Every method
 * throws an Error that says in plain words what is wrong with the file.
 */
export class JournalReader {
  readonly #database: SqliteDatabase;
  readonly #writers: Writers;
  readonly #projection: Projection;

  /** Opens a file, which should be there: one that is not is made. Throws ConfigError where that cannot be done. */
  constructor({ path, clock }: { readonly path: string; readonly clock: Clock }) {
    this.#database = new SqliteDatabase({ path, clock, durability: 'process' });
    this.#writers = new Writers(this.#database, clock, hostname());
    this.#projection = new Projection(this.#database, { writerIsAlive: (id) => this.#writers.isAlive(id) });
  }

  /** All that there is now. A guard may write and prune meanwhile: what it writes is left out. */
  whole(): WholeJournal {
    return this.#database.transaction(() => {
      const oldest = this.#oldest();
      return {
        writers: this.#database
          .prepare(WRITERS)
          .all()
          .map((row) => this.#statusOf(row)),
        records: sealedRecords(this.#database),
        wasPrunedSince: () => this.#oldest() !== oldest,
      };
    });
  }

  /** Position of the newest record; 0 in an empty journal. Throws while the file is not the one that was opened. */
  newestPosition(): number {
    this.#database.checkInPlace();
    return newestPosition(this.#database);
  }

  /**
   * The records behind a position that are there now, oldest first, as they are stored. Throws while the file is not the
   * one that was opened: whoever follows it would wait for what is written elsewhere.
   */
  recordsAfter(position: number): Iterable<SealedRecord> {
    this.#database.checkInPlace();
    return sealedRecords(this.#database, position);
  }

  /** Where the entries do not say what the journal says, as far as they were made of it. Read while one iterates. */
  projectionDifferences(): Iterable<ProjectionDifference> {
    return projectionDifferences(this.#database);
  }

  /** Entries, newest first; with `after` oldest first. */
  page(filter: EntryFilter): EntryPage {
    return this.#projection.page(filter);
  }

  /** Every entry that holds the filter, oldest first. They are read while one iterates. */
  *entriesOldestFirst(filter: EntryFilter, pageSize = 500): Generator<AuditEntry> {
    let after: number | null = filter.after ?? 0;
    while (after !== null) {
      const page = this.page({ ...filter, after, limit: pageSize });
      yield* page.entries;
      after = page.next;
    }
  }

  /** The entry of an action if it holds the filter. */
  matching(actionId: string, filter: EntryFilter): AuditEntry | undefined {
    this.#projection.catchUp();
    const row = this.#database.prepare(POSITION_OF).get(actionId);
    if (row === undefined) return undefined;
    const position = Number(row.position);
    return this.page({ ...filter, after: position - 1, before: position + 1, limit: 1 }).entries[0];
  }

  /** The actions that were cleared to run by a writer that is gone, and whose end nobody wrote. */
  interrupted(): string[] {
    this.#projection.catchUp();
    const rows = this.#database.prepare(RUNNING).all();
    return rows.flatMap(({ action_id, writer_id }) =>
      this.#writers.isAlive(String(writer_id)) ? [] : String(action_id),
    );
  }

  /** Never throws. */
  close(): void {
    this.#database.close();
  }

  #oldest(): number {
    return Number(this.#database.prepare(OLDEST).get()?.position ?? 0);
  }

  #statusOf(row: Readonly<Record<string, SqlValue>>): WriterStatus {
    const id = String(row.id);
    const number = (value: SqlValue | undefined): number | null => (value == null ? null : Number(value));
    const closedAt = number(row.closed_at);
    return {
      id,
      host: String(row.host),
      pid: Number(row.pid),
      state: closedAt !== null ? 'closed' : this.#writers.isAlive(id) ? 'live' : 'dead',
      closedAt,
      lastSeq: number(row.last_seq),
      lastHash: row.last_hash == null ? null : String(row.last_hash),
      lastPosition: number(row.last_position),
    };
  }
}
