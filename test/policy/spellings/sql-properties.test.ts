import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEYWORDS } from '../../../src/policy/spellings/sql/words.ts';
import { readSql } from '../../../src/policy/spellings/sql.ts';

describe('any statement', () => {
  const statement = fc.constantFrom(
    [
      'select',
      'a',
      '.',
      'b',
      ',',
      'count',
      '(',
      '*',
      ')',
      'from',
      '"t"',
      'as',
      'x',
      'where',
      'a',
      '>=',
      '-',
      '1',
      'and',
      "'it''s'",
      '=',
      'b',
    ],
    ['drop', 'table', 'if', 'exists', 's', '.', 't', ',', '`u`', 'cascade'],
    ['insert', 'into', 't', '(', 'a', ',', 'b', ')', 'values', '(', '1', ',', '$1', ')'],
    [
      'with',
      'x',
      'as',
      '(',
      'delete',
      'from',
      'a',
      'returning',
      '*',
      ')',
      'select',
      '*',
      'from',
      'x',
      ';',
      'truncate',
      'table',
      '[t]',
    ],
    [
      'update',
      't',
      'set',
      'a',
      '=',
      'b',
      '||',
      "'/*'",
      'where',
      'c',
      'in',
      '(',
      '1',
      ',',
      '2',
      ')',
      'or',
      'd',
      '::',
      'int',
      '=',
      ':p',
    ],
    ['grant', 'all', 'on', 't', 'to', 'bob'],
  );
  const gap = fc.constantFrom(' ', '\n', '\t ', ' /* x */ ', '/**/', ' -- y\n', ' /* /*n*/ */ ', '  ');
  const cased = (word: string, upper: boolean): string =>
    KEYWORDS.has(word.toUpperCase()) && upper ? word.toUpperCase() : word;

  it('has one canonical text, whatever stands between its tokens', () => {
    fc.assert(
      fc.property(
        statement,
        fc.infiniteStream(gap),
        fc.infiniteStream(fc.boolean()),
        (tokens, gaps, cases) => {
          const plain = readSql(tokens.join(' ')).statements.map(({ text }) => text);
          const spelled = tokens
            .map((token) => gaps.next().value + cased(token, cases.next().value))
            .join('');
          expect(readSql(spelled).statements.map(({ text }) => text)).toEqual(plain);
        },
      ),
      { numRuns: 500 },
    );
  });

  const word = fc.constantFrom(
    ...[
      'select',
      'from',
      'where',
      'delete',
      'drop',
      'table',
      'update',
      'set',
      'with',
      'as',
      'a',
      'b',
      'T',
      'role',
      'into',
      'or',
      'exec',
      'union',
    ],
    ...[
      "'x'",
      "'it''s'",
      '"q"',
      '"q r"',
      '`b`',
      '[c]',
      '[d e]',
      '1',
      '.5',
      '1e5',
      '?',
      '$1',
      ':n',
      '@v',
      '%s',
      '$$ x $$',
      "E'a\\'b'",
      "N'u'",
    ],
    ...[
      '(',
      ')',
      ',',
      '.',
      ';',
      '*',
      '=',
      '<>',
      '-',
      '+',
      '||',
      '::',
      '[',
      ']',
      ':',
      '%',
      '@',
      '!',
      '|',
      '~',
      '->>',
    ],
    ...['/* c */', '-- c\n', ' ', '\n', '/*! x */', '#', '--', "'", '\\', 'é'],
  );
  const soup = fc.array(word, { minLength: 1, maxLength: 24 });

  it('has a canonical text that reads as itself', () => {
    fc.assert(
      fc.property(soup, fc.constantFrom('', ' '), (words, between) => {
        const { statements, unreadable } = readSql(`select ${words.join(between)}`);
        // `#` is a sign or a comment: one line more or less matters.
        for (const { text } of unreadable === null && !words.includes('#') ? statements : []) {
          const again = readSql(text);
          if (again.unreadable === null) expect(again.statements.map((one) => one.text)).toContain(text);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        soup,
        fc.string({ unit: 'binary' }),
        (words, noise) => void readSql(words.join(' ') + noise),
      ),
    );
  });

  it.each([
    '(',
    ')',
    "'",
    "'a\\'",
    '[',
    '[]',
    "['",
    '/*',
    '/*! */',
    '#\n',
    '--a',
    '$$',
    ';',
    'SELECT ',
    '(UPDATE ',
    'FROM a,',
    'GO\n',
    '+',
    '\u00a0',
  ])('takes linear time on 64 KB of %j', (unit) => {
    for (const start of ['', 'SELECT ', 'DELETE FROM t WHERE ', 'WITH x AS (', "SELECT '\\'' #"]) {
      const before = performance.now();
      readSql((start + unit.repeat(65_536 / unit.length)).slice(0, 65_536));
      expect(performance.now() - before).toBeLessThan(300);
    }
  });
});
