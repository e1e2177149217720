import { DatabaseSync } from 'node:sqlite';
import type { SqlDatabase, SqlStatement } from '../../src/stores/database.ts';

/** A SQLite database as limiters see it. */
export class PlainDatabase implements SqlDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, SqlStatement>();
  /** Write transactions that were begun. */
  transactions = 0;

  /** Without a path: in memory, of its own. `timeout`: how long a lock is waited for, in milliseconds. */
  constructor(path: string = ':memory:', timeout: number = 30_000) {
    this.#database = new DatabaseSync(path, { timeout });
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  }

  prepare(sql: string): SqlStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  transaction<T>(fn: () => T): T {
    if (this.#database.isTransaction) return fn();
    this.transactions++;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const answer = fn();
      this.#database.exec('COMMIT');
      return answer;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}
