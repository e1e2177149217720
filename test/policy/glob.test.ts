import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGlob } from '../../src/policy/glob.ts';
import { soakFactor } from '../seed.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('a glob', () => {
  test.each([
    ['*', 'anything.at/all', true],
    ['*', '', true],
    ['file.*', 'file.delete.now', true],
    ['file.*', 'file', false],
    ['file.*', 'xfile.a', false],
    ['*.delete', 'a.b/c.delete', true],
    ['file.?', 'file.a', true],
    ['file.?', 'file.😀', true],
    ['file.?', 'file.ab', false],
    ['f*e*.rm', 'fire.rm', true],
    ['[ab].c', 'b.c', true],
    ['[!ab].c', 'b.c', false],
    ['[]x]', ']', true],
    ['[x', '[x', true],
    ['File', 'file', false],
    ['', '', true],
    ['', 'a', false],
  ])('%j on %j is %j', (glob, text, matches) => {
    expect(compileGlob(glob).test(text)).toBe(matches);
  });

  test.each([
    ['*', 'any', ''],
    ['**', 'any', ''],
    ['a.b', 'exact', 'a.b'],
    ['a.*', 'prefix', 'a.'],
    ['*.b', 'suffix', '.b'],
    ['a*b', 'general', 'a'],
    ['?', 'general', ''],
  ])('%j has the shape %s of %j', (glob, shape, literal) => {
    expect(compileGlob(glob)).toMatchObject({ source: glob, shape, literal });
  });

  test('starts with its literal whenever it matches, unless it is a suffix', () => {
    const alphabet = fc.constantFrom('a', 'b', '*', '?', '[a]', '.');
    fc.assert(
      fc.property(fc.array(alphabet), fc.string({ unit: fc.constantFrom('a', 'b', '.') }), (parts, text) => {
        const glob = compileGlob(parts.join(''));
        if (glob.test(text)) {
          expect(glob.shape === 'suffix' ? text.endsWith(glob.literal) : text.startsWith(glob.literal)).toBe(
            true,
          );
        }
      }),
    );
  });

  test('does not backtrack: many stars on a long near miss are decided', () => {
    expect(compileGlob(`${'a*'.repeat(200)}b`).test('a'.repeat(100_000))).toBe(false);
  });

  test.skipIf(!hasPython)('matches as fnmatch.fnmatchcase of Python (skipped without python3)', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      'c',
      '-',
      '!',
      ']',
      '[',
      '*',
      '?',
      '[a-c]',
      '[!a]',
      '[z-a]',
      '[!z-a]',
      '[]-a]',
      '^',
      '\\',
      '.',
      '😀',
      '[a-😀]',
      '[&&]',
      '[a-c-z]',
      '[--0]',
    );
    const pattern = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', '-', '!', ']', '[', '^', '\\', '.', '😀', '\n'),
      maxLength: 8,
    });
    const cases = fc.sample(fc.tuple(pattern, text), 1_500 * soakFactor);
    const script =
      'import sys, json, fnmatch; print(json.dumps([fnmatch.fnmatchcase(t, p) for p, t in json.load(sys.stdin)]))';
    const run = spawnSync('python3', ['-W', 'ignore', '-c', script], {
      input: JSON.stringify(cases),
      maxBuffer: 1 << 28,
    });
    const wanted = JSON.parse(run.stdout.toString()) as boolean[];
    const wrong = cases.filter(([glob, value], i) => compileGlob(glob).test(value) !== wanted[i]);
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(wanted.filter(Boolean).length).toBeGreaterThan(cases.length / 200);
  });
});
