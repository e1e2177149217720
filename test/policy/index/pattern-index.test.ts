import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PatternIndex } from '../../../src/policy/index/pattern-index.ts';
import { type CompiledPattern, compilePattern } from '../../../src/policy/pattern/compile.ts';
import { PatternError } from '../../../src/policy/pattern/pattern-error.ts';
import { soakFactor } from '../../seed.ts';
import { chainLike, patterns, texts } from '../pattern/pattern-grammar.ts';

const compiled: fc.Arbitrary<CompiledPattern> = fc
  .oneof(
    patterns,
    chainLike(),
    fc.constantFrom('', '.*', '^', 'a', 'ab', 'b', '^a', '^ab', '(?i)ab', '^(?i:k)', 'é', '😀'),
  )
  .map((pattern) => {
    try {
      return compilePattern(pattern);
    } catch (error) {
      if (error instanceof PatternError) return null;
      throw error;
    }
  })
  .filter((pattern) => pattern !== null);

/** The answer of the automaton, which shares nothing with the index. */
const matches = (pattern: CompiledPattern, text: string): boolean => pattern.find(text) !== null;

describe('a pattern index', () => {
  test('answers as a loop over the patterns would, for any patterns and texts', () => {
    const longText = texts.map((text) => text.repeat(40));
    fc.assert(
      fc.property(
        fc.array(compiled, { maxLength: 30 }),
        fc.array(fc.oneof({ weight: 9, arbitrary: texts }, { weight: 1, arbitrary: longText }), {
          maxLength: 8,
        }),
        fc.nat(30),
        (list, samples, from) => {
          const index = new PatternIndex(list);
          for (const text of samples) {
            const expected = list.flatMap((pattern, i) => (matches(pattern, text) ? [i] : []));
            expect(index.all(text)).toEqual(expected);
            expect(index.first(text)).toBe(expected[0] ?? -1);
            expect(index.firstFrom(text, from)).toBe(expected.find((i) => i >= from) ?? -1);
          }
        },
      ),
      { numRuns: 300 * soakFactor },
    );
  });

  test('finds the lowest of thousands of rules', () => {
    const sources = Array.from({ length: 3000 }, (_, i) =>
      i % 3 === 0 ? `^/data/t${i}/.*\\.csv$` : i % 3 === 1 ? `rm -rf /x${i}\\b` : `https://h${i}\\.corp`,
    );
    const index = new PatternIndex(sources.map(compilePattern));
    expect(index.first('/data/t300/a.csv\n')).toBe(300);
    expect(index.first('sudo rm -rf /x1000 && curl https://h2.corp')).toBe(2);
    expect(index.firstFrom('sudo rm -rf /x1000 && curl https://h2.corp', 3)).toBe(1000);
    expect(index.all('rm -rf /x100; rm -rf /x1000')).toEqual([100, 1000]);
    expect(index.first('/tmp/data/t300/a.csv')).toBe(-1);
  });

  test('letters that only Python takes for equal do not slip past the search for literals', () => {
    const index = new PatternIndex([compilePattern('(?i)kill'), compilePattern('(?i)^sudo .*x')]);
    expect(index.all('KıLL')).toEqual([0]);
    expect(index.all('\u017fudo \u212aill x')).toEqual([0, 1]);
  });

  test('has no answer without patterns', () => {
    const index = new PatternIndex([]);
    expect(index.first('x')).toBe(-1);
    expect(index.all('')).toEqual([]);
  });
});
