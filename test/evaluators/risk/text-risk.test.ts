import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textRisk } from '../../../src/evaluators/risk/text-risk.ts';
import {
  BROAD_VALUES,
  EVERY_ROW,
  type RiskRow,
  SENSITIVE_VALUES,
  SOME_ROWS,
} from '../../../src/evaluators/risk/text-tables.ts';

const ROWS = [...SENSITIVE_VALUES, ...BROAD_VALUES, EVERY_ROW];
const texts = textRisk();

function read(text: string): { sensitivity: number; blast: number } {
  const scores = { sensitivity: 0, blast: 0 };
  texts.read(text, scores);
  return scores;
}

/** The same by trying every pattern on every text. */
function tried(text: string): { sensitivity: number; blast: number } {
  const score = (rows: readonly RiskRow[]): number =>
    Math.max(
      0,
      ...rows
        .filter(({ alternatives }) => alternatives.some(({ pattern }) => new RegExp(pattern, 'i').test(text)))
        .map((row) => row.score),
    );
  const blast = score(BROAD_VALUES);
  const every = score([EVERY_ROW]) > 0 && !SOME_ROWS.test(text) ? EVERY_ROW.score : 0;
  return { sensitivity: score(SENSITIVE_VALUES), blast: Math.max(blast, every) };
}

const PARTS = [
  ...new Set(ROWS.flatMap(({ alternatives }) => alternatives.flatMap(({ needs }) => needs))),
  ...[
    ' ',
    '\n',
    '\u00a0',
    '\u2028',
    '/',
    '\\',
    ':',
    '"',
    'a',
    '-r',
    '_',
    'table',
    'from',
    'where',
    'set',
    'if=',
    'key',
  ],
  ...['windows', 'shadow', '0123456789abcdef', 'K', 'İ', 'ſ', '𝒳'],
];

/** A pattern without what looks to the side, which texts cannot be made from. */
function withoutLooks(pattern: string): string {
  return pattern.replaceAll('\\b', '').replace(/\(\?[=!](?:\[[^\]]*\]|[^)])*\)/g, '');
}

describe('words that a row needs', () => {
  it('never keep a row from being found', () => {
    const part = fc.constantFrom(...PARTS);
    const cased = fc.tuple(part, fc.boolean()).map(([text, upper]) => (upper ? text.toUpperCase() : text));
    fc.assert(
      fc.property(fc.array(cased, { maxLength: 6 }), (parts) => {
        const text = parts.join('');
        expect(read(text)).toEqual(tried(text));
      }),
    );
  });

  it.each([
    ['/', 0.8, 1],
    ['cat /etc', 0.8, 0],
    [' ALL\u2003', 0, 1],
    ['C:\\Windows', 0.8, 0],
    ['DELETE  FROM t', 0, 1],
    ['delete from t where id = 1', 0, 0],
    ['API KEY', 0.5, 0],
    ['rm\u00a0-Rf x', 0, 1],
    ['tenant-00012/exports/a.csv', 0, 0],
  ])('%j scores %d and reaches %d', (text, sensitivity, blast) => {
    expect(read(text)).toEqual({ sensitivity, blast });
    expect(tried(text)).toEqual({ sensitivity, blast });
  });

  it.each(ROWS.flatMap(({ alternatives }) => alternatives))(
    'are in every text of $pattern',
    ({ pattern, needs }) => {
      fc.assert(
        fc.property(fc.stringMatching(new RegExp(withoutLooks(pattern))), (text) => {
          fc.pre(new RegExp(pattern, 'i').test(text));
          expect(needs.some((word) => `${text.toLowerCase()}\n`.includes(word))).toBe(true);
        }),
        { numRuns: 20 },
      );
    },
  );
});
