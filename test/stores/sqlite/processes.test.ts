import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/core/chain.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { decided, START } from '../../../src/testing/store/records.ts';
import { Child, runAll } from './child-processes.ts';
import { by, byWriter, newPath, openStore, sha256, writerOf } from './open-store.ts';

describe('several processes on one file', () => {
  it.each([
    ['WAL', '3.53.0', 150],
    ['TRUNCATE', '3.47.0', 40],
  ])(
    'append at once in %s mode: every chain holds, and no position is missing',
    async (_mode, version, appends) => {
      const path = newPath();
      const ended = await runAll(Array.from({ length: 4 }, () => ['append', path, String(appends), version]));
      expect(ended).toEqual(['done', 'done', 'done', 'done']);
      const store = openStore({ path, sqliteVersion: version, warn: () => {} });
      const records = [...store.records()];
      expect(records.length).toBe(4 * appends * 2);
      expect(records.every(({ position }, index) => position === index + 1)).toBe(true);
      const chains = byWriter(records);
      expect(chains.size).toBe(4);
      for (const chain of chains.values()) {
        expect(verifyChain(chain, sha256).brokenAt).toBeNull();
        expect(chain[0]?.seq).toBe(1);
        // It began with the newest hash of the store.
        expect(chain[0]?.prevHash).toBe(records[(chain[0]?.position ?? 0) - 2]?.hash ?? '');
      }
      expect(store.entries({ limit: 10_000 }).length).toBe(4 * appends);
      expect(store.entries({ limit: 10_000 }).every(({ state }) => state === 'done')).toBe(true);
    },
  );

  it('see the freeze of one of them', async () => {
    const path = newPath();
    const clock = new FakeClock(START);
    const store = openStore({ path, clock });
    expect(store.frozen()).toBeNull();
    expect(await runAll([['freeze', path]])).toEqual(['frozen']);
    clock.advance(250);
    expect(store.frozen()?.reason).toBe('a leak');
  });
});

describe('a writer', () => {
  async function stay(path: string): Promise<{ child: Child; id: string }> {
    const child = new Child(['stay', path]);
    child.tell('go');
    expect(await child.line()).toBe('ready');
    return { child, id: await child.line() };
  }

  it('is alive while its process is, and dead when that was killed, as of a second ago', async () => {
    const path = newPath();
    const clock = new FakeClock(START);
    const store = openStore({ path, clock, writer: writerOf('own') });
    const { child, id } = await stay(path);
    expect(store.writerIsAlive(id)).toBe(true);
    expect(store.entry(`${id}-0`)?.state).toBe('running');
    child.process.kill('SIGKILL');
    expect(await child.ended()).toBe('SIGKILL');
    expect(store.writerIsAlive(id)).toBe(true);
    clock.advance(1_000);
    expect(store.writerIsAlive(id)).toBe(false);
    expect(store.entry(`${id}-0`)?.state).toBe('interrupted');
  });

  it('is dead when it was closed, though its process lives on', () => {
    const path = newPath();
    const other = openStore({ path, writer: writerOf('other') });
    other.append([by('other', decided('a'))]);
    const clock = new FakeClock(START);
    const store = openStore({ path, clock });
    expect(store.writerIsAlive('other')).toBe(true);
    other.close();
    clock.advance(1_000);
    expect(store.writerIsAlive('other')).toBe(false);
  });

  it('is alive to itself until it is closed, also before it has written', () => {
    const store = openStore();
    expect(store.writerIsAlive('first')).toBe(true);
    store.close();
    expect(store.writerIsAlive('first')).toBe(false);
  });

  it('of which nothing is known may be alive', () => {
    expect(openStore().writerIsAlive('unknown')).toBe(true);
  });

  /** Enters a writer as another process would have, with what it told of itself. */
  function enter(
    row: Partial<Record<'host' | 'pid' | 'incarnation' | 'started_at', string | number | null>>,
  ) {
    const clock = new FakeClock(Date.now());
    const store = openStore({ clock, writer: writerOf('own') });
    const { host, pid, incarnation, started_at } = {
      host: hostname(),
      pid: process.pid,
      incarnation: null,
      started_at: Date.now(),
      ...row,
    };
    store.database
      .prepare('INSERT INTO writers (id, host, pid, incarnation, started_at) VALUES (?, ?, ?, ?, ?)')
      .run('other', host, pid, incarnation, started_at);
    return store;
  }

  it('on another machine is alive for all that can be seen', () => {
    expect(enter({ host: 'elsewhere', pid: 2 ** 22 + 1 }).writerIsAlive('other')).toBe(true);
  });

  it('without an incarnation is alive while there is a process with its id that may be older', () => {
    expect(enter({}).writerIsAlive('other')).toBe(true);
    expect(enter({ pid: 2 ** 22 + 1 }).writerIsAlive('other')).toBe(false);
    // It started before the machine did.
    expect(enter({ started_at: 0 }).writerIsAlive('other')).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'is dead when its process id belongs to another process by now',
    () => {
      const own = openStore();
      own.append([decided('a')]);
      const row = own.database.prepare('SELECT incarnation FROM writers').get();
      const incarnation = String(row?.incarnation);
      const [boot, namespace, started] = incarnation.split(':');
      expect(boot).toMatch(/^[0-9a-f-]{36}$/);
      expect(enter({ incarnation }).writerIsAlive('other')).toBe(true);
      expect(
        enter({ incarnation: `${boot}:${namespace}:${Number(started) - 1}` }).writerIsAlive('other'),
      ).toBe(false);
      expect(enter({ incarnation: `another-boot:${namespace}:${started}` }).writerIsAlive('other')).toBe(
        false,
      );
      // Another container has its own process ids.
      expect(enter({ incarnation: `${boot}:1:1`, pid: 2 ** 22 + 1 }).writerIsAlive('other')).toBe(true);
    },
  );
});
