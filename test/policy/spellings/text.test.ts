import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOOK_ALIKES } from '../../../src/policy/spellings/text/look-alikes.ts';
import { textForms } from '../../../src/policy/spellings/text.ts';

const last = (text: string): string => textForms(text).at(-1) ?? text;

describe('the readings of a text', () => {
  it.each([
    ['ｒｍ　－ｒｆ　／', 'rm -rf /'],
    ['r\u200bm\u00ad -r\u2060f', 'rm -rf'],
    ['rm\u00a0-rf\u2003/', 'rm -rf /'],
    ['rm\t -rf', 'rm -rf'],
    ['rm\r\n\t-rf', 'rm\n -rf'],
    ['\u202erm -rf\u202c', 'rm -rf'],
    ['r\u{e0072}m\ufe0f', 'rm'],
    ['r\0m\x1b', 'rm'],
    ['rm –rf', 'rm -rf'],
    ['гм -гf /', 'rm -rf /'],
    ['𝐫𝐦 -𝓻𝒇', 'rm -rf'],
    ['ⅾelete ﬁle', 'delete file'],
    ['DRΟP ТABLE', 'DROP TABLE'],
    ['⁄etc∕passwd', '/etc/passwd'],
    ['pɑsswοrd ı ɡ ʀ', 'password i g r'],
    ['‘a’ “b”', '\'a\' "b"'],
    ['е\u0301tat', 'état'],
  ])('%j has %j as its last', (text, folded) => {
    expect(last(text)).toBe(folded);
  });

  it('keep the letters of the script beside the folded ones', () => {
    expect(textForms('ｃаt')).toEqual(['cаt', 'cat']);
  });

  it.each(['', 'rm  -rf / ~', 'été', 'naïve 中文', '😀'])('are none for %j, which is plain', (text) => {
    expect(textForms(text)).toEqual([]);
  });

  it('say nothing new when read again', () => {
    const letters = LOOK_ALIKES.flatMap(([, row]) => [...row]);
    const odd = fc.constantFrom(
      ...letters,
      '\u200b',
      '\u0301',
      '\u0327',
      '\u3164',
      '\u1161',
      ' ',
      '\u2003',
      '\t',
      'e',
    );
    const text = fc.string({
      unit: fc.oneof(odd, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
    });
    fc.assert(
      fc.property(text, (one) => {
        expect(textForms(last(one))).toEqual([]);
        for (const form of textForms(one))
          expect([form, last(one)]).toEqual(expect.arrayContaining([...textForms(form)]));
      }),
      { numRuns: 2000 },
    );
  });

  it('hold no character that shows nothing', () => {
    for (let code = 0; code < 0x110000; code++) {
      const shown = last(`a${String.fromCodePoint(code)}b`);
      if (/\p{Default_Ignorable_Code_Point}|[^\P{Cc}\n]/u.test(shown)) expect.fail(code.toString(16));
    }
  });

  it('take linear time on 64 KB', () => {
    for (const unit of ['а', '\u200b', ' \t', 'e\u0301', '\u0301\u0327', 'ﷺ']) {
      const start = performance.now();
      textForms(unit.repeat(65_536 / unit.length));
      expect(performance.now() - start).toBeLessThan(200);
    }
  });
});

describe('the table of look-alikes', () => {
  const rows = LOOK_ALIKES.flatMap(([ascii, letters]) => [...letters].map((letter) => ({ ascii, letter })));

  it('gives each character once', () => {
    expect(new Set(rows.map(({ letter }) => letter)).size).toBe(rows.length);
  });

  it('holds only characters that NFKC leaves as they are, and folds them into ASCII', () => {
    for (const { ascii, letter } of rows) {
      expect(letter.normalize('NFKC')).toBe(letter);
      expect(ascii).toMatch(/^[\x21-\x7e]$/);
      expect(letter.codePointAt(0)).toBeGreaterThan(0x7f);
    }
  });
});
