/** What a second process does in a test: `node child-program.ts <task> <arguments>`. It begins when it is told to. */
import { execFileSync } from 'node:child_process';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { systemClock } from '../../../src/call/system-clock.ts';
import { SqliteDatabase } from '../../../src/stores/sqlite/database.ts';
import { storeKey } from '../../../src/stores/sqlite/key.ts';
import { nodeSqlite } from '../../../src/stores/sqlite/node-sqlite.ts';
import { SqliteStore, type SqliteStoreOptions } from '../../../src/stores/sqlite.ts';
import { relying } from '../../../src/testing/store/approvals.ts';
import { decided, done, draftOf, START } from '../../../src/testing/store/records.ts';
import { tokenOf, tokenTold } from '../../../src/testing/store/tokens.ts';

const [task = '', path = '', ...rest] = process.argv.slice(2);
const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();

async function told(): Promise<string> {
  return (await lines.next()).value ?? '';
}

/** The program that lifts the limit on the size of files, on Linux. */
const LIMITS = 'prlimit';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const writer = { id: `${task}-${process.pid}`, host: hostname(), pid: process.pid };
const open = (options: Partial<SqliteStoreOptions> = {}): SqliteStore =>
  new SqliteStore({
    path,
    writer,
    clock: systemClock,
    durability: 'process',
    retentionDays: null,
    ...options,
  });

/** The others may hold the lock for longer than one waits, on a busy machine. What was refused then is not there. */
async function untilWritten(append: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    try {
      return await append();
    } catch (error) {
      if (!messageOf(error).includes('holds the database locked')) throw error;
    }
  }
  throw new Error('Nothing could be written for too long.');
}

const TASKS: Readonly<Record<string, () => string | Promise<string>>> = {
  key: () => Buffer.from(storeKey(path)).toString('hex'),

  /** Opens the database and tells its version. */
  open: () => {
    const database = new SqliteDatabase({ path, clock: systemClock, durability: 'process' });
    const version = database.prepare('PRAGMA user_version').get()?.user_version;
    database.close();
    return String(version);
  },

  /** Appends so many actions, half of them gathered. */
  append: async () => {
    const store = open({ sqliteVersion: rest[1], warn: () => {} });
    const gathered: Promise<void>[] = [];
    for (let i = 0; i < Number(rest[0]); i++) {
      const drafts = [`${writer.id}-${i}`].flatMap((id) => [decided(id), done(id, i)]);
      const own = drafts.map((draft) => ({ ...draft, writer }));
      gathered.push(untilWritten(async () => store.append(own, { gather: i % 2 === 1 })));
      if (i % 10 === 0) await Promise.all(gathered);
    }
    await Promise.all(gathered);
    store.close();
    return 'done';
  },

  /** Relies on one approved request so many times at once, half of them gathered; prints what came of it. */
  claim: async () => {
    const store = open();
    const claims = Array.from({ length: Number(rest[0]) }, async (_, i) => {
      const draft = { ...relying(`${writer.id}-${i}`, { approvalId: 'a' }), writer };
      try {
        await untilWritten(async () => store.append([draft], { gather: i % 2 === 1 }));
        return 'done';
      } catch (error) {
        return error instanceof Error ? error.name : String(error);
      }
    });
    const came = Map.groupBy(await Promise.all(claims), (name) => name);
    store.close();
    return JSON.stringify(Object.fromEntries([...came].map(([name, { length }]) => [name, length])));
  },

  /** Makes so many tokens, each of a name that others want too; prints how many names it got. */
  'make-tokens': async () => {
    const store = open();
    let got = 0;
    for (let i = 0; i < Number(rest[0]); i++) {
      const token = tokenOf(`${writer.id}-${i}`, { nameKey: `name-${i}` });
      await untilWritten(async () => {
        if (store.tokens.create(token, { ...tokenTold('created'), writer })) got++;
      });
    }
    store.close();
    return String(got);
  },

  /** Revokes one token, with the others; prints whether this process did it. */
  'revoke-token': async () => {
    const store = open();
    let did = false;
    await untilWritten(async () => {
      const draft = { ...tokenTold('revoked'), writer };
      did = store.tokens.revoke('t', writer.id, new Date(START), draft) !== undefined;
    });
    store.close();
    return String(did);
  },

  /** Holds the database locked until it is told to let go. */
  lock: async () => {
    const database = new (nodeSqlite().DatabaseSync)(path);
    database.exec(rest[0] ?? 'BEGIN EXCLUSIVE');
    console.log('locked');
    await told();
    database.close();
    return 'unlocked';
  },

  /** Writes one record and stays; the writer is closed only when it is told to. */
  stay: async () => {
    const store = open();
    store.append([{ ...decided(`${writer.id}-0`), writer }]);
    console.log(writer.id);
    await told();
    store.close();
    return 'closed';
  },

  /** Brings the projection up to the journal, and tells how many entries there are. */
  'catch-up': () => {
    const store = open();
    const { length } = store.entries({ limit: Number.POSITIVE_INFINITY });
    store.close();
    return String(length);
  },

  /** Freezes the store. */
  freeze: () => {
    const store = open();
    const draft = { ...draftOf('policy', 'policy:1', { event: 'frozen' }), writer };
    store.setFrozen({ reason: 'a leak', at: new Date(START), by: writer.id }, draft);
    store.close();
    return 'frozen';
  },

  /** Appends large records until one fails, and does then what it is told; prints what came of it. */
  fill: async () => {
    const store = open({ sqliteVersion: rest[0], warn: () => {} });
    let count = 0;
    const append = (): string => {
      try {
        store.append([{ ...decided(`a${count}`, { intent: 'x'.repeat(20_000) }), writer }]);
        count++;
        return 'written';
      } catch (error) {
        return messageOf(error);
      }
    };
    let came = append();
    while (came === 'written' && count < 10_000) came = append();
    console.log(came);
    for (let order = await told(); order !== 'end'; order = await told()) {
      if (order === 'more room') execFileSync(LIMITS, ['--pid', String(process.pid), '--fsize=unlimited']);
      console.log(order === 'again' ? append() : order);
    }
    store.close();
    return String(count);
  },

  /** Opens the database as another user. */
  'open-as': () => {
    process.setuid?.(Number(rest[0]));
    try {
      open().close();
      return 'opened';
    } catch (error) {
      return `${error instanceof Error ? error.name : ''}: ${messageOf(error)}`;
    }
  },
};

console.log('ready');
await told();
console.log((await TASKS[task]?.()) ?? 'no such task');
input.close();
