import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRow } from '../../src/cli/csv.ts';

describe('a row of CSV', () => {
  test('is quoted by RFC 4180 and ends with CR LF', () => {
    expect(csvRow(['a', 'b,c', 'say "x"', null, undefined, 1.5, true])).toBe(
      '"a","b,c","say ""x""","","","1.5","true"\r\n',
    );
  });

  test('has lists and objects as JSON', () => {
    expect(csvRow([{ a: ['b'] }, []])).toBe('"{""a"":[""b""]}","[]"\r\n');
  });

  test.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\tx',
    '\rx',
    '＝1+1',
    '＋1',
    '－1',
    '＠x',
    ' =1',
    '\ufeff=1',
    '\u200b@x',
  ])('does not let %j be calculated', (text) => {
    expect(csvRow([text])).toMatch(/^"'/);
  });

  test('leaves alone what is no formula, and numbers', () => {
    expect(csvRow(['a=b', '1-2', "'quoted'", -1])).toBe(`"a=b","1-2","'quoted'","-1"\r\n`);
  });

  test('is one line that does not act on a terminal, and no cell begins a formula, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (cells) => {
        const row = csvRow(cells);
        expect(row.slice(0, -2)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u);
        const read = [...row.slice(0, -2).matchAll(/(?:^|,)"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell);
        expect(read).toHaveLength(cells.length);
        expect(read.filter((cell) => /^\s*[=+\-@＝＋－＠]/u.test(cell))).toEqual([]);
      }),
    );
  });
});
