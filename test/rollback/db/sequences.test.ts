import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresRollback, type RollbackHandler, sqliteRollback } from '../../../src/index.ts';
import { soakFactor } from '../../seed.ts';
import { type Acted, act, undo } from './driven.ts';
import { hasPostgres, type OwnDatabase, ownDatabase } from './postgres-server.ts';
import { type RandomAct, randomActs, SEED, schemaOf, TABLES } from './random-acts.ts';

const isThere = await hasPostgres();

/** What the sequences are run on. */
interface Ground {
  readonly handler: RollbackHandler;
  run(act: RandomAct): Promise<unknown>;
  exec(sql: string): Promise<unknown>;
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

async function dump(ground: Ground): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const table of TABLES) all.push(await ground.rows(`SELECT * FROM ${table} ORDER BY 1, 2`));
  return all;
}

/** Runs acts; those that the database refuses change nothing. */
async function runAll(ground: Ground, acts: readonly RandomAct[]): Promise<Acted[]> {
  const done: Acted[] = [];
  for (const one of acts) {
    const failing = act(ground.handler, one, () => ground.run(one));
    const acted = await failing.catch((error: Error) => error);
    const refused = acted instanceof Error ? acted : acted.failure;
    if (refused === undefined && !(acted instanceof Error)) {
      expect(acted.lost).toBeNull();
      done.push(acted);
    } else expect((refused as Error).message).toMatch(/constraint|violates|NULL in/i);
  }
  return done;
}

/** Runs acts and undoes them, newest first: all is as it was. */
async function comesBack(ground: Ground, acts: readonly RandomAct[]): Promise<void> {
  const before = await dump(ground);
  const done = await runAll(ground, acts);
  for (const one of done.toReversed()) await undo(ground.handler, one);
  expect(await dump(ground)).toEqual(before);
}

/** Somebody changes a row in between: it stays as it is, and whatever would change it says so. */
async function losesNothing(
  ground: Ground,
  acts: readonly RandomAct[],
  at: number,
  pick: number,
): Promise<void> {
  const done = await runAll(ground, acts.slice(0, at));
  const ids = (await ground.rows('SELECT id FROM b ORDER BY id')).map(({ id }) => Number(id));
  const id = ids[pick % Math.max(ids.length, 1)];
  if (id === undefined) return;
  await ground.exec(`UPDATE b SET note = 'foreign' WHERE id = ${id}`);
  const [foreign] = await ground.rows(`SELECT * FROM b WHERE id = ${id}`);
  const refusals: string[] = [];
  for (const one of done.toReversed()) {
    await undo(ground.handler, one).catch((error: Error) => refusals.push(error.message));
  }
  // What is refused later may be so for the acts before it that stay as they are.
  for (const first of refusals.slice(0, 1)) expect(first).toContain(`b(id=${id})`);
  const isTouched = done.some(({ snapshot }) => {
    const item = `b(id=${id})`;
    return snapshot?.before?.[item] !== snapshot?.after?.[item];
  });
  if (isTouched) expect(refusals).not.toEqual([]);
  expect((await ground.rows(`SELECT * FROM b WHERE id = ${id}`))[0]).toEqual(foreign);
}

const CASES = fc.record({ acts: randomActs(''), at: fc.nat(20), pick: fc.nat(7) });

describe.each([false, true])('random statements on SQLite, transaction: %s', (transaction) => {
  function ground(): Ground {
    const db = new DatabaseSync(':memory:');
    db.exec(`PRAGMA foreign_keys = ON; ${schemaOf('INTEGER PRIMARY KEY')} ${SEED}`);
    return {
      handler: sqliteRollback({ connection: db, transaction }),
      run: async ({ sql, params }) => db.prepare(sql.replaceAll('$', '?')).run(...params),
      exec: async (sql) => db.exec(sql),
      rows: async (sql) => db.prepare(sql).all(),
    };
  }
  const asSqlite = (acts: readonly RandomAct[]): RandomAct[] =>
    acts.map(({ sql, params }) => ({ sql: sql.replaceAll('$', '?'), params }));

  it('and their undoing leave every row as it was', async () => {
    await fc.assert(fc.asyncProperty(randomActs(''), (acts) => comesBack(ground(), asSqlite(acts))));
  });

  it('never lose what somebody else changed in between', async () => {
    await fc.assert(
      fc.asyncProperty(CASES, ({ acts, at, pick }) => losesNothing(ground(), asSqlite(acts), at, pick)),
    );
  });
});

describe.skipIf(!isThere).each([false, true])(
  'random statements on PostgreSQL, transaction: %s',
  (transaction) => {
    let own: OwnDatabase;
    let client: pg.Client;

    beforeAll(async () => {
      own = await ownDatabase();
      client = new pg.Client({ connectionString: own.url });
      await client.connect();
      await client.query(schemaOf('SERIAL PRIMARY KEY'));
    });

    afterAll(async () => {
      await client.end();
      await own.drop();
    });

    async function ground(): Promise<Ground> {
      await client.query(
        `TRUNCATE ${TABLES.join(', ')}; ${SEED} SELECT setval(pg_get_serial_sequence(t, 'id'), 20) FROM unnest('{a,b,c}'::text[]) AS t`,
      );
      return {
        handler: postgresRollback({ connection: client, transaction }),
        run: async ({ sql, params }) => client.query(sql, [...params]),
        exec: (sql) => client.query(sql),
        rows: async (sql) => (await client.query(sql)).rows,
      };
    }
    const wants = transaction ? '' : ' RETURNING id';
    const runs = { numRuns: 15 * soakFactor };

    it('and their undoing leave every row as it was', async () => {
      await fc.assert(
        fc.asyncProperty(randomActs(wants), async (acts) => comesBack(await ground(), acts)),
        runs,
      );
    });

    it('never lose what somebody else changed in between', async () => {
      const cases = fc.record({ acts: randomActs(wants), at: fc.nat(20), pick: fc.nat(7) });
      await fc.assert(
        fc.asyncProperty(cases, async ({ acts, at, pick }) => losesNothing(await ground(), acts, at, pick)),
        runs,
      );
    });
  },
);
