import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { beforeEach } from 'vitest';
import { type RollbackHandler, type SqliteRollbackOptions, sqliteRollback } from '../../../../src/index.ts';
import { type Acted, act, irreversible } from '../driven.ts';

/** A database of each test's own, and the handler over it. */
export let db: DatabaseSync;
export let handler: RollbackHandler;

beforeEach(() => {
  openDatabase();
});

export function openDatabase(options: ConstructorParameters<typeof DatabaseSync>[1] = {}): void {
  db = new DatabaseSync(':memory:', options);
  useOptions({});
}

/** Makes the handler anew. */
export function useOptions(options: Omit<SqliteRollbackOptions, 'connection'>): void {
  handler = sqliteRollback({ connection: db, ...options });
}

export type Params = SQLInputValue[] | Record<string, SQLInputValue>;

export function run(sql: string, params: Params = []): unknown {
  const statement = db.prepare(sql);
  return Array.isArray(params) ? statement.run(...params) : statement.run(params);
}

/** Captures, runs and notes a statement. */
export function doing(sql: string, params?: Params): Promise<Acted> {
  return act(handler, { sql, params }, () => run(sql, params));
}

export function rows(sql: string): unknown[] {
  return db
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }));
}

/** Why a statement cannot be undone, said before it runs. */
export function why(sql: string, params?: Params): Promise<string | null> {
  return irreversible(handler, { sql, params });
}
