import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isName, isSamePerson, isTokenPerson, personKey, tokenPerson } from '../../src/approvals/person.ts';

describe('a name', () => {
  it.each([
    ['alice', 'Alice'],
    ['alice', ' ALICE\t'],
    ['alice', 'ａｌｉｃｅ'],
    ['alice', 'al\u200bice'],
    ['alice', 'alice\ufe0f'],
    ['straße', 'STRASSE'],
    ['ﬁona', 'FIONA'],
    ['Ada  Byron', 'ada\u00a0byron'],
    ['é', 'e\u0301'],
    ['ΣΟΦΟΣ', 'σοφος'],
    ['alice', 'token:alice'],
    ['alice', 'Token: ALICE'],
    ['alice', 'to\u200bken：alice'],
    ['alice', 'token:token :alice'],
  ])('is the same person: %j and %j', (one, other) => {
    expect(isSamePerson(one, other)).toBe(true);
  });

  it.each([
    ['alice', 'alice2'],
    ['alice', 'al ice'],
    ['alice', ''],
    ['alice', 'token alice'],
    ['alice', 'cli:alice'],
    ['alice', 'a token:alice'],
  ])('is another person: %j and %j', (one, other) => {
    expect(isSamePerson(one, other)).toBe(false);
  });

  it('is compared by a form that does not change again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(personKey(personKey(name))).toBe(personKey(name));
        expect(personKey(tokenPerson(name))).toBe(personKey(name));
      }),
    );
  });

  it.each([
    '',
    '  ',
    '\u200b',
    '\u2060\ufe0f',
    'token:',
    'token: \u200b',
    'a'.repeat(201),
    'a\nb',
    'a\u0000',
    '\u001b[31m',
    '\ud800',
    7,
    null,
    undefined,
    {},
  ])('is none that anybody can be known by: %j', (name) => {
    expect(isName(name)).toBe(false);
  });

  it.each(['a', 'a'.repeat(200), 'ada@example.com', 'Ada Byron', '李'])('can be %j', (name) => {
    expect(isName(name)).toBe(true);
  });

  it.each(['token:a', 'TOKEN:a', 'ｔｏｋｅｎ : a', 'token:token:a'])(
    'that only a token gives: %j',
    (name) => {
      expect(isTokenPerson(name)).toBe(true);
    },
  );

  it.each(['a', 'token', 'tokens:a', 'a token:a'])('that anybody may give: %j', (name) => {
    expect(isTokenPerson(name)).toBe(false);
  });

  it('of any length is compared in linear time', () => {
    for (const hostile of [
      ' '.repeat(65_536),
      `${' '.repeat(65_535)}a`,
      '\u200b'.repeat(65_536),
      'token:'.repeat(10_000),
    ]) {
      const started = performance.now();
      personKey(hostile);
      expect(performance.now() - started).toBeLessThan(50);
    }
  });
});
