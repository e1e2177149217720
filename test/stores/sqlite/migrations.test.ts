import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isIntact } from '../../../src/approvals/signature.ts';
import { MIGRATIONS } from '../../../src/stores/sqlite/schema.ts';
import { approve, askOf } from '../../../src/testing/store/approvals.ts';
import { decided, done, draftOf } from '../../../src/testing/store/records.ts';
import { tokenOf, tokenTold } from '../../../src/testing/store/tokens.ts';
import { kindsOf, newPath, openStore } from './open-store.ts';
import { testFolder } from './stored-journal.ts';

/** A database as it was after the first step, open in the process that made it. */
function firstVersion(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  database.exec(
    `PRAGMA journal_mode = wal; ${MIGRATIONS[0]}; PRAGMA application_id = 0x506c7972; PRAGMA user_version = 1`,
  );
  return database;
}

/** Takes back what later versions added. */
function dropLaterTables({ database }: ReturnType<typeof openStore>): void {
  const tables = ['snapshots', 'blobs', 'snapshot_blobs', 'totals', 'sessions', 'ingested'];
  for (const table of tables) database.prepare(`DROP TABLE ${table}`).run();
}

describe('a database of the third version', () => {
  it('gets the column of hashes in place; what was asked before has none', () => {
    const path = newPath();
    const old = openStore({ path });
    old.approvals.enter(askOf('a'), draftOf('waiting', 'action-a', {}));
    dropLaterTables(old);
    old.database.prepare('ALTER TABLE approvals DROP COLUMN shown_hash').run();
    old.database.prepare('PRAGMA user_version = 3').get();
    old.close();
    const store = openStore({ path });
    expect(store.database.prepare('PRAGMA user_version').get()?.user_version).toBe(MIGRATIONS.length);
    const known = store.approvals.get('a');
    expect(known).toMatchObject({ state: 'pending', shown: askOf('a').shown, shownHash: null });
    expect(known && isIntact(known)).toBe(false);
    store.approvals.enter(askOf('b'), draftOf('waiting', 'action-b', {}));
    expect(store.approvals.get('b')?.shownHash).toBe(askOf('b').shownHash);
  });
});

const INSERT = `INSERT INTO policies (revision, rules, sources, recorded_at) VALUES (?, '[]', '[]', 0)`;

describe('a database of the first version', () => {
  it('gets the tables of requests in place, with all that it has', async () => {
    const path = newPath();
    const old = openStore({ path });
    old.append([decided('a'), done('a', 1)]);
    old.database.prepare('DROP TABLE approvals').run();
    old.database.prepare('DROP TABLE grants').run();
    old.database.prepare('DROP TABLE tokens').run();
    dropLaterTables(old);
    old.database.prepare('PRAGMA user_version = 1').get();
    old.close();
    const store = openStore({ path });
    expect(store.entry('a')?.state).toBe('done');
    await approve(store.approvals, 'a');
    expect(kindsOf(store)).toEqual(['decided', 'done', 'waiting', 'approval']);
    expect(store.database.prepare('PRAGMA user_version').get()?.user_version).toBe(MIGRATIONS.length);
  });

  it('goes on being written by the process that has it open', async () => {
    const path = join(testFolder(), 'x.db');
    const old = firstVersion(path);
    const insert = old.prepare(INSERT);
    insert.run('before');
    const store = openStore({ path });
    await approve(store.approvals, 'a');
    insert.run('after');
    old.prepare(INSERT).run('prepared after');
    expect(store.database.prepare('SELECT count(*) AS n FROM policies').get()?.n).toBe(3);
    expect(store.approvals.get('a')?.state).toBe('approved');
  });

  it('is left as it is where making the tables fails', () => {
    const path = join(testFolder(), 'x.db');
    const old = firstVersion(path);
    old.exec('CREATE TABLE grants (id TEXT)');
    expect(() => openStore({ path })).toThrow(/already exists/);
    expect(old.prepare('PRAGMA user_version').get()?.user_version).toBe(1);
    expect(old.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'approvals'").get()?.n).toBe(0);
  });
});

describe('a database of the second version', () => {
  it('gets the table of tokens in place, with all that it has', async () => {
    const path = join(testFolder(), 'x.db');
    const old = new DatabaseSync(path);
    old.exec(
      `${MIGRATIONS[0]}; ${MIGRATIONS[1]}; PRAGMA application_id = 0x506c7972; PRAGMA user_version = 2`,
    );
    old.close();
    const before = openStore({ path });
    await approve(before.approvals, 'a');
    expect(before.tokens.list()).toEqual([]);
    expect(before.tokens.create(tokenOf('t'), tokenTold('created'))).toBe(true);
    before.close();
    const store = openStore({ path });
    expect(store.tokens.list()).toEqual([tokenOf('t')]);
    expect(store.approvals.get('a')?.state).toBe('approved');
    expect(store.database.prepare('PRAGMA user_version').get()?.user_version).toBe(MIGRATIONS.length);
  });
});

describe('a database of the fifth version', () => {
  it('gets sums and sessions of what it has counted already', () => {
    const path = newPath();
    const old = openStore({ path });
    old.append([
      decided('a', { sessionId: 's', ruleName: 'r' }),
      decided('b', { sessionId: 's' }),
      done('a', 1),
    ]);
    expect(old.entries({})).toHaveLength(2);
    for (const table of ['totals', 'sessions', 'ingested']) old.database.prepare(`DROP TABLE ${table}`).run();
    old.database.prepare('PRAGMA user_version = 5').get();
    old.close();
    const store = openStore({ path });
    expect(store.log.totals('all')).toMatchObject([{ name: '', outcome: 'ALLOW', count: 2 }]);
    expect(store.log.totals('rule')).toMatchObject([{ name: 'r', outcome: 'ALLOW', count: 1 }]);
    expect(store.log.sessions({ limit: 5 }).sessions).toMatchObject([{ sessionId: 's', actions: 2 }]);
  });
});
