import { copyFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/core/chain.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { decided, done, START } from '../../../src/testing/store/records.ts';
import { Child, lock } from './child-processes.ts';
import { newPath, openStore, sha256, writerOf } from './open-store.ts';

describe('a database that another process holds locked', () => {
  it.each([
    ['WAL', '3.53.0', 'BEGIN IMMEDIATE'],
    // Whoever reads keeps a transaction in TRUNCATE mode from being committed, not from being made.
    ['TRUNCATE', '3.47.0', 'BEGIN; SELECT count(*) FROM journal'],
  ])(
    'refuses appends in %s mode of SQLite %s (%s), and takes them afterwards',
    async (_mode, version, sql) => {
      const path = newPath();
      const store = openStore({ path, sqliteVersion: version, warn: () => {} });
      store.append([decided('a')]);
      const child = await lock(path, sql);
      const late = store.append([decided('b')], { gather: true });
      expect(() => store.append([decided('c')])).toThrow(
        new RegExp(`database ${path} failed: another process holds the database locked`),
      );
      child.tell('let go');
      expect(await child.line()).toBe('unlocked');
      store.append([done('a', 1)]);
      await late;
      const records = [...store.records()];
      expect(records.map(({ actionId, seq }) => `${actionId} ${seq}`)).toEqual(['a 1', 'b 2', 'a 3']);
      expect(verifyChain(records, sha256).brokenAt).toBeNull();
    },
  );

  it('takes what is written while others read', async () => {
    const path = newPath();
    const store = openStore({ path });
    store.append([decided('a')]);
    const child = await lock(path, 'BEGIN; SELECT count(*) FROM journal');
    store.append([decided('b')]);
    expect([...store.records()].length).toBe(2);
    child.tell('let go');
    expect(await child.line()).toBe('unlocked');
  });
});

describe('a full disk', () => {
  it('refuses appends, says so, and takes them once there is room', () => {
    const store = openStore();
    const pages = Number(store.database.prepare('PRAGMA page_count').get()?.page_count);
    store.database.prepare(`PRAGMA max_page_count = ${pages + 10}`).get();
    const fill = (): void => {
      for (let i = 0; i < 100; i++) store.append([decided(`a${i}`, { intent: 'x'.repeat(3_000) })]);
    };
    expect(fill).toThrow(/the disk is full.*Free some space/);
    const before = [...store.records()].length;
    expect(before).toBeGreaterThan(1);
    expect(() => store.append([decided('late', { intent: 'x'.repeat(3_000) })])).toThrow('full');
    store.database.prepare('PRAGMA max_page_count = 100000').get();
    store.append([decided('after')]);
    const records = [...store.records()];
    expect(records.length).toBe(before + 1);
    expect(verifyChain(records, sha256).brokenAt).toBeNull();
  });

  it.runIf(process.platform === 'linux').each([
    ['WAL', '3.53.0'],
    ['TRUNCATE', '3.47.0'],
  ])('that really takes no more refuses appends in %s mode, and takes them later', async (_mode, version) => {
    const path = newPath();
    openStore({ path, sqliteVersion: version, warn: () => {} }).close();
    // The size of any file is limited to 400 KB (in blocks of 1,024 bytes), and then it is not any more.
    const child = new Child(['fill', path, version], ['bash', '-c', 'ulimit -S -f 400; exec "$@"', 'bash']);
    child.tell('go');
    expect(await child.line()).toBe('ready');
    expect(await child.line()).toMatch(new RegExp(`${path} failed: the disk`));
    // In WAL mode there are two files, and what is in the one may find room in the other.
    let came = 'written';
    for (let tries = 0; came === 'written' && tries < 100; tries++) {
      child.tell('again');
      came = await child.line();
    }
    expect(came).toMatch(/failed: the disk/);
    child.tell('more room');
    expect(await child.line()).toBe('more room');
    child.tell('again');
    expect(await child.line()).toBe('written');
    child.tell('end');
    const written = Number(await child.line());
    expect(await child.ended()).toBe(0);
    const records = [...openStore({ path, sqliteVersion: version, warn: () => {} }).records()];
    expect(records.length).toBe(written);
    expect(verifyChain(records, sha256).brokenAt).toBeNull();
  });
});

describe('a damaged database', () => {
  it('refuses appends, is left as it is, and is used again once it is whole', () => {
    const path = newPath();
    const writer = openStore({ path });
    for (let i = 0; i < 50; i++) writer.append([decided(`a${i}`, { intent: 'x'.repeat(3_000) })]);
    writer.close();
    const store = openStore({ path, writer: writerOf('other') });
    const draft = { ...decided('b'), writer: writerOf('other') };
    copyFileSync(path, `${path}.whole`);
    damage(path);
    const damaged = readFileSync(path);
    expect(() => store.append([draft])).toThrow(/is damaged|no SQLite database/);
    expect(() => store.append([draft])).toThrow(/is damaged|no SQLite database/);
    expect(readFileSync(path)).toEqual(damaged);
    copyFileSync(`${path}.whole`, path);
    store.append([draft]);
    const records = [...store.records()];
    expect(records.map(({ position }) => position)).toEqual(records.map((_, index) => index + 1));
    expect(records.length).toBe(51);
  });
});

/** Writes over all of it, in place. */
function damage(path: string): void {
  writeFileSync(path, Buffer.alloc(statSync(path).size, 0xff), { flag: 'r+' });
}

describe('a database in TRUNCATE mode that a newer Node puts in WAL mode', () => {
  it('takes nothing while that has it open, and is taken out of WAL mode then', () => {
    const path = newPath();
    const clock = new FakeClock(START);
    const store = openStore({ path, clock, sqliteVersion: '3.47.2', warn: () => {} });
    store.append([decided('a')]);
    const newer = openStore({ path, clock, writer: writerOf('newer') });
    clock.advance(100);
    expect(() => store.append([decided('b')])).toThrow(
      new RegExp(`${path} cannot be used: another process has it open in WAL mode`),
    );
    newer.close();
    store.append([decided('c')]);
    expect(store.database.prepare('PRAGMA journal_mode').get()?.journal_mode).toBe('truncate');
    expect([...store.records()].length).toBe(2);
  });
});

describe('a database whose file is gone', () => {
  it.each([
    ['removed', (path: string) => renameSync(path, `${path}.away`)],
    [
      'replaced',
      (path: string) => {
        renameSync(path, `${path}.away`);
        copyFileSync(`${path}.away`, path);
      },
    ],
    ['removed', (path: string) => renameSync(`${path}-wal`, `${path}.away-wal`)],
  ])('(%s) takes nothing within 100 ms, until the very file is back', async (how, takeAway) => {
    const path = newPath();
    const clock = new FakeClock(START);
    const store = openStore({ path, clock });
    store.append([decided('a')]);
    expect(store.frozen()).toBeNull();
    takeAway(path);
    clock.advance(100);
    const words = new RegExp(`was ${how} while it was in use.*Put the very file back`);
    expect(() => store.append([decided('b')])).toThrow(words);
    await expect(store.append([decided('b')], { gather: true })).rejects.toThrow(words);
    expect(() => store.frozen()).toThrow(words);
    expect(() => store.setFrozen(null, decided('b'))).toThrow(words);
    for (const suffix of ['', '-wal']) putBack(path, suffix);
    store.append([done('a', 1)]);
    expect(store.frozen()).toBeNull();
    expect([...store.records()].map(({ kind }) => kind)).toEqual(['decided', 'done']);
  });

  it('is the same one after the last connection was closed and opened again', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock });
    store.append([decided('a')]);
    store.database.failed(Object.assign(new Error('disk I/O error'), { errcode: 10 }));
    clock.advance(1_000);
    store.append([done('a', 1)]);
    expect(store.frozen()).toBeNull();
    expect([...store.records()].length).toBe(2);
  });

  it('is not made anew when the connection is opened again', () => {
    const path = newPath();
    const store = openStore({ path });
    store.append([decided('a')]);
    renameSync(path, `${path}.away`);
    store.database.failed(Object.assign(new Error('disk I/O error'), { errcode: 10 }));
    expect(() => store.append([decided('b')])).toThrow('was removed');
    expect(() => store.entries({})).toThrow('was removed');
  });
});

/** Over what may be there in its place. */
function putBack(path: string, suffix: string): void {
  const away = `${path}.away${suffix}`;
  if (existsSync(away)) renameSync(away, `${path}${suffix}`);
}
