import type { AuditEntry } from '../../core/entry.ts';
import type { SqlDatabase } from '../database.ts';
import { CatchUp } from './catch-up.ts';
import { Entries, type EntryPage } from './entries.ts';
import type { EntryFilter } from './entry-query.ts';
import { EntryWriter } from './entry-writer.ts';
import {
  type CountRange,
  countsBy,
  countsByMinute,
  type Dimension,
  type MinuteCount,
  type NamedCount,
} from './rollups.ts';
import { TextIndex } from './text-index.ts';

/** What a projection needs to know beside the database. */
export interface ProjectionOptions {
  /** Whether a writer may still write; in doubt true. */
  readonly writerIsAlive: (writerId: string) => boolean;
  /** Whether SQLite has full-text search; by default it is asked. */
  readonly fullText?: boolean | undefined;
}

/**
 * What is asked of the journal, in tables with indexes: entries, counts, a full-text index. It is made of the journal,
 * and every question first takes up what is new there; nothing in it is proof of anything. Every method throws what the
 * database says.
 */
export class Projection {
  readonly #database: SqlDatabase;
  readonly #text: TextIndex;
  readonly #catchUp: CatchUp;
  readonly #entries: Entries;

  constructor(database: SqlDatabase, { writerIsAlive, fullText }: ProjectionOptions) {
    this.#database = database;
    this.#text = new TextIndex(database, fullText);
    this.#catchUp = new CatchUp(database, this.#text);
    this.#entries = new Entries(database, writerIsAlive);
  }

  /** Takes up what the journal has beyond what is known here. With nothing new it costs one small read. */
  catchUp(): void {
    this.#catchUp.run();
  }

  /** The same for at most so many milliseconds; whether all is taken up that was there. */
  catchUpFor(millis: number): boolean {
    return this.#catchUp.runFor(millis, () => performance.now());
  }

  /**
   * Removes what comes of the records up to a position. Call it within the transaction that prunes the journal, while
   * what is left is there.
   */
  forget(throughPosition: number): void {
    const writer = new EntryWriter(this.#database, this.#text);
    writer.forget(throughPosition);
    writer.finish();
  }

  /** Newest first. Throws ConfigValidationError for a time that cannot be read. */
  entries(filter: EntryFilter): AuditEntry[] {
    return this.page(filter).entries;
  }

  /** The same, and where the next ones begin. */
  page(filter: EntryFilter): EntryPage {
    if (filter.search !== undefined) this.#text.require();
    this.catchUp();
    if (filter.search !== undefined) this.#text.create();
    return this.#entries.page(filter);
  }

  entry(actionId: string): AuditEntry | undefined {
    this.catchUp();
    return this.#entries.entry(actionId);
  }

  /** Those of these actions that have one, and no record behind a position. */
  entriesOf(actionIds: readonly string[], through: number): AuditEntry[] {
    this.catchUp();
    return this.#entries.entriesOf(actionIds, through);
  }

  /** Every action that was cleared to run by a writer that is gone, and whose end nobody wrote. Newest first. */
  interrupted(): AuditEntry[] {
    this.catchUp();
    return this.#entries.interrupted();
  }

  /** How many actions had which outcome, by name. Throws ConfigValidationError for a time that cannot be read. */
  counts({ dimension, ...range }: CountRange & { readonly dimension: Dimension }): NamedCount[] {
    this.catchUp();
    return countsBy(this.#database, dimension, range);
  }

  /** The same by minute, oldest first. */
  minutes(range: CountRange = {}): MinuteCount[] {
    this.catchUp();
    return countsByMinute(this.#database, range);
  }
}
