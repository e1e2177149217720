import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SqlStatement, SqlValue } from '../database.ts';

type Row = Record<string, SqlValue>;

/** What a statement needs of the database that it belongs to. */
export interface StatementOwner {
  /** The open connection. Throws where there is none and none can be opened. */
  handle(): DatabaseSync;
  /** The error to throw in place of one that a statement threw. */
  failed(error: unknown): unknown;
}

/** A statement that outlives its connection: it is prepared again on the one that is open. */
export class Statement implements SqlStatement {
  readonly #owner: StatementOwner;
  readonly #sql: string;
  #preparedOn: DatabaseSync | undefined;
  #prepared: StatementSync | undefined;

  constructor(owner: StatementOwner, sql: string) {
    this.#owner = owner;
    this.#sql = sql;
  }

  run(...values: SqlValue[]): { readonly changes: number | bigint } {
    const statement = this.#ready();
    try {
      return statement.run(...values);
    } catch (error) {
      throw this.#owner.failed(error);
    }
  }

  get(...values: SqlValue[]): Row | undefined {
    const statement = this.#ready();
    try {
      return statement.get(...values) as Row | undefined;
    } catch (error) {
      throw this.#owner.failed(error);
    }
  }

  all(...values: SqlValue[]): Row[] {
    const statement = this.#ready();
    try {
      return statement.all(...values) as Row[];
    } catch (error) {
      throw this.#owner.failed(error);
    }
  }

  *iterate(...values: SqlValue[]): IterableIterator<Row> {
    const statement = this.#ready();
    try {
      yield* statement.iterate(...values) as IterableIterator<Row>;
    } catch (error) {
      throw this.#owner.failed(error);
    }
  }

  #ready(): StatementSync {
    const handle = this.#owner.handle();
    if (this.#prepared !== undefined && this.#preparedOn === handle) return this.#prepared;
    try {
      this.#prepared = handle.prepare(this.#sql);
    } catch (error) {
      throw this.#owner.failed(error);
    }
    this.#preparedOn = handle;
    return this.#prepared;
  }
}
