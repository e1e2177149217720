import { describe, expect, it } from 'vitest';
import { plainValue } from '../../src/config/located.ts';
import { Problems } from '../../src/config/problem.ts';
import { SourceText } from '../../src/config/source-text.ts';
import { parseYaml } from '../../src/config/yaml.ts';

function read(text: string): unknown {
  const problems = new Problems();
  const located = parseYaml({ source: new SourceText(text, 'p.yaml'), environment: {}, problems });
  problems.throwIfAny();
  return located && plainValue(located);
}

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return String(error);
  }
  return 'nothing was thrown';
}

describe('reading', () => {
  it.each([
    ['a: &x {b: 1, c: 3}\nd:\n  <<: *x\n  b: 2', { a: { b: 1, c: 3 }, d: { b: 2, c: 3 } }],
    ['d:\n  b: 2\n  <<: {b: 1, c: 3}', { d: { b: 2, c: 3 } }],
    ['d:\n  <<: [{a: 1}, {a: 2, b: 2}]', { d: { a: 1, b: 2 } }],
    ["'<<': {a: 1}", { '<<': { a: 1 } }],
    ['a: &x [1, 2]\nb: *x', { a: [1, 2], b: [1, 2] }],
    ['&k key: 1\nother: *k', { key: 1, other: 'key' }],
    ['a: ! 12\nb: !!str 12\nc: !!int "12"\nd: !!float 1', { a: '12', b: '12', c: 12, d: 1 }],
    [
      "a: 'it''s'\nb: \"x\\ty\"\nc: |\n  l1\n  l2\nd: >-\n  f1\n  f2",
      { a: "it's", b: 'x\ty', c: 'l1\nl2\n', d: 'f1 f2' },
    ],
    ['constructor: 1\ntoString: 2', { constructor: 1, toString: 2 }],
    ['%YAML 1.1\n---\na: on\n...\n', { a: true }],
    ['a: 2024-01-01', { a: '2024-01-01' }],
    ['a:\r\n  b: yes\r\n', { a: { b: true } }],
  ])('%j', (text, value) => {
    expect(read(text)).toEqual(value);
  });
});

describe('errors carry line, column and what to write', () => {
  it.each([
    ['a:\n  - b: "\\.env$"\n', 'p.yaml:2:9: `\\.` is not an escape', "Write it in single quotes: '\\.env$'"],
    ['a: "\\d\'s \\"x\\" \\\\w"', 'p.yaml:1:5:', `Write it in single quotes: '\\d''s "x" \\w'`],
    ['a: 1\nb: 2\na: 3', 'p.yaml:3:1: The key `a` is written twice'],
    ['a: {b: 1, b: 2}', 'p.yaml:1:11: The key `b` is written twice'],
    ['a: 1\n---\nb: 2', 'p.yaml:2:1: A file holds one document'],
    ['a: *nope', 'p.yaml:1:4: There is no anchor `&nope` above.'],
    ['a: &a [*a]', 'p.yaml:1:8: `*a` stands inside of what it names.'],
    ['a: &a {b: {c: *a}}', 'p.yaml:1:15: `*a` stands inside of what it names.'],
    ['__proto__: 1', 'p.yaml:1:1: The key `__proto__` is not allowed.'],
    ['a: {"__proto__": {b: 1}}', 'p.yaml:1:5: The key `__proto__` is not allowed.'],
    ['? [x]\n: 1', 'p.yaml:1:3: A key must be text'],
    ['on: 1', "The key `on` is not text but true in YAML 1.1. Put it in quotes: 'on'."],
    ['a: !!python/object:os.system x', 'The tag `tag:yaml.org,2002:python/object:os.system` is not allowed.'],
    ['a: !!int x', 'This is not of the type `!!int` that its tag says.'],
    ['a: !!set {x}', 'p.yaml:1:10: The tag `tag:yaml.org,2002:set` is not allowed.'],
    ['a:\n\tb: 1', 'p.yaml:2:1:', 'never with tabs'],
    ['a: @x', 'p.yaml:1:4:', 'in single quotes'],
    ['a: b: c', 'p.yaml:1:4:', 'put the value in single quotes'],
    ['a: {b: [1', 'is closed'],
    ['a: x\u0007', 'p.yaml:1:5: The character U+0007 is not allowed'],
    ['', 'p.yaml:1:1: The file says nothing.'],
    ['# only a comment\n', 'p.yaml:1:1: The file says nothing.'],
    ['a:\n  <<: 1', 'p.yaml:2:3: `<<` merges a mapping or a list of mappings'],
  ])('%j', (text, ...parts) => {
    for (const part of parts) expect(() => read(text)).toThrow(part);
  });

  it('shows the line and marks the place', () => {
    expect(() => read('rules:\n  - pattern: "\\.env$"\n')).toThrow(
      '\n  2 |   - pattern: "\\.env$"\n    |               ^^',
    );
  });

  it('reports one quoted value once, however many escapes are wrong', () => {
    expect(() => read('a: "\\.x\\.y\\.z"\nb: "\\d\\s"')).toThrow('has 2 problems');
  });

  it('keeps control characters out of messages', () => {
    const message = messageOf(() => read('a: \u001b[31mred'));
    expect(message).toContain('U+001B');
    expect(message).not.toContain('\u001b');
  });
});

describe('caps', () => {
  const bomb = ['a: &l0 [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++)
    bomb.push(
      `l${i}: &l${i} [${Array(9)
        .fill(`*l${i - 1}`)
        .join(', ')}]`,
    );

  it.each([
    ['flow nesting', `a: ${'['.repeat(1_000_000)}`, 'nested deeper than 100'],
    ['nesting of mappings on one line', '{a: '.repeat(1000), 'nested deeper than 100'],
    ['compact block nesting', '- '.repeat(1_000_000), 'nested deeper than 100'],
    [
      'indented nesting',
      Array.from({ length: 150 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'deeper than 100',
    ],
    ['an alias bomb', bomb.join('\n'), 'stand for more than 10000 values'],
    ['aliases', `a: &a x\nb: [${Array(101).fill('*a').join(', ')}]`, 'at most 100 aliases'],
    ['wrong escapes', `a: "${'\\.'.repeat(2_000_000)}"`, 'more than 1000 backslashes'],
    ['parts', 'a:\n'.repeat(800_000), 'more than 1500000 parts'],
    ['bytes', `a: ${'x'.repeat(5 * 1024 * 1024)}`, 'larger than 5 MB'],
    ['bytes that are more than characters', `a: ${'ü'.repeat(2.6 * 1024 * 1024)}`, 'larger than 5 MB'],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('lets 90 levels and 100 aliases pass', () => {
    expect(() => read(`a: ${'['.repeat(90)}${']'.repeat(90)}`)).not.toThrow();
    expect(() => read(Array.from({ length: 90 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'))).not.toThrow();
    expect(() => read(`a: &a x\nb: [${Array(100).fill('*a').join(', ')}]`)).not.toThrow();
  });
});
