import { dirname, join } from 'node:path';
import type { Awaitable } from '../core/awaitable.ts';
import { sortedJson } from '../core/canonical.ts';
import type { RecordDraft } from '../core/chain.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditEntry } from '../core/entry.ts';
import type { Freeze } from '../core/freeze.ts';
import type { JournalRecord, WriterId } from '../core/record.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { removeEnded } from './sqlite/approval-rows.ts';
import { SqliteApprovals } from './sqlite/approvals.ts';
import { type ActionSince, clearedAmong } from './sqlite/cleared-actions.ts';
import type { Durability } from './sqlite/connection.ts';
import { SqliteDatabase } from './sqlite/database.ts';
import { FreezeState } from './sqlite/frozen.ts';
import { Gather } from './sqlite/gather.ts';
import { type Drafts, JournalTable, type Written } from './sqlite/journal-table.ts';
import { storeKey } from './sqlite/key.ts';
import { SqliteLog } from './sqlite/log.ts';
import { Projection } from './sqlite/projection.ts';
import { RecentActions } from './sqlite/recent.ts';
import { journalRecords, newestPosition } from './sqlite/records.ts';
import { Retention } from './sqlite/retention.ts';
import { SqliteSnapshots } from './sqlite/snapshots.ts';
import { SqliteTokens } from './sqlite/tokens.ts';
import { Writers } from './sqlite/writers.ts';
import type { AppendOptions, AuditFilter, PolicyVersion, Store } from './store.ts';

/** Tells of something that goes on, but not as one would expect. `code` is stable. */
export type Warn = (message: string, code: string) => void;

/** How a {@link SqliteStore} is opened. */
export interface SqliteStoreOptions {
  /** The database's file; it and its folder are made where they are not there. */
  readonly path: string;
  /** Whose store it is: one guard in one process. */
  readonly writer: WriterId;
  readonly clock: Clock;
  readonly durability: Durability;
  /** Records older than this are removed; `null` keeps all. */
  readonly retentionDays: number | null;
  /** Where large contents of snapshots lie; default: the folder `blobs` beside the file. */
  readonly snapshotDir?: string | null | undefined;
  /** Default: a warning of the process. */
  readonly warn?: Warn | undefined;
  /** Actions whose entries are at hand right after they ended. Default 256. */
  readonly maxEntriesInMemory?: number | undefined;
  /** SQLite's version; default: the one that is there. */
  readonly sqliteVersion?: string | undefined;
}

/** A process is warned of its old SQLite once, however many stores it opens. */
let warnedOfOldSqlite = false;

/**
 * Keeps the journal in an SQLite file that any number of guards and processes share, each with a store of its own.
 * Answers at once. A failure throws an Error that says in plain words what is wrong; it goes on by itself when the cause
 * is gone.
 */
export class SqliteStore implements Store {
  readonly name = 'sqlite';
  readonly remote = false;
  /** The store's key, for digests. */
  readonly key: Uint8Array;
  /** For what is kept beside the journal in the same file. */
  readonly database: SqliteDatabase;
  readonly approvals: SqliteApprovals;
  readonly snapshots: SqliteSnapshots;
  readonly tokens: SqliteTokens;
  readonly log: SqliteLog;
  readonly #writer: WriterId;
  readonly #clock: Clock;
  readonly #warn: Warn;
  readonly #writers: Writers;
  readonly #journal: JournalTable;
  readonly #gather: Gather;
  readonly #freeze: FreezeState;
  readonly #recent: RecentActions;
  readonly #projection: Projection;
  readonly #retention: Retention;
  #isClosed = false;

