import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, printableJson, printableStart } from '../../src/explain/printable.ts';

test('what would act on a terminal is spelled out', () => {
  expect(printable('a\x1b[31mred\n\t\r\0\x7f\x9b')).toBe('a\\x1b[31mred\\n\\t\\r\\x00\\x7f\\x9b');
  expect(printable('\u202eevil\u2028\ufeff\ud800')).toBe('\\u202eevil\\u2028\\ufeff\\ud800');
});

test('words in any language stay as they are', () => {
  const text = 'é 漢字 हिन्दी العربية 😀 `$()` "quoted" \\n';
  expect(printable(text)).toBe(text);
});

test('the result is one line of text that prints, whatever came in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(printable(shown)).toBe(shown);
    }),
  );
});

test('JSON has the same meaning when nothing in it acts any more', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const data = { value, text: `\x9b2J\u202e\u{e0041}${text}` };
      const shown = printableJson(JSON.stringify(data, null, 2));
      expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202e\u{e0041}]/u);
      expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(data)));
    }),
  );
});

test('a long text is cut between characters', () => {
  expect(printableStart('abcdef', 4)).toBe('abc…');
  expect(printableStart('abcd', 4)).toBe('abcd');
  expect(printableStart('😀'.repeat(9), 4)).toBe('😀😀😀…');
});
