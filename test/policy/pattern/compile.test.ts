import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../src/policy/pattern/compile.ts';
import { PatternError } from '../../../src/policy/pattern/pattern-error.ts';

const found = (pattern: string, text: string): readonly [number, number] | null => {
  const span = compilePattern(pattern).find(text);
  return span === null ? null : [span.start, span.end];
};
const refusal = (pattern: string): PatternError => {
  try {
    compilePattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) return error;
    throw error;
  }
  throw new Error(`${pattern} was accepted`);
};

describe('a pattern means what it means in Python', () => {
  test.each<[string, string, readonly [number, number] | null]>([
    ['a$', 'a\n', [0, 1]],
    ['a$', 'a\n\n', null],
    ['a$\\n', 'a\n', [0, 2]],
    ['a\\Z', 'a\n', null],
    ['(?m)^b$', 'a\nb\nc', [2, 3]],
    ['^b', 'a\nb', null],
    ['\\Ab', 'a\nb', null],
    ['a.b', 'a\nb', null],
    ['(?s)a.b', 'a\nb', [0, 3]],
    ['^.$', '😀', [0, 2]],
    ['\\w+', '-été9-', [1, 5]],
    ['(?a)\\w+', 'éa', [1, 2]],
    ['\\d', '٣', [0, 1]],
    ['(?a)\\d', '٣', null],
    ['a\\sb', 'a\u00a0b', [0, 3]],
    ['\\bcat\\b', 'écat', null],
    ['\\bcat\\b', 'ok écat, cat', [9, 12]],
    ['\\bété\\b', 'un été.', [3, 6]],
    ['(?a)\\bcat\\b', 'écat', [1, 4]],
    ['\\B', '', null],
    ['[]a]+', 'x]a]', [1, 4]],
    ['[^]a]', ']ab', [2, 3]],
    ['[[:alpha:]]', 'x:]', [1, 3]],
    ['[\\b]', '\b', [0, 1]],
    ['[^\\W\\d_]+', '1_été', [2, 5]],
    ['a{,2}b', 'aaab', [1, 4]],
    ['a{x', 'a{x', [0, 3]],
    ['a{}', 'a{}', [0, 3]],
    ['(?P<n>a)(?:b)', 'ab', [0, 2]],
    ['a(?#note)b', 'ab', [0, 2]],
    ['(?x) a b # note', 'ab', [0, 2]],
    ['(?i)straße', 'STRAẞE', [0, 6]],
    ['(?i)k', '\u212a', [0, 1]],
    ['(?i)i', 'İ', [0, 1]],
    ['(?i:a)b', 'Ab', [0, 2]],
    ['(?i)a(?-i:b)', 'AB', null],
    ['\\x41\\u0042\\U00000043\\104', 'ABCD', [0, 4]],
    ['a|ab', 'ab', [0, 1]],
    ['a*?b', 'aab', [0, 3]],
    ['\\ud83d', '😀', null],
  ])('%j in %j', (pattern, text, expected) => {
    expect(found(pattern, text)).toEqual(expected);
    expect(compilePattern(pattern).test(text)).toBe(expected !== null);
  });
});

describe('what cannot be matched in linear time is refused where it stands, with a way out', () => {
  test.each([
    ['a(?=b)', 1, 3, 'look-ahead', /two rules/],
    ['a(?!b)', 1, 3, 'negative look-ahead', /two rules/],
    ['(?<=a)b', 0, 4, 'look-behind', /policy condition/],
    ['(?<!a)b', 0, 4, 'negative look-behind', /policy condition/],
    ['(a)\\1', 3, 2, 'back-reference', /spell out/],
    ['(?P<x>a)(?P=x)', 8, 4, 'back-reference', /spell out/],
    ['(a)?(?(1)b|c)', 4, 3, 'conditional', /both cases/],
    ['(?>a)', 0, 3, 'atomic', /\(\?:/],
    ['xa*+', 2, 2, 'possessive', /leave/],
    ['\\N{DASH}', 0, 2, 'not supported', /\\uXXXX/],
  ])('%s', (pattern, offset, length, what, hint) => {
    const error = refusal(pattern);
    expect(error).toMatchObject({ offset, length });
    expect(error.message).toContain(what);
    expect(error.message).toContain(`character ${offset + 1}`);
    expect(error.hint).toMatch(hint);
  });

  test.each([
    '[a',
    '(a',
    'a)',
    '*a',
    'a**',
    '^*',
    '\\q',
    '\\z',
    '[b-a]',
    '[\\w-a]',
    'a{3,2}',
    '(?P<1>a)',
    '(?P<a>a)(?P<a>b)',
    'a(?i)',
    '(?i-i:a)',
    '(?au)',
    '(?L)a',
    '(?-u:a)',
    '\\x4',
    '\\400',
    '\\U00110000',
    'a\\',
    '(?#',
    '[\\8]',
  ])('what Python refuses is refused: %s', (pattern) => {
    expect(refusal(pattern).length).toBeGreaterThan(0);
  });
});

describe('caps', () => {
  test('a repeat counts to 1,000 and nested ones multiply to no more', () => {
    expect(compilePattern('a.{0,1000}b').test(`a${'x'.repeat(1000)}b`)).toBe(true);
    expect(compilePattern('a.{0,1000}b').test(`a${'x'.repeat(1001)}b`)).toBe(false);
    expect(compilePattern('^.{1000}$').test('😀'.repeat(1000))).toBe(true);
    expect(refusal('.{0,1001}')).toMatchObject({ offset: 1, length: 8 });
    expect(refusal('(?:(?:a{20}|b){20}){20}').message).toContain('multiply');
  });

  test('counted repeats that need an automaton stay small', () => {
    expect(refusal('(?:a|bc*){200}x').message).toContain('unroll');
    expect(compilePattern('(?:a|bc*){20}x').test('a'.repeat(20).concat('x'))).toBe(true);
  });

  test('a pattern has at most 10,000 characters, 10,000 instructions and 100 nested groups', () => {
    expect(refusal('a'.repeat(10_001)).message).toContain('10000');
    expect(refusal('a.{1000}'.repeat(11)).message).toContain('instructions');
    expect(refusal(`${'('.repeat(101)}a${')'.repeat(101)}`).message).toContain('nested');
  });
});

describe('what is known of a pattern without running it', () => {
  test.each([
    ['rm -rf', 'rm -rf', null, false],
    ['\\.env', '.env', null, false],
    ['^npm ci && npm test$', null, 'npm ci && npm test', false],
    ['\\Aa\\Z', null, 'a', false],
    ['^a', null, null, false],
    ['(?i)a', null, null, false],
    ['', null, null, true],
    ['.*', null, null, true],
    ['^.*', null, null, true],
    ['^', null, null, true],
    ['$', null, null, true],
    ['.*$', null, null, true],
    ['(?s)^.*$', null, null, true],
    ['a|.*', null, null, true],
    ['^.*$', null, null, false],
    ['.+', null, null, false],
  ])('%j', (pattern, literal, exact, matchesEverything) => {
    expect(compilePattern(pattern)).toMatchObject({ source: pattern, literal, exact, matchesEverything });
  });
});
