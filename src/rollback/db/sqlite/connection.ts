import { RollbackFailedError } from '../../../core/errors.ts';
import type { Frame } from '../database.ts';
import { driveNow, type Query, type ResultRow, type Steps } from '../steps.ts';

/** What is used of a statement of `node:sqlite` and of better-sqlite3. */
export interface SqliteStatement {
  all(...values: never[]): unknown[];
  run(...values: never[]): unknown;
}

/** What is used of a connection: a DatabaseSync of `node:sqlite`, or a Database of better-sqlite3. */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
}

/** The members of statements that only one of the drivers has. */
interface DriverStatement {
  all(...values: readonly unknown[]): unknown[];
  run(...values: readonly unknown[]): unknown;
  /** better-sqlite3: false for a statement that returns no rows, which `all` would refuse. */
  readonly reader?: boolean;
  setReadBigInts?(enabled: boolean): void;
  setReturnArrays?(enabled: boolean): void;
  safeIntegers?(enabled: boolean): unknown;
}

const HELD = 'plyra_act';

/** The connection of a handler, with the transactions that it needs. */
export class SqliteSession {
  readonly #connection: SqliteConnection;
  /** The transaction that a capture has begun and the end of its act will close. */
  #held: Frame = 'none';

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** Runs work that reads, of which every part sees the database at one time. */
  read<T>(work: (frame: Frame) => Steps<T>): T {
    const frame: Frame = this.#held === 'none' ? 'none' : 'nested';
    const begun = this.#begin('BEGIN');
    try {
      return this.#drive(work(frame));
    } finally {
      if (begun) this.#connection.exec('COMMIT');
    }
  }

  /** Runs work that writes in one transaction, all of it or nothing. Throws where the program's own one is open. */
  write<T>(work: () => Steps<T>): T {
    if (!this.#begin('BEGIN IMMEDIATE')) {
      throw new RollbackFailedError(
        'The connection has an open transaction, whose end would decide about what is put back: commit or roll it back first.',
      );
    }
    return this.#ending(work, () => this.#connection.exec('COMMIT'), 'ROLLBACK');
  }

  /** Begins the transaction that an act will run in. It stays open unless the work throws. */
  hold<T>(work: (frame: Frame) => Steps<T>): T {
    if (this.#held !== 'none') {
      throw new Error(
        'another guarded call has its transaction open on this connection: with `transaction: true` calls run one at a time',
      );
    }
    const frame: Frame = this.#begin('BEGIN IMMEDIATE') ? 'own' : 'nested';
    if (frame === 'nested') this.#connection.exec(`SAVEPOINT ${HELD}`);
    const undo = frame === 'own' ? 'ROLLBACK' : `ROLLBACK TO ${HELD}; RELEASE ${HELD}`;
    const result = this.#ending(
      () => work(frame),
      () => undefined,
      undo,
    );
    this.#held = frame;
    return result;
  }

  /** Runs work at the end of an act and commits; without work nothing is committed. */
  release<T>(work: (() => Steps<T>) | null): T | undefined {
    const frame = this.#held;
    this.#held = 'none';
    if (frame === 'none') throw new RollbackFailedError('The transaction of this act is not open any more.');
    const undo = frame === 'own' ? 'ROLLBACK' : `ROLLBACK TO ${HELD}; RELEASE ${HELD}`;
    if (work === null) {
      this.#undo(undo);
      return undefined;
    }
    return this.#ending(
      work,
      () => this.#connection.exec(frame === 'own' ? 'COMMIT' : `RELEASE ${HELD}`),
      undo,
    );
  }

  #drive<T>(steps: Steps<T>): T {
    return driveNow(steps, (query) => this.#execute(query));
  }

  #ending<T>(work: () => Steps<T>, finish: () => unknown, undo: string): T {
    try {
      const result = this.#drive(work());
      finish();
      return result;
    } catch (error) {
      this.#undo(undo);
      throw error;
    }
  }

  /** SQLite ends a transaction by itself after some errors; then there is nothing left to undo. */
  #undo(how: string): void {
    try {
      this.#connection.exec(how);
    } catch {
      // The error that led here is the one to tell.
    }
  }

  /** False where a transaction is open already. Throws everything else, as for a database that is locked. */
  #begin(how: 'BEGIN' | 'BEGIN IMMEDIATE'): boolean {
    try {
      this.#connection.exec(how);
      return true;
    } catch (error) {
      if (error instanceof Error && /within a transaction/.test(error.message)) return false;
      throw error;
    }
  }

  #execute({ text, values }: Query): readonly ResultRow[] {
    const statement = this.#connection.prepare(text) as unknown as DriverStatement;
    statement.setReadBigInts?.(false);
    statement.setReturnArrays?.(false);
    if (statement.reader === false) {
      statement.run(...values);
      return [];
    }
    statement.safeIntegers?.(false);
    return statement.all(...values) as readonly ResultRow[];
  }
}
