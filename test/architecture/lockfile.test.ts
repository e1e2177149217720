import { describe, expect, it } from 'vitest';
import { read } from './repository.ts';

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

/**
 * Optional packages (one for each platform, mostly) that a package names and the lockfile does not hold. npm writes
 * such a lockfile when a registry lacks them, and `npm ci` then refuses it.
 */
function missingOptional({ packages }: Lockfile): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !places(path, name).some((place) => Object.hasOwn(packages, place)))
      .map((name) => `${path} wants ${name}`),
  );
}

/** Where Node looks for a package from a folder of the lockfile, nearest first. */
function places(path: string, name: string): string[] {
  const parents = path
    .split('/node_modules/')
    .map((_, at, parts) => parts.slice(0, at + 1).join('/node_modules/'));
  return [...parents.map((parent) => `${parent}/node_modules/${name}`), `node_modules/${name}`];
}

describe('package-lock.json', () => {
  it('holds the optional packages of every platform, so that npm ci accepts it everywhere', () => {
    expect(missingOptional(JSON.parse(read('package-lock.json')) as Lockfile)).toEqual([]);
  });

  it('is found incomplete without one of them', () => {
    const lint = { optionalDependencies: { 'lint-linux': '1.0.0', 'lint-darwin': '1.0.0' } };
    const complete = {
      'node_modules/lint': lint,
      'node_modules/lint-linux': {},
      'node_modules/lint-darwin': {},
    };
    const nested = { 'node_modules/a/node_modules/lint': lint, 'node_modules/a/node_modules/lint-linux': {} };
    expect(missingOptional({ packages: complete })).toEqual([]);
    expect(missingOptional({ packages: nested })).toEqual([
      'node_modules/a/node_modules/lint wants lint-darwin',
    ]);
  });
});
