import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lineAt } from './ast.ts';
import { ROOT, trackedFiles } from './repository.ts';

/** Folders under `/` that every machine has: a path there says nothing about where this checkout lies. */
const COMMON = new Set([
  '/',
  '/tmp',
  '/var/tmp',
  '/home',
  '/root',
  '/opt',
  '/srv',
  '/mnt',
  '/usr',
  '/Users',
  '/app',
]);

/** A lockfile line that pins the address a package came from. Put together, so that this file passes its own rule. */
const RESOLVED = ['"resol', 'ved": "http'].join('');

/** A host that serves packages: `registry.example.org`, `npm.pkg.example.com`, an Artifactory or Nexus path. */
const REGISTRY = new RegExp(
  ['https?://[^/\\s"\']*(registry|npm\\.pkg|artifac', 'tory|nexus)[^/\\s"\']*'].join(''),
  'i',
);

/** Absolute paths of the machine that runs the tests, which no file may hold. */
function workplaces(root: string, home: string): string[] {
  const parent = dirname(root);
  const named = COMMON.has(parent) || parent === home ? [] : [parent];
  return [root, ...named, ...(COMMON.has(home) ? [] : [home])].filter((path) => !COMMON.has(path));
}

/** What a text says about the machine that it was written on, each with its line. */
function traces(text: string, places: readonly string[]): string[] {
  const found = places.flatMap((place) => {
    const literal = place.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    const at = text.search(new RegExp(`(?<![\\w.])${literal}(?![\\w.-])`));
    return at === -1 ? [] : [`line ${lineAt(text, at)}: the path ${place}`];
  });
  const resolved = text.indexOf(RESOLVED);
  if (resolved !== -1) found.push(`line ${lineAt(text, resolved)}: a package pinned to an address`);
  const registry = text.search(REGISTRY);
  if (registry !== -1) found.push(`line ${lineAt(text, registry)}: a package registry`);
  return found;
}

describe('tracked files', () => {
  it('hold no path of the machine they were written on, and no package registry', (context) => {
    const files = trackedFiles();
    if (!files) return context.skip('not a git checkout');
    const places = workplaces(ROOT, homedir());
    const found = files.flatMap((path) =>
      traces(readFileSync(`${ROOT}/${path}`, 'utf8'), places).map((trace) => `${path} ${trace}`),
    );
    expect(files).toContain('package.json');
    expect(found).toEqual([]);
  });
});

describe('the check of tracked files', () => {
  it('looks for the checkout, the folder it lies in and the home folder', () => {
    expect(workplaces('/build/plyra', '/home/ann')).toEqual(['/build/plyra', '/build', '/home/ann']);
    expect(workplaces('/home/ann/plyra', '/home/ann')).toEqual(['/home/ann/plyra', '/home/ann']);
  });

  it('leaves folders alone that every machine has', () => {
    expect(workplaces('/tmp/plyra', '/root')).toEqual(['/tmp/plyra']);
  });

  it.each([
    'see /build/plyra/src/index.ts',
    "read('/build/plyra')",
    `    ${RESOLVED}s://packages.example.org/zod.tgz"`,
    `registry=${'https'}://${['regis', 'try'].join('')}.example.org/`,
  ])('finds: %s', (text) => {
    expect(traces(`first line\n${text}`, ['/build/plyra'])).not.toEqual([]);
  });

  it.each([
    'see src/index.ts',
    '/build/plyra-tests/a',
    'docs/build/plyra',
    'https://json.schemastore.org/package',
  ])('passes: %s', (text) => {
    expect(traces(text, ['/build/plyra'])).toEqual([]);
  });
});
