import fc from 'fast-check';
import { expect, it } from 'vitest';
import { verifyChain } from '../../../src/core/chain.ts';
import { decided, done } from '../../../src/testing/store/records.ts';
import { soakFactor } from '../../seed.ts';
import { by, byWriter, newPath, openStore, sha256, writerOf } from './open-store.ts';

type How = 'at once' | 'gathered' | 'in a transaction' | 'undone' | 'broken';

interface Step {
  /** Which of the two stores on the file. */
  readonly store: 0 | 1;
  /** Which of the store's two writers. */
  readonly writer: 0 | 1;
  readonly how: How;
  readonly records: number;
  /** Whether somebody reads or waits afterwards. */
  readonly next: 'nothing' | 'read' | 'wait' | 'reopen';
}

const step: fc.Arbitrary<Step> = fc.record({
  store: fc.constantFrom(0, 1),
  writer: fc.constantFrom(0, 1),
  how: fc.constantFrom('at once', 'at once', 'gathered', 'gathered', 'in a transaction', 'undone', 'broken'),
  records: fc.integer({ min: 1, max: 3 }),
  next: fc.constantFrom('nothing', 'nothing', 'nothing', 'read', 'wait', 'reopen'),
});

const NAMES = [
  ['a', 'b'],
  ['c', 'd'],
] as const;

const broken = (): never => {
  throw new Error('no body');
};

it('keeps every chain whole and in order, however records come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
      const path = newPath();
      const open = (index: 0 | 1) => openStore({ path, writer: writerOf(NAMES[index][0]) });
      const stores = [open(0), open(1)];
      const expected = new Map<string, string[]>();
      const gathered: Promise<unknown>[] = [];
      let count = 0;
      for (const { store: index, writer, how, records, next } of steps) {
        const store = stores[index];
        if (store === undefined) throw new Error('There are two stores.');
        const name = NAMES[index][writer];
        const ids = Array.from({ length: records }, () => `${count++}`);
        const drafts = ids.map((id) => by(name, count % 2 === 0 ? decided(id) : done(id, id)));
        if (how === 'at once') store.append(drafts);
        if (how === 'gathered') gathered.push(Promise.resolve(store.append(drafts, { gather: true })));
        // What is gathered waits for the end of a transaction, and would be overtaken.
        if (how === 'in a transaction') await Promise.all(gathered);
        if (how === 'in a transaction') store.database.transaction(() => store.append(drafts));
        if (how === 'undone') {
          expect(() =>
            store.database.transaction(() => {
              store.append(drafts);
              throw new Error('undone');
            }),
          ).toThrow('undone');
        }
        if (how === 'broken') {
          const late = store.append([...drafts, { ...by(name, decided('x')), body: broken }], {
            gather: true,
          });
          gathered.push(expect(late).rejects.toThrow('no body'));
        }
        if (how !== 'undone' && how !== 'broken') expected.set(name, [...(expected.get(name) ?? []), ...ids]);
        if (next === 'read') store.entries({});
        if (next === 'wait') await Promise.all(gathered);
        if (next === 'reopen') {
          store.close();
          stores[index] = open(index);
        }
      }
      await Promise.all(gathered);
      const records = [...(stores[0]?.records() ?? [])];
      expect(records.map(({ position }) => position)).toEqual(records.map((_, index) => index + 1));
      const chains = byWriter(records);
      for (const chain of chains.values()) expect(verifyChain(chain, sha256).brokenAt).toBeNull();
      const written = [...chains].map(([name, chain]) => [name, chain.map(({ actionId }) => actionId)]);
      expect(new Map(written as [string, string[]][])).toEqual(expected);
      for (const store of stores) store.close();
    }),
    { numRuns: 30 * soakFactor },
  );
});
