import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { PolicyParseError } from '../../src/core/errors.ts';
import { makeRedactor } from '../../src/core/redact.ts';
import { compilePattern } from '../../src/policy/pattern/compile.ts';
import { compileRedactionPatterns } from '../../src/policy/redaction-patterns.ts';

const replaced = (patterns: readonly string[], text: string): string =>
  makeRedactor({ keys: [], patterns: compileRedactionPatterns(patterns) })
    .forAction({})
    .text(text);

describe('redaction patterns', () => {
  test.each([
    [['ACME-\\d+'], 'ACME-1, ACME-22 and ACME-', '[redacted], [redacted] and ACME-'],
    [['acme'], 'an acme and another acme', 'an [redacted] and another [redacted]'],
    [['(?i)acme'], 'ACME Acme', '[redacted] [redacted]'],
    [['^K-\\w+'], 'K-1 K-2', '[redacted] K-2'],
    [['(?m)^K-.*$'], 'K-1 x\nz\nK-2', '[redacted]\nz\n[redacted]'],
    [['\\bé\\w+'], 'éa xéb éc', '[redacted] xéb [redacted]'],
    [['\\d{4}$'], '1234 5678\n', '1234 [redacted]\n'],
    [['[^ ]+😀'], 'a b😀 c', 'a [redacted] c'],
    [['a.*b|a'], 'a a b a', '[redacted] [redacted]'],
    [['\\w+'], 'ab cd', '[redacted] [redacted]'],
    [['redacted'], 'redacted', '[redacted]'],
    [['A-\\d', 'B-\\d'], 'A-1B-2 A-3', '[redacted] [redacted]'],
    [['K-\\d+'], 'password=K-12 ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'password=[redacted] [redacted]'],
    [[], 'ACME-1', 'ACME-1'],
  ])('%j', (patterns, text, expected) => {
    expect(replaced(patterns, text)).toBe(expected);
  });

  test.each([
    ['', /also matches the empty text/],
    ['a*', /also matches the empty text, so nothing would be hidden: use `\+` for `\*`/],
    ['a?|b+', /empty text/],
    ['^', /empty text/],
    ['\\b', /empty text/],
    ['(?:^|a)$', /empty text/],
    ['(', /The redaction pattern `\(` cannot be used: /],
    ['(?=a)b', /look-ahead/],
    ['(?<!a)b', /look-behind/],
    ['(a)\\1', /back-reference/],
  ])('%j is refused', (pattern, message) => {
    const compile = (): unknown => compileRedactionPatterns(['ok', pattern]);
    expect(compile).toThrow(PolicyParseError);
    expect(compile).toThrow(message);
    expect(compile).toThrow(expect.objectContaining({ details: expect.objectContaining({ pattern }) }));
  });

  it('that read on and on hide what they would take too long for', () => {
    const [pattern] = compileRedactionPatterns(['a.*b|a']);
    const text = 'a'.repeat(20_000);
    const spans = pattern?.find(text) ?? [];
    expect(spans.length).toBeLessThan(1000);
    expect(spans.at(-1)).toEqual({ start: expect.any(Number), end: text.length });
    expect(replaced(['a.*b|a'], text)).toBe('[redacted]');
  });

  it('are taken in texts of a million characters', () => {
    expect(replaced(['K-\\d+'], `${'x '.repeat(500_000)}K-1`)).toMatch(/x \[redacted\]$/);
  });
});

describe('all matches of a pattern', () => {
  const patterns = [
    'a',
    'ab|a',
    'a+?b',
    '[^b]+',
    '\\bé',
    '\\w+',
    'b$',
    '^a',
    '(?m)^.',
    '\\B.',
    '(?s).b',
    'é|😀b?',
  ];

  it('are those that a search from the end of the one before finds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...patterns),
        fc.array(fc.constantFrom('a', 'b', ' ', '\n', 'é', '😀'), { maxLength: 12 }),
        (source, parts) => {
          const text = parts.join('');
          const compiled = compilePattern(source);
          const found = [...compiled.matches(text)];
          expect(found[0] ?? null).toEqual(compiled.find(text));
          let end = 0;
          for (const match of found) {
            expect(match.start).toBeGreaterThanOrEqual(end);
            expect(match.end).toBeGreaterThan(match.start);
            end = match.end;
          }
          expect(found.map(({ start, end: stop }) => text.slice(start, stop))).toEqual(
            [...text.matchAll(inJavaScript(source))].map(([match]) => match),
          );
        },
      ),
    );
  });
});

/** The same for these patterns: JavaScript counts only ASCII as letters, so `\w` and `\b` are spelled out. */
function inJavaScript(source: string): RegExp {
  const flags = /^\(\?([ms])\)/.exec(source);
  const plain = source
    .slice(flags?.[0].length ?? 0)
    .replace('\\w', '[\\p{L}\\p{N}_]')
    .replace('\\bé', '(?<![\\p{L}\\p{N}_])é')
    .replace('\\B.', '(?:(?<=[abé])(?=[abé]).|(?<![abé])(?![abé]).)')
    .replace(/\$$/, '(?=\\n?$(?![^]))');
  return new RegExp(plain, `gu${flags?.[1] ?? ''}`);
}
