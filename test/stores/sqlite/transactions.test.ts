import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/core/chain.ts';
import { decided, done, START } from '../../../src/testing/store/records.ts';
import { by, kindsOf, newPath, openStore, sha256 } from './open-store.ts';

describe('an append within a transaction', () => {
  it('is committed with it', () => {
    const store = openStore();
    store.append([decided('a')]);
    store.database.transaction(() => {
      store.append([done('a', 1)]);
      store.append([decided('b')]);
    });
    store.append([decided('c')]);
    const records = [...store.records()];
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(verifyChain(records, sha256).brokenAt).toBeNull();
    expect(store.entry('a')?.state).toBe('done');
  });

  it('is the last one that the writer closes with', () => {
    const path = newPath();
    const store = openStore({ path });
    store.append([decided('a')]);
    store.database.transaction(() => store.append([done('a', 1)]));
    store.close();
    const row = openStore({ path }).database.prepare('SELECT last_seq, last_position FROM writers').get();
    expect({ ...row }).toEqual({ last_seq: 2, last_position: 2 });
  });

  it('is undone with it, and the chain goes on where it was', () => {
    const store = openStore();
    store.append([decided('a')]);
    const undo = () =>
      store.database.transaction(() => {
        store.append([done('a', 1), by('new', decided('b'))]);
        expect(store.entry('a')?.state).toBe('done');
        throw new Error('undo this');
      });
    expect(undo).toThrow('undo this');
    expect(store.entry('a')?.state).toBe('running');
    store.append([decided('c'), by('new', decided('d'))]);
    const records = [...store.records()];
    expect(records.map(({ actionId, seq }) => `${actionId} ${seq}`)).toEqual(['a 1', 'c 2', 'd 1']);
    expect(verifyChain(records.slice(0, 2), sha256).brokenAt).toBeNull();
  });

  it('undoes the whole of it when it fails, also when somebody catches the error', () => {
    const store = openStore();
    const broken = {
      ...decided('b'),
      body: () => {
        throw new Error('no body');
      },
    };
    expect(() =>
      store.database.transaction(() => {
        store.append([decided('a')]);
        try {
          store.setFrozen({ reason: 'r', at: new Date(START), by: 'x' }, broken);
        } catch {}
      }),
    ).toThrow('no body');
    expect([kindsOf(store), store.frozen()]).toEqual([[], null]);
  });
});
