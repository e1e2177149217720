import { describe, expect, it } from 'vitest';
import { exists, read } from './repository.ts';

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read('package.json')) as Manifest;

/** What is wrong with one entry of `exports`; nothing when it is right. */
function exportProblems(entry: string, value: unknown, isThere: (path: string) => boolean): string[] {
  if (typeof value === 'string') {
    return isThere(value.slice(2)) ? [] : [`${entry} names ${value}, which does not exist.`];
  }
  const { types, default: code, ...others } = value as Readonly<Record<string, string | undefined>>;
  const problems = Object.keys(others).map(
    (key) => `${entry} has a condition ${key}: one file for everybody.`,
  );
  const stem = /^\.\/dist\/(.+)\.js$/.exec(code ?? '')?.[1];
  if (stem === undefined) return [...problems, `${entry} must name a ./dist/….js file, not ${code}.`];
  if (types !== `./dist/${stem}.d.ts`)
    problems.push(`${entry} must have the types ./dist/${stem}.d.ts, not ${types}.`);
  if (!isThere(`src/${stem}.ts`))
    problems.push(`${entry} is built from src/${stem}.ts, which does not exist.`);
  return problems;
}

describe('package.json', () => {
  it('exports files that exist, each with its own types', () => {
    const all = Object.entries(manifest.exports).flatMap(([entry, value]) =>
      exportProblems(entry, value, exists),
    );
    expect(all).toEqual([]);
  });

  it('has a command that is built from a file which exists', () => {
    const missing = Object.values(manifest.bin).filter(
      (path) => !exists(path.replace(/^\.\/dist\//, 'src/').replace(/\.js$/, '.ts')),
    );
    expect(missing).toEqual([]);
  });

  it('publishes files that exist, beside what is built', () => {
    expect(manifest.files.filter((path) => path !== 'dist' && !exists(path))).toEqual([]);
  });

  it('may export a built file with its types, and a file as it lies there', () => {
    const isThere = (path: string): boolean => path === 'src/a.ts' || path === 'a.json';
    expect(exportProblems('./a', { types: './dist/a.d.ts', default: './dist/a.js' }, isThere)).toEqual([]);
    expect(exportProblems('./a.json', './a.json', isThere)).toEqual([]);
  });

  it.each([
    ['types of another file', { types: './dist/b.d.ts', default: './dist/a.js' }],
    ['no types', { default: './dist/a.js' }],
    ['no source', { types: './dist/missing.d.ts', default: './dist/missing.js' }],
    ['a second build', { types: './dist/a.d.ts', require: './dist/a.cjs', default: './dist/a.js' }],
    ['the source itself', { types: './src/a.ts', default: './src/a.ts' }],
    ['a file that is not there', './missing.json'],
  ])('may not export %s', (_what, value) => {
    expect(exportProblems('./a', value, (path) => path === 'src/a.ts')).toHaveLength(1);
  });
});