  /** Opens the file. Throws ConfigError that says what is wrong and how to fix it where that cannot be done. */
  constructor(options: SqliteStoreOptions) {
    const { writer, clock, retentionDays, maxEntriesInMemory = 256 } = options;
    this.#writer = writer;
    this.#clock = clock;
    this.#warn = options.warn ?? emitWarning;
    const database = new SqliteDatabase(options);
    this.database = database;
    this.key = keyBeside(database);
    this.#writers = new Writers(database, clock, writer.host);
    const { hash } = nodeCrypto();
    this.#journal = new JournalTable(database, this.#writers, (text) => hash('sha256', text));
    this.#gather = new Gather(
      (appends, maxBytes, shortly) =>
        shortly
          ? database.waitingShortly(() => this.#write(appends, maxBytes))
          : this.#write(appends, maxBytes),
      clock,
    );
    this.#freeze = new FreezeState(database, clock);
    this.#recent = new RecentActions(database, maxEntriesInMemory);
    this.#projection = new Projection(database, { writerIsAlive: (id) => this.writerIsAlive(id) });
    const beside = {
      database,
      append: (draft: RecordDraft) => this.#writeInTransaction(draft),
      writeGathered: () => this.#writeGathered(),
      writerIsAlive: (id: string) => this.writerIsAlive(id),
    };
    this.approvals = new SqliteApprovals(beside);
    this.snapshots = new SqliteSnapshots({
      ...beside,
      folder: options.snapshotDir ?? join(dirname(database.path), 'blobs'),
      syncs: options.durability === 'power',
      now: () => clock.now(),
    });
    this.tokens = new SqliteTokens(beside);
    this.#retention = new Retention({
      database,
      clock,
      writer,
      retentionDays,
      isAlive: (id) => this.writerIsAlive(id),
      forget: (throughPosition) => this.#projection.forget(throughPosition),
      forgetEnded: (before, most) => removeEnded(database, before, most),
      append: (draft) => this.#writeInTransaction(draft),
      warn: (message) => this.#warn(message, 'PLYRA_RETENTION'),
    });
    this.log = new SqliteLog({ ...beside, projection: this.#projection, retention: this.#retention });
    this.#warnOfOldSqlite();
  }

  append(drafts: readonly RecordDraft[], options?: AppendOptions): Awaitable<void> {
    if (options?.gather === true) {
      return this.#isClosed ? Promise.reject(this.#closedError()) : this.#gather.add(drafts);
    }
    if (!this.#gather.isEmpty && !this.database.inTransaction) return this.#gather.writeWith(drafts);
    const { failures } = this.#write([drafts]);
    if (failures.size > 0) throw failures.get(0);
  }

  appendBehind(drafts: readonly RecordDraft[], told: (error?: unknown) => void): void {
    if (this.#isClosed) told(this.#closedError());
    else this.#gather.addBehind(drafts, told);
  }

  entries(filter: AuditFilter): AuditEntry[] {
    this.#writeGathered();
    return this.#projection.entries(filter);
  }

  entry(actionId: string): AuditEntry | undefined {
    if (this.#gather.holds(actionId)) this.#writeGathered();
    const recent = this.database.inTransaction ? undefined : this.#recent.entry(actionId);
    if (recent !== undefined) return recent;
    this.#writeGathered();
    return this.#projection.entry(actionId);
  }

  /** What is there when it is called; it is read while one iterates. */
  records(): Iterable<JournalRecord> {
    this.#writeGathered();
    return journalRecords(this.database);
  }

  frozen(): Freeze | null {
    this.database.checkInPlace();
    return this.#freeze.get();
  }

  setFrozen(freeze: Freeze | null, draft: RecordDraft): void {
    this.#writeGathered();
    try {
      this.database.transaction(() => {
        this.#freeze.set(freeze);
        this.#writeInTransaction(draft);
      });
    } finally {
      this.#freeze.forget();
    }
  }

  keepPolicy({ revision, rules, sources }: PolicyVersion): void {
    this.database.transaction(() =>
      this.database
        .prepare('INSERT OR IGNORE INTO policies (revision, rules, sources, recorded_at) VALUES (?, ?, ?, ?)')
        .run(revision, sortedJson(rules), sortedJson(sources), Math.trunc(this.#clock.now())),
    );
  }

  /** Makes this store's writer known before its first record; joins the transaction that is open. */
  enter(): void {
    this.database.transaction(() => this.#journal.enter(this.#writer));
  }

  /** Whether a writer may still write; in doubt it may. An answer may be a second old. */
  writerIsAlive(writerId: string): boolean {
    return writerId === this.#writer.id ? !this.#isClosed : this.#writers.isAlive(writerId);
  }

  /** Position of the newest record in the journal; 0 in an empty one. */
  newestPosition(): number {
    return newestPosition(this.database);
  }

  /**
   * Which of these actions' tools were cleared to run, as far as it is journaled behind a position for each. What may
   * have been journaled in records that were pruned since counts as cleared. Reads the journal from the least of the
   * positions on.
   */
  clearedAmong(actions: readonly ActionSince[]): ReadonlySet<string> {
    return clearedAmong(this.database, actions);
  }

  /** Writes what is gathered and lets go of the file. Never throws: whoever waits for a record is told. */
  close(): void {
    if (this.#isClosed) return;
    this.#gather.end();
    this.#isClosed = true;
    try {
      this.#journal.leave();
    } catch {
      // Others then see by its process that this writer is gone.
    }
    this.database.close();
  }

  /**
   * Inside somebody's transaction nothing gathered is written, for it would be undone with it after it was said to be
   * there. What is appended inside overtakes it.
   */
  #writeGathered(): void {
    if (!this.#gather.isEmpty && !this.database.inTransaction) this.#gather.flush();
  }

  #write(appends: readonly Drafts[], maxBytes?: number): Written {
    const written = this.#journal.write(appends, maxBytes);
    if (this.database.inTransaction) return written;
    this.#recent.note(written.records);
    const newest = appends.at(-1)?.at(-1);
    const position = written.records[0]?.position;
    if (newest !== undefined && position !== undefined && this.#retention.isDue)
      this.#prune(newest, position);
    return written;
  }

  #writeInTransaction(draft: RecordDraft): void {
    const { failures } = this.#journal.write([[draft]]);
    if (failures.size > 0) throw failures.get(0);
  }

  /** The records that were just written are there, whatever becomes of the old ones. */
  #prune(newest: RecordDraft, position: number): void {
    try {
      this.#retention.prune(newest, position);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      this.#warn(
        `Old journal records could not be removed: ${what} It is tried again in an hour.`,
        'PLYRA_RETENTION',
      );
    }
  }

  #closedError(): Error {
    return new Error(`The journal ${this.database.path} was closed, with the guard that used it.`);
  }

  #warnOfOldSqlite(): void {
    const { unsafeWal } = this.database;
    if (unsafeWal === null || warnedOfOldSqlite) return;
    warnedOfOldSqlite = true;
    this.#warn(
      `This Node's SQLite ${unsafeWal} can damage a database in WAL mode, so the journal is kept in the slower ` +
        'TRUNCATE mode. Use a Node with SQLite 3.51.3 or newer.',
      'PLYRA_OLD_SQLITE',
    );
  }
}

function keyBeside(database: SqliteDatabase): Uint8Array {
  try {
    return storeKey(dirname(database.path));
  } catch (error) {
    database.close();
    throw error;
  }
}

function emitWarning(message: string, code: string): void {
  process.emitWarning(message, { type: 'PlyraGuardWarning', code });
}
