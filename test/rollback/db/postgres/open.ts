import pg from 'pg';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import {
  type PostgresRollbackOptions,
  postgresRollback,
  type RollbackHandler,
} from '../../../../src/index.ts';
import { type Acted, act, irreversible } from '../driven.ts';
import { hasPostgres, type OwnDatabase, ownDatabase } from '../postgres-server.ts';

/** Whether these tests can run. */
export const isThere = await hasPostgres();

/** A database of each file's own, empty for each test, and the handler over it. */
export let own: OwnDatabase;
export let pool: pg.Pool;
export let handler: RollbackHandler;

if (isThere) {
  beforeAll(async () => {
    own = await ownDatabase();
    pool = new pg.Pool({ connectionString: own.url, max: 4 });
    // Dropping the database ends connections that are idle.
    pool.on('error', () => undefined);
  });

  afterAll(async () => {
    await pool.end();
    await own.drop();
  });

  beforeEach(async () => {
    await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    useOptions({});
  });
}

/** Makes the handler anew; by default over the pool. */
export function useOptions(options: Partial<PostgresRollbackOptions>): void {
  handler = postgresRollback({ connection: pool, ...options });
}

/** A connection of its own. */
export async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: own.url });
  await client.connect();
  return client;
}

export async function rows(sql: string): Promise<unknown[]> {
  return (await pool.query(sql)).rows;
}

/** Captures, runs and notes a statement. */
export function doing(sql: string, params: unknown[] = []): Promise<Acted> {
  return act(handler, { sql, params }, () => pool.query(sql, params));
}

/** Why a statement cannot be undone, said before it runs. */
export function why(sql: string, params?: unknown[]): Promise<string | null> {
  return irreversible(handler, { sql, params });
}
