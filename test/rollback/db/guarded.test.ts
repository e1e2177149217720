import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ActionEscalatedError,
  ActionGuard,
  ActNotKeptError,
  Policy,
  postgresRollback,
  RollbackFailedError,
  type RollbackHandler,
  sqliteRollback,
} from '../../../src/index.ts';
import { hasPostgres, ownDatabase } from './postgres-server.ts';

const isThere = await hasPostgres();
const ALLOW = new Policy({ rules: [], defaultAction: 'allow' });

let folder: string;
let db: DatabaseSync;
const guards: ActionGuard[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plyra-db-'));
  db = new DatabaseSync(join(folder, 'app.db'));
  db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'one'), (2, 'two')");
});

afterEach(async () => {
  for (const guard of guards.splice(0)) await guard.close();
  db.close();
  rmSync(folder, { recursive: true });
});

function start(handler: RollbackHandler, options: object = {}): ActionGuard {
  const guard = new ActionGuard({ policy: ALLOW, snapshotPath: join(folder, 'journal.db'), ...options });
  guards.push(guard);
  guard.registerRollbackHandler('db.*', handler);
  return guard;
}

interface Call {
  readonly sql: string;
  readonly params?: SQLInputValue[];
}

function sqliteTool(guard: ActionGuard): (call: Call) => unknown {
  const run = ({ sql, params = [] }: Call): unknown => db.prepare(sql).run(...params);
  return guard.protect('db.execute')(run);
}

const rows = (): unknown[] =>
  db
    .prepare('SELECT * FROM t ORDER BY id')
    .all()
    .map((row) => ({ ...row }));
const SEED = [
  { id: 1, a: 'one' },
  { id: 2, a: 'two' },
];

describe.each([false, true])('a guarded tool on SQLite, transaction: %s', (transaction) => {
  it('has all statements of a task undone, by a guard that was started later', async () => {
    const guard = start(sqliteRollback({ connection: db, transaction }));
    const execute = sqliteTool(guard);
    await guard.withContext({ taskId: 'task' }, () => {
      execute({ sql: 'UPDATE t SET a = ? WHERE id = ?', params: ['x', 1] });
      execute({ sql: 'INSERT INTO t (a) VALUES (?)', params: ['y'] });
      execute({ sql: 'SELECT 1' });
      execute({ sql: 'DELETE FROM t WHERE a <> ?', params: ['x'] });
    });
    expect(rows()).toEqual([{ id: 1, a: 'x' }]);
    await guards.pop()?.close();
    const later = start(sqliteRollback({ connection: db }));
    const report = await later.rollbackTask('task');
    expect(report).toMatchObject({ success: true, failed: [] });
    expect(report.rolledBack).toHaveLength(3);
    expect(rows()).toEqual(SEED);
  });

  it('has a later change of somebody named, and overwritten by force only', async () => {
    const guard = start(sqliteRollback({ connection: db, transaction }));
    sqliteTool(guard)({ sql: "UPDATE t SET a = 'x'" });
    db.exec("UPDATE t SET a = 'edited' WHERE id = 2");
    const [entry] = guard.getAuditLog();
    const error = await guard.rollback(entry?.actionId ?? '').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RollbackFailedError);
    expect((error as Error).message).toContain(
      "t(id=2): before the action id = 2, a = 'two'; after it id = 2, a = 'x'; now id = 2, a = 'edited'",
    );
    expect(await guard.rollback(entry?.actionId ?? '', { force: true })).toBe(true);
    expect(rows()).toEqual(SEED);
  });

  it('says in the entry why an act cannot be undone, and runs it', () => {
    const guard = start(sqliteRollback({ connection: db, transaction }));
    sqliteTool(guard)({ sql: 'DROP TABLE t' });
    expect(guard.getAuditLog()[0]).toMatchObject({
      reversible: false,
      labels: [expect.stringContaining('irreversible: This statement cannot be undone: DROP TABLE')],
    });
    expect(db.isTransaction).toBe(false);
  });

  it('escalates what cannot be undone where the configuration wants that', () => {
    const guard = start(sqliteRollback({ connection: db, transaction }), {
      config: { rollback: { irreversible: 'escalate' } },
    });
    const execute = sqliteTool(guard);
    expect(() => execute({ sql: 'DROP TABLE t' })).toThrow(ActionEscalatedError);
    execute({ sql: 'DELETE FROM t' });
    expect(rows()).toEqual([]);
  });
});

describe('a guarded tool in a transaction', () => {
  it('fails where the transaction cannot be committed, and nothing of it is left', () => {
    db.exec(
      'PRAGMA foreign_keys = ON; CREATE TABLE c (id INTEGER PRIMARY KEY, t REFERENCES t DEFERRABLE INITIALLY DEFERRED)',
    );
    const guard = start(sqliteRollback({ connection: db, transaction: true }));
    expect(() => sqliteTool(guard)({ sql: 'INSERT INTO c VALUES (1, 99)' })).toThrow(ActNotKeptError);
    expect(guard.getAuditLog()[0]).toMatchObject({
      outcome: 'ERROR',
      error: expect.stringContaining('FOREIGN KEY'),
    });
    expect(db.isTransaction).toBe(false);
  });

  it('leaves no transaction open where the act is refused after the capture', () => {
    const guard = start(sqliteRollback({ connection: db, transaction: true }));
    const execute = sqliteTool(guard);
    const handler = sqliteRollback({ connection: db, transaction: true });
    guard.registerRollbackHandler('db.*', {
      ...handler,
      name: 'sqlite',
      capture: (intent, context) => {
        const data = handler.capture(intent, context);
        guard.freeze('while it was captured');
        return data;
      },
      state: (...given) => handler.state?.(...given) ?? {},
      abandon: (data) => handler.abandon?.(data),
      restore: (...given) => handler.restore(...given),
    });
    expect(() => execute({ sql: 'DELETE FROM t' })).toThrow('while it was captured');
    expect(db.isTransaction).toBe(false);
    expect(rows()).toEqual(SEED);
  });
});

describe.skipIf(!isThere)('a guarded tool on PostgreSQL', () => {
  it.each([false, true])('has all statements of a task undone (transaction: %s)', async (transaction) => {
    const own = await ownDatabase();
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    await client.query(
      "CREATE TABLE t (id serial PRIMARY KEY, a text); INSERT INTO t (a) VALUES ('one'), ('two')",
    );
    const guard = start(postgresRollback({ connection: client, transaction }));
    const run = async ({ sql, params = [] }: Call): Promise<unknown> =>
      (await client.query(sql, params)).rows;
    const execute = guard.protect('db.execute')(run);
    await guard.withContext({ taskId: 'task' }, async () => {
      await execute({ sql: 'UPDATE t SET a = $1 WHERE id = $2', params: ['x', 1] });
      await execute({ sql: 'INSERT INTO t (a) VALUES ($1) RETURNING id', params: ['y'] });
      await execute({ sql: 'DELETE FROM t WHERE a <> $1', params: ['x'] });
    });
    expect(await guard.rollbackTask('task')).toMatchObject({ success: true, failed: [] });
    expect((await client.query('SELECT * FROM t ORDER BY id')).rows).toEqual(SEED);
    await client.end();
    await own.drop();
  });
});
