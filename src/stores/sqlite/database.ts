import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../core/clock.ts';
import { ConfigError } from '../../core/errors.ts';
import type { SqlDatabase, SqlStatement } from '../database.ts';
import { type Connection, type ConnectionOptions, connect, leaveWal } from './connection.ts';
import { endsTransaction, inWords, needsReopening, wordsOf } from './failure.ts';
import { FilesInPlace, prepareFile } from './file.ts';
import { Patience } from './patience.ts';
import { Statement } from './statement.ts';

/** How a database is opened. */
export interface DatabaseOptions extends ConnectionOptions {
  readonly path: string;
  readonly clock: Clock;
}

/** How long the file is taken to be in place after it was seen there, in milliseconds. */
const IN_PLACE_MS = 100;

/**
 * One connection to one file, which is opened again by itself after it failed. While the very file that was opened
 * first is not in its place nothing is written: it would be lost.
 */
export class SqliteDatabase implements SqlDatabase {
  /** The file's real path. */
  readonly path: string;
  /** See {@link Connection.unsafeWal}. */
  readonly unsafeWal: string | null;
  readonly #options: DatabaseOptions;
  readonly #statements = new Map<string, Statement>();
  /** The database's file alone: its companions come and go with its connections. */
  readonly #file: FilesInPlace;
  #files: FilesInPlace;
  readonly #patience: Patience;
  #connection: Connection | undefined;
  #seenAt = Number.NEGATIVE_INFINITY;
  #inTransaction = false;
  #isClosed = false;
  #undone = 0;
  #openings = 1;
  /** The first failure within the transaction: it may not be committed, whoever caught the error. */
  #failure: { readonly error: unknown } | undefined;
  #mustReopen = false;

  /** Opens the file, or makes it. Throws ConfigError where that cannot be done. */
  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#patience = new Patience(options.clock);
    try {
      this.path = prepareFile(options.path);
      this.#file = new FilesInPlace([this.path]);
      this.#connection = connect(this.path, options);
      this.#files = new FilesInPlace(this.#connection.files);
      this.unsafeWal = this.#connection.unsafeWal;
    } catch (error) {
      this.#drop();
      throw openingError(options.path, error);
    }
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** How many transactions were undone. When this changes, what was remembered of writes no longer holds. */
  get undone(): number {
    return this.#undone;
  }

  /** How many connections there have been. What SQLite counts on one tells nothing on the next. */
  get openings(): number {
    return this.#openings;
  }

  prepare(sql: string): SqlStatement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = new Statement(this, sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /**
   * As the interface says. A transaction that was joined fails whole where one of those in it throws, also when somebody
   * catches the error. When COMMIT itself throws, what was written may be there all the same.
   */
  transaction<T>(fn: () => T): T {
    if (this.#inTransaction) return this.#join(fn);
    this.checkInPlace();
    this.prepare('BEGIN IMMEDIATE').run();
    this.#inTransaction = true;
    try {
      const answer = fn();
      if (this.#failure !== undefined) throw this.#failure.error;
      this.prepare('COMMIT').run();
      this.#patience.wrote();
      return answer;
    } catch (error) {
      this.#undone++;
      this.#rollback();
      throw error;
    } finally {
      this.#inTransaction = false;
      this.#failure = undefined;
      if (this.#mustReopen) this.#drop();
    }
  }

  /**
   * Throws while the file is not the one that was opened, or in a mode that could damage it, so that nothing runs whose
   * record would be lost. Looks at most every 100 ms by the clock.
   */
  checkInPlace(): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#seenAt < IN_PLACE_MS && now >= this.#seenAt) return;
    throwIfGone(this.#files);
    if (this.unsafeWal !== null) this.#leaveWal(this.unsafeWal);
    this.#seenAt = now;
  }

  /** Runs `fn`; where somebody else holds a lock it throws soon, for the caller tries again later. */
  waitingShortly<T>(fn: () => T): T {
    return this.#patience.shortly(fn);
  }

  /** For its statements: the open connection; opens the file again where there is none. */
  handle(): DatabaseSync {
    const { handle } = this.#connection ?? this.#reopen();
    this.#patience.applyTo(handle);
    return handle;
  }

  /** For its statements: the error to throw for one of SQLite's, after noting what it means for the connection. */
  failed(error: unknown): unknown {
    this.#patience.failed(error);
    if (needsReopening(error)) this.#mustReopen = true;
    const inPlainWords = inWords(this.path, error);
    if (this.#inTransaction && endsTransaction(error)) this.#failure ??= { error: inPlainWords };
    if (!this.#inTransaction && this.#mustReopen) this.#drop();
    return inPlainWords;
  }

  /** Never throws. Nothing can be read or written afterwards. */
  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  #leaveWal(unsafeWal: string): void {
    const handle = this.handle();
    try {
      leaveWal(handle, unsafeWal);
    } catch (error) {
      const inPlainWords = this.failed(error);
      if (inPlainWords !== error) throw inPlainWords;
      throw new Error(`The database ${this.path} cannot be used: ${messageOf(error)}.`, { cause: error });
    }
  }

  #join<T>(fn: () => T): T {
    try {
      return fn();
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }

  #rollback(): void {
    try {
      this.#connection?.handle.exec('ROLLBACK');
    } catch (error) {
      // SQLite undoes a transaction by itself after some failures. In any other case nobody knows what is open.
      const isUndone = error instanceof Error && error.message.includes('no transaction is active');
      if (!isUndone) this.#mustReopen = true;
    }
  }

  #reopen(): Connection {
    if (this.#isClosed) throw new Error(`The database ${this.path} was closed, with the guard that used it.`);
    // A missing file is not made anew: what was written would seem never to have been.
    throwIfGone(this.#file);
    try {
      const connection = connect(this.path, this.#options);
      this.#connection = connection;
      this.#openings++;
      throwIfGone(this.#file);
      this.#files = new FilesInPlace(connection.files);
      return connection;
    } catch (error) {
      this.#drop();
      throw inWords(this.path, error);
    }
  }

  #drop(): void {
    this.#mustReopen = false;
    try {
      this.#connection?.handle.close();
    } catch {
      // It was closed before, or cannot be: nothing more can be done about it.
    }
    this.#connection = undefined;
    // The last connection takes the companions with it.
    this.#files = this.#file;
  }
}

function throwIfGone(files: FilesInPlace): void {
  const gone = files.missing();
  if (gone === undefined) return;
  throw new Error(
    `The file ${gone.path} was ${gone.how} while it was in use: what is written now would be lost. ` +
      'Put the very file back, or restart the process to begin with what is there.',
  );
}

function openingError(path: string, error: unknown): ConfigError {
  if (error instanceof ConfigError) return error;
  const what = wordsOf(error) ?? messageOf(error);
  return new ConfigError(
    `The journal cannot be kept in ${path}: ${what}. Name another file by \`storage.path\` or the environment ` +
      'variable PLYRA_SNAPSHOT_PATH, or keep the journal in memory with `snapshotPath: null`.',
    {},
    { path },
    { cause: error },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
