import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LiteralAutomaton } from '../../src/core/literal-automaton.ts';

test('finds exactly the literals that a search for each would find, each once', () => {
  const word = fc
    .array(fc.constantFrom('a', 'b', 'c', 'é', '€', '😀'), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { maxLength: 40 }),
      fc.array(word, { maxLength: 12 }),
      (literals, parts) => {
        const automaton = new LiteralAutomaton();
        const ids = literals.map((literal) => automaton.add(literal));
        automaton.build();
        const text = parts.join('');
        const found = new Int32Array(automaton.size);
        const read = (count: number): number[] => [...found.subarray(0, count)].sort((a, b) => a - b);
        expect(ids).toEqual(literals.map((_, i) => i));
        expect(read(automaton.occurring(text, found))).toEqual(
          ids.filter((id) => text.includes(literals[id] ?? '')),
        );
        const longest: [number, number][] = [];
        automaton.endings(text, (id, end) => longest.push([id, end]));
        const expected = Array.from({ length: text.length + 1 }, (_, end): [number, number][] => {
          const ending = ids.filter((id) => text.slice(0, end).endsWith(literals[id] ?? ''));
          const best = ending.sort((a, b) => (literals[b] ?? '').length - (literals[a] ?? '').length)[0];
          return best === undefined ? [] : [[best, end]];
        });
        expect(longest).toEqual(expected.flat());
      },
    ),
  );
});
