import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { PatternIndex } from '../../../src/policy/index/pattern-index.ts';
import { type CompiledPattern, compilePattern } from '../../../src/policy/pattern/compile.ts';
import { DenseView } from '../../../src/policy/pattern/dense-view.ts';
import { indexesOf } from '../../../src/policy/pattern/indexes-of.ts';
import { matchDense } from '../../../src/policy/pattern/match-dense.ts';
import { TextLetters } from '../../../src/policy/pattern/text-letters.ts';
import { TextView } from '../../../src/policy/pattern/text-view.ts';
import { soakFactor } from '../../seed.ts';
import { chainLike, texts } from './pattern-grammar.ts';

const crowded = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'k', 'K', 's', ' ', '\n', '/', 'é', '😀', '1', '\ud83d'), {
    minLength: 0,
    maxLength: 90,
  })
  .map((parts) => parts.join(''));

const dense = (pattern: CompiledPattern, text: string): boolean | null => {
  const { chain } = pattern.shape;
  return chain === null ? null : matchDense(chain, 0, null, new TextView(text).dense, text.endsWith('\n'));
};

describe('matching with sets of positions', () => {
  test('answers as the automaton does', () => {
    const counted = fc
      .tuple(fc.nat(70), fc.nat(70), fc.constantFrom('.', '[^/]', '[ab]', '\\w', 'a', '(?s:.)'))
      .map(([min, more, set]) => `[ab]${set}{${min},${min + more}}(?:[ab]|k)`);
    fc.assert(
      fc.property(fc.oneof(chainLike(), counted), fc.oneof(crowded, texts), (source, text) => {
        const pattern = compilePattern(source);
        const found = dense(pattern, text);
        if (found !== null) expect(found).toBe(pattern.find(text) !== null);
      }),
      { numRuns: 1500 * soakFactor },
    );
  });

  test('long texts, which choose it where parts occur often, too', () => {
    fc.assert(
      fc.property(chainLike(), crowded, fc.integer({ min: 4, max: 12 }), (source, text, times) => {
        const pattern = compilePattern(source);
        const long = text.repeat(times);
        expect(pattern.test(long)).toBe(pattern.find(long) !== null);
      }),
      { numRuns: 500 * soakFactor },
    );
  });

  test('a gap ends where its last character is', () => {
    for (const distance of [31, 32, 33, 63, 64, 65, 100]) {
      const text = `a${'x'.repeat(distance)}b`;
      expect(dense(compilePattern(`a.{0,${distance}}b$`), text)).toBe(true);
      expect(dense(compilePattern(`a.{0,${distance - 1}}b$`), text)).toBe(false);
      expect(dense(compilePattern(`ax{${distance},}b$`), text)).toBe(true);
      expect(dense(compilePattern(`ax{${distance + 1},}b$`), text)).toBe(false);
      expect(dense(compilePattern(`a[xy]{3,${distance - 1}}b$`), text)).toBe(false);
    }
  });
});

describe('the places where a text occurs', () => {
  test('are all found, however often it overlaps itself', () => {
    const naive = (text: string, wanted: string): number[] =>
      Array.from(text, (_, at) => at).filter((at) => text.startsWith(wanted, at));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'a', 'a', 'b'), { maxLength: 300 }),
        fc.array(fc.constantFrom('a', 'a', 'a', 'a', 'b'), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 3 }),
        (text, wanted, times) => {
          const [within, part] = [text.join(''), wanted.join('').repeat(times)];
          expect(indexesOf(within, part)).toEqual(naive(within, part));
          expect(indexesOf('a'.repeat(300), part)).toEqual(naive('a'.repeat(300), part));
        },
      ),
    );
  });
});

describe('the work that a thousand patterns make of a long text', () => {
  afterEach(() => vi.restoreAllMocks());

  const randomText = (letters: string, length: number): string => {
    let seed = 1;
    return Array.from({ length }, () => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return letters[(seed >>> 16) % letters.length];
    }).join('');
  };

  test.each(['abc', 'ab\n'])('is a few passes over words for each part, not over places (%j)', (letters) => {
    const sources = Array.from(
      { length: 1000 },
      (_, i) =>
        `(?:a|b)(?:b|a).{0,${i % 900}}(?:ab|ba).{${i % 7},${500 + (i % 400)}}(?:aa|bb)[ab]{${i % 30},}(?:[!]|@@)`,
    );
    const index = new PatternIndex(sources.map(compilePattern));
    const gaps = vi.spyOn(DenseView.prototype, 'reached');
    const tables = vi.spyOn(TextLetters.prototype, 'members');
    const lists = vi.spyOn(TextView.prototype, 'shared');
    index.all(`${randomText(letters, 10_240)}!`);
    expect(gaps.mock.calls.length).toBeLessThanOrEqual(3 * sources.length);
    expect(gaps.mock.calls.length).toBeGreaterThan(sources.length);
    expect(tables.mock.calls.length).toBeLessThanOrEqual(2);
    expect(lists.mock.calls.length).toBe(0);
  });

  test('is that of one automaton with few states for groups under repeats', () => {
    const costs = Array.from(
      { length: 1000 },
      (_, i) => compilePattern(`(?i)(?:[a-k]|ss){3,9}[^a-z ]{2}(?:k|ſ)*[0-9${i % 10}]`).cost,
    );
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(6000);
  });
});
