import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { LEXICAL_FILES } from '../../../src/core/file-facts.ts';
import { readPath } from '../../../src/policy/spellings/path.ts';
import { canonical, LINUX, MAC, WINDOWS } from './file-systems.ts';

const names = fc.array(
  fc.constantFrom('a', 'b', 'etc', 'passwd', 'deep', 'tmp', 'out', '.env', 'x y', '~', 'C'),
  {
    minLength: 1,
    maxLength: 5,
  },
);
const plain = fc
  .tuple(fc.constantFrom('/', '', '/tmp/', '/w/', '/private/', '/home/u/'), names)
  .map(([start, parts]) => start + parts.join('/'));
const hostile = fc
  .array(
    fc.constantFrom(
      '/',
      '..',
      '.',
      '%2e',
      '%25',
      '\\',
      '\0',
      '~',
      '$HOME',
      'a',
      'É',
      ';',
      ':',
      'C',
      'file:',
      ' ',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const systems = fc.constantFrom(LEXICAL_FILES, LINUX, MAC, WINDOWS);

/** One way to write a path differently, at the slash that `at` chooses. */
type Detour = readonly [kind: 'dot' | 'double' | 'back' | 'root', at: number];
const detours = fc.array(
  fc.tuple(
    fc.constantFrom<Detour[0]>('dot', 'double', 'back', 'root'),
    fc.nat(),
  ) satisfies fc.Arbitrary<Detour>,
  { maxLength: 5 },
);

function detoured(path: string, [kind, at]: Detour): string {
  if (kind === 'root' && path.startsWith('/')) return `/nowhere/..${path}`;
  const slashes = [...path.matchAll(/\//g)].map((match) => match.index);
  const slash = slashes[at % (slashes.length || 1)];
  if (slash === undefined) return path;
  const between = { dot: '/./', double: '//', back: '/nowhere/../', root: '/' }[kind];
  return path.slice(0, slash) + between + path.slice(slash + 1);
}

describe('any path', () => {
  it('reads a canonical form as the same forms again, but for how it was given', () => {
    fc.assert(
      fc.property(fc.oneof(plain, hostile), fc.constantFrom(LEXICAL_FILES, LINUX), (text, files) => {
        for (const { canonical: forms } of readPath(text, files).meanings) {
          const core = canonical(forms[0] ?? '', files);
          expect(core.length).toBeGreaterThan(0);
          for (const form of forms) {
            const again = canonical(form, files);
            expect(again).toEqual(expect.arrayContaining([...core]));
            expect(forms).toEqual(expect.arrayContaining([...again]));
          }
        }
      }),
    );
  });

  it('keeps its canonical forms through detours', () => {
    fc.assert(
      fc.property(plain, detours, fc.constantFrom(LEXICAL_FILES, LINUX, MAC), (path, ways, files) => {
        const [detour] = readPath(ways.reduce(detoured, path), files).meanings;
        expect(detour?.canonical).toEqual(expect.arrayContaining([...canonical(path, files)]));
      }),
    );
  });

  it('is found again behind encodings, other slashes and other case', () => {
    const encodings = fc.constantFrom<(path: string) => string>(
      (path) => encodeURIComponent(path),
      (path) => encodeURIComponent(encodeURIComponent(path)),
      (path) => path.replaceAll('/', '%c0%af'),
      (path) => path.replaceAll('/', '\\'),
      (path) => path.replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
      (path) => [...path].join('\u200b'),
      (path) => `${path}\0.png`,
      (path) => ` ${path}\t`,
    );
    fc.assert(
      fc.property(names, encodings, systems, (parts, encode, files) => {
        const path = `/${parts.join('/')}`.toLowerCase();
        const { meanings } = readPath(encode(path), files);
        for (const { canonical: forms, other: guesses } of meanings)
          expect([...forms, ...guesses]).toContain(path);
        const upper = readPath(encode(path).toUpperCase(), files).meanings;
        for (const { canonical: forms, other: guesses } of upper)
          expect([...forms, ...guesses]).toContain(path);
      }),
    );
  });

  it('gives different forms, at least one of them canonical, and not many', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string(), fc.string({ unit: 'binary' })), systems, (text, files) => {
        for (const { canonical: forms, other: guesses } of readPath(text, files).meanings) {
          expect(forms.length).toBeGreaterThan(0);
          expect(new Set([...forms, ...guesses]).size).toBe(forms.length + guesses.length);
          expect(forms.length + guesses.length).toBeLessThanOrEqual(80);
          expect([...forms, ...guesses]).toContain(text);
        }
      }),
    );
  });

  test.each([
    '../',
    '%25',
    '%c0',
    '/proc/self/root',
    '/proc/self/cwd',
    'a;',
    '..;',
    '....//',
    '\\',
    '. ',
    'a. ',
    '\0',
  ])('of 64 KB of %j is read quickly', (part) => {
    const text = part.repeat(Math.ceil(65_536 / part.length));
    const start = performance.now();
    for (const files of [LEXICAL_FILES, WINDOWS]) readPath(`/${text}`, files);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
