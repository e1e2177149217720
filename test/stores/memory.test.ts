import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/core/chain.ts';
import { MemoryStore } from '../../src/stores/memory.ts';
import { decided, done } from '../../src/testing/store/records.ts';
import { storeSuite } from '../../src/testing/store-suite.ts';
import { damageMemory } from './damage.ts';

const sha256 = (text: string): string => hash('sha256', text);
const makeStore = (maxActions: number): MemoryStore => new MemoryStore({ maxActions, sha256 });

storeSuite('memory', () => makeStore(1000), { describe, it, expect, sha256, damage: damageMemory });

describe('MemoryStore', () => {
  it('keeps the newest actions, and forgets the oldest one for each that comes', () => {
    const store = makeStore(3);
    for (let i = 0; i < 10; i++) store.append([decided(`a${i}`), done(`a${i}`, i)]);
    expect(store.entries({}).map(({ actionId }) => actionId)).toEqual(['a9', 'a8', 'a7']);
    expect(store.entry('a6')).toBeUndefined();
    expect(store.entry('a9')?.result).toBe(9);
  });

  it('has room for at least one action', () => {
    const store = makeStore(0);
    store.append([decided('a'), decided('b')]);
    expect(store.entries({}).map(({ actionId }) => actionId)).toEqual(['b']);
  });

  it('chains what it retains, also when nobody looked for long', () => {
    const store = makeStore(5);
    for (let i = 0; i < 100; i++) store.append([decided(`a${i}`), done(`a${i}`, i)]);
    const first = store.records();
    expect(first.length).toBeGreaterThanOrEqual(10);
    expect(first.length).toBeLessThanOrEqual(20);
    expect(verifyChain(first, sha256).brokenAt).toBeNull();
    for (let i = 100; i < 103; i++) store.append([decided(`a${i}`), done(`a${i}`, i)]);
    const second = store.records();
    expect(verifyChain(second, sha256).brokenAt).toBeNull();
    expect(second.at(-1)?.prevHash).toBe(second.at(-2)?.hash);
  });

  it('chains without a gap when calls overlap and some of them are forgotten', () => {
    const store = makeStore(4);
    for (let i = 0; i < 200; i++) {
      store.append([decided(`a${i}`)]);
      if (i >= 3) store.append([done(`a${i - 3}`, i)]);
      if (i % 7 === 0) expect(verifyChain(store.records(), sha256).brokenAt).toBeNull();
    }
    expect(verifyChain(store.records(), sha256).brokenAt).toBeNull();
    expect(store.entry('a198')?.toolName).toBeDefined();
  });

  it('does not show an outcome whose action was forgotten meanwhile as an action', () => {
    const store = makeStore(2);
    store.append([decided('slow')]);
    store.append([decided('b'), decided('c')]);
    store.append([done('slow', 1)]);
    expect(store.entry('slow')).toBeUndefined();
    expect(store.entries({}).map(({ actionId }) => actionId)).toEqual(['c', 'b']);
  });

  it('gives entries whose change changes nothing in it', () => {
    const store = makeStore(2);
    store.append([decided('a')]);
    Object.assign(store.entry('a') ?? {}, { verdict: 'BLOCK' });
    expect(store.entry('a')?.verdict).toBe('ALLOW');
  });

  it('begins a second writer with the newest hash of the first', () => {
    const store = makeStore(5);
    store.append([decided('a')]);
    store.append([{ ...decided('b'), writer: { id: 'second', host: 'h', pid: 2 } }]);
    const [first, second] = store.records();
    expect(second?.prevHash).toBe(first?.hash);
  });
});
