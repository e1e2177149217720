import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PrefixTree } from '../../src/core/prefix-tree.ts';

const word = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'é', '€', '😀'), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));

test('finds exactly the literals that a text begins with, shortest first', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), word, fc.string(), (literals, start, rest) => {
      const tree = new PrefixTree();
      const ids = new Map(literals.map((literal) => [literal, tree.add(literal)]));
      const text = start + rest;
      const found = new Int32Array(tree.size);
      const count = tree.leading(text, found);
      const expected = [...ids].filter(([literal]) => text.startsWith(literal));
      expected.sort(([a], [b]) => a.length - b.length);
      expect([...found.subarray(0, count)]).toEqual(expected.map(([, id]) => id));
    }),
  );
});

test('gives each literal an id of its own, in the order of adding', () => {
  const tree = new PrefixTree();
  expect(
    ['tenant-1/', 'tenant-12/', 'tenant-', 'tenant-1/', 'x'].map((literal) => tree.add(literal)),
  ).toEqual([0, 1, 2, 0, 3]);
  expect(tree.size).toBe(4);
});
