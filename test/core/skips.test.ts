import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiteralAutomaton } from '../../src/core/literal-automaton.ts';
import { Skips } from '../../src/core/skips.ts';

/** Words of few different characters, so that they overlap each other and themselves. */
const words = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom('a', 'b', 'A', 'é', '€', '😀'), { minLength, maxLength })
    .map((parts) => parts.join(''));

describe('skipping over a text', () => {
  it('finds the same literals as a search for each', () => {
    const parts = fc.array(fc.oneof(words(4, 9), words(0, 3)), { maxLength: 12 });
    fc.assert(
      fc.property(fc.uniqueArray(words(4, 9), { minLength: 1, maxLength: 40 }), parts, (literals, around) => {
        const automaton = new LiteralAutomaton();
        for (const literal of literals) automaton.add(literal);
        automaton.build();
        // Some of the literals themselves, more often than it takes to give up skipping.
        const text = [...around, ...literals.slice(0, 3), ...around, (literals[0] ?? '').repeat(30)].join('');
        const found = new Int32Array(automaton.size);
        const ids = [...found.subarray(0, automaton.occurring(text, found))].sort((a, b) => a - b);
        expect(ids).toEqual(literals.flatMap((literal, id) => (text.includes(literal) ? [id] : [])));
      }),
    );
  });

  it('misses nothing where it gives up skipping', () => {
    const automaton = new LiteralAutomaton();
    for (const literal of ['aaaa', 'zabcq', 'abcd']) automaton.add(literal);
    automaton.build();
    // At one of these lengths the look at `zabc` is the one that was too much.
    for (let before = 4; before < 300; before++) {
      const text = `${'a'.repeat(before)}zabcd${'a'.repeat(300 - before)}`;
      expect(automaton.occurring(text, new Int32Array(3))).toBe(2);
    }
  });

  it('passes no place where a literal begins', () => {
    fc.assert(
      fc.property(
        fc.array(words(4, 300), { minLength: 1, maxLength: 5 }),
        fc.array(words(0, 300), { maxLength: 3 }),
        (literals, parts) => {
          const text = [parts[0], literals[0], parts[1], literals.at(-1), parts[2]].join('');
          const skips = Skips.of(literals);
          const places = new Set<number>();
          for (let at = skips?.next(text, 0) ?? -1; at >= 0; at = skips?.next(text, at + 1) ?? -1)
            places.add(at);
          for (const literal of literals) {
            for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
              expect(places.has(at)).toBe(true);
            }
          }
        },
      ),
    );
  });

  it('is left out where a literal is short, or there is none', () => {
    expect(Skips.of(['four', 'six'])).toBeNull();
    expect(Skips.of([])).toBeNull();
    expect(Skips.of(['four'])).not.toBeNull();
  });
});
