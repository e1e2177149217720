import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/core/chain.ts';
import { decided, done } from '../../../src/testing/store/records.ts';
import { kindsOf, newPath, openStore, sha256, writerOf } from './open-store.ts';

describe('gathered appends', () => {
  const gather = { gather: true };

  it('of one turn are one transaction, in their order', async () => {
    const store = openStore();
    store.append([decided('before')]);
    const settled = ['a', 'b', 'c'].map((id) => store.append([decided(id), done(id, id)], gather));
    expect(store.database.prepare('SELECT count(*) AS n FROM journal').get()?.n).toBe(1);
    await settled[0];
    expect(store.database.prepare('SELECT count(*) AS n FROM journal').get()?.n).toBe(7);
    await Promise.all(settled);
    const records = [...store.records()];
    expect(records.map(({ actionId }) => actionId)).toEqual(['before', 'a', 'a', 'b', 'b', 'c', 'c']);
    expect(verifyChain(records, sha256).brokenAt).toBeNull();
  });

  it.each([
    ['another append', (store: ReturnType<typeof openStore>) => void store.append([decided('b')])],
    ['entries', (store: ReturnType<typeof openStore>) => void store.entries({})],
    ['entry', (store: ReturnType<typeof openStore>) => void store.entry('a')],
    ['records', (store: ReturnType<typeof openStore>) => void store.records()],
    ['a freeze', (store: ReturnType<typeof openStore>) => void store.setFrozen(null, decided('b'))],
    ['closing', (store: ReturnType<typeof openStore>) => void store.close()],
  ])('are written before %s', async (_what, act) => {
    const path = newPath();
    const store = openStore({ path });
    const gathered = store.append([decided('a')], gather);
    act(store);
    const [first] = [...openStore({ path, writer: writerOf('reader') }).records()];
    expect(first?.actionId).toBe('a');
    await gathered;
  });

  it('fail by themselves where a body cannot be built', async () => {
    const store = openStore();
    const broken = {
      ...decided('b'),
      body: () => {
        throw new Error('no body');
      },
    };
    const settled = await Promise.allSettled([
      store.append([decided('a')], gather),
      store.append([done('a', 1), broken], gather),
      store.append([decided('c')], gather),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const records = [...store.records()];
    expect(records.map(({ actionId, kind }) => `${actionId} ${kind}`)).toEqual(['a decided', 'c decided']);
    expect(verifyChain(records, sha256).brokenAt).toBeNull();
  });

  it('are all rejected where their batch cannot be written, and none of them is there', async () => {
    const store = openStore();
    store.append([decided('before')]);
    const pages = Number(store.database.prepare('PRAGMA page_count').get()?.page_count);
    store.database.prepare(`PRAGMA max_page_count = ${pages + 4}`).get();
    const appends = Array.from({ length: 20 }, (_, i) =>
      store.append([decided(`a${i}`, { intent: 'x'.repeat(2_000) })], gather),
    );
    const settled = await Promise.allSettled(appends);
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(String((settled[19] as PromiseRejectedResult).reason)).toContain('the disk is full');
    expect(kindsOf(store)).toEqual(['decided']);
    store.database.prepare('PRAGMA max_page_count = 100000').get();
    await store.append([decided('after')], gather);
    expect(verifyChain([...store.records()], sha256).brokenAt).toBeNull();
  });

  it('are written a batch of at most 256 records, or about 1 MB, a turn', async () => {
    const store = openStore();
    const count = () => store.database.prepare('SELECT count(*) AS n FROM journal').get()?.n;
    const small = Array.from({ length: 300 }, (_, i) => store.append([decided(`a${i}`)], gather));
    await small[0];
    expect(count()).toBe(256);
    await Promise.all(small);
    const large = Array.from({ length: 10 }, (_, i) =>
      store.append([decided(`b${i}`, { intent: 'x'.repeat(300_000) })], gather),
    );
    await large[0];
    expect(count()).toBe(304);
    await Promise.all(large);
    expect(count()).toBe(310);
    expect(verifyChain([...store.records()], sha256).brokenAt).toBeNull();
  });

  it('stay together where one append is larger than a batch', async () => {
    const store = openStore();
    const drafts = Array.from({ length: 700 }, (_, i) => decided(`a${i}`));
    await Promise.all([store.append(drafts, gather), store.append([decided('b')], gather)]);
    expect([...store.records()].length).toBe(701);
  });

  it('wait while somebody else has a transaction open, and are not undone with it', async () => {
    const store = openStore();
    const gathered = store.append([decided('a')], gather);
    expect(() =>
      store.database.transaction(() => {
        store.append([decided('b')]);
        expect(store.entries({}).map(({ actionId }) => actionId)).toEqual(['b']);
        throw new Error('undo this');
      }),
    ).toThrow('undo this');
    await gathered;
    const records = [...store.records()];
    expect(records.map(({ actionId, seq }) => `${actionId} ${seq}`)).toEqual(['a 1']);
  });
});
