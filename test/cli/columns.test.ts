import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cell, columnsOf, padded } from '../../src/cli/columns.ts';
import { printable } from '../../src/explain/printable.ts';

const FAMILY = '👨\u200d👩\u200d👧';
const ACCENTED = 'e\u0301';

describe('how wide a text is', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['漢字', 4],
    ['ｆｕｌｌ', 8],
    ['한국', 4],
    ['😀', 2],
    ['🇩🇪', 2],
    ['👍🏽', 2],
    [ACCENTED, 1],
    ['ที่', 1],
    ['é', 1],
  ])('%j takes its columns', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
    expect(columnsOf(padded(text, 12))).toBe(12);
  });

  test('a text that is wider stays as it is', () => {
    expect(padded('漢字', 3)).toBe('漢字');
  });
});

describe('a cell', () => {
  test('holds what fits, and where not, what leaves room for the mark that something is left out', () => {
    expect(cell('漢字漢', 6, true)).toBe('漢字漢');
    expect(cell('漢字漢', 5, true)).toBe('漢字…');
    expect(cell('漢字漢字', 6, true)).toBe('漢字… ');
    expect(cell('漢字', 1, true)).toBe('…');
    expect(cell('漢字漢', 3, false)).toBe('漢字漢');
  });

  test('cuts no character in two, and nothing that is spelled out', () => {
    expect(cell(ACCENTED.repeat(5), 3, true)).toBe(`${ACCENTED.repeat(2)}…`);
    expect(cell('🇩🇪🇫🇷🇮🇹', 5, true)).toBe('🇩🇪🇫🇷…');
    expect(cell('ab\x1b[31m', 5, true)).toBe('ab…  ');
    expect(cell('ab\x1b[31m', 7, true)).toBe('ab\\x1b…');
    expect(cell(FAMILY, 9, true)).toBe('👨\\u200d…');
  });

  test('shows no towers of marks, which would be drawn over other lines', () => {
    const tower = `a${'\u0301'.repeat(1000)}`;
    expect(cell(`x${tower}y`, 10, true)).toBe(`x…${' '.repeat(8)}`);
    expect(cell(`a${'\u0301'.repeat(5)}`, 3, true)).toBe(`a${'\u0301'.repeat(5)}  `);
  });

  test('has its width whatever is in it, prints, and is the beginning of the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({
        unit: fc.constantFrom('漢', '😀', '\u0301', '\u200d', '\x1b', 'a', '🇩', 'ก', 'ำ', 'ᄀ', 'ᅡ'),
      }),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (value, columns) => {
        const shown = cell(value, columns, true);
        expect(columnsOf(shown)).toBe(columns);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200d]/u);
        const [whole, kept = ''] = [printable(value), /^(.*)…/su.exec(shown)?.[1]];
        if (shown.trimEnd() !== whole.trimEnd()) expect(whole.startsWith(kept)).toBe(true);
      }),
    );
  });
});
