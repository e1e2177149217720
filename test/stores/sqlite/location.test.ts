import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import { type LocationSources, storeLocation } from '../../../src/stores/sqlite/location.ts';

const located = (sources: Partial<LocationSources> = {}): string | null =>
  storeLocation({ env: {}, home: '/home/u', ...sources });

describe('storeLocation', () => {
  it('is in the home folder unless somebody says otherwise', () => {
    expect(located()).toBe(join('/home/u', '.plyra', 'snapshots.db'));
  });

  it('asks the option first, then --db, storage.path and the environment', () => {
    const all = { option: '/1', flag: '/2', configured: '/3', env: { PLYRA_SNAPSHOT_PATH: '/4' } };
    expect(located(all)).toBe(resolve('/1'));
    expect(located({ ...all, option: undefined })).toBe(resolve('/2'));
    expect(located({ ...all, option: undefined, flag: undefined })).toBe(resolve('/3'));
    expect(located({ env: all.env })).toBe(resolve('/4'));
  });

  it.each([
    [{ option: null }],
    [{ option: ':memory:' }],
    [{ option: null, configured: '/3' }],
    [{ configured: null }],
    [{ configured: ':memory:' }],
    [{ env: { PLYRA_SNAPSHOT_PATH: ':memory:' } }],
  ])('is in memory for %j', (sources) => {
    expect(located(sources)).toBeNull();
  });

  it('knows the home folder as ~', () => {
    expect(located({ option: '~/a/b.db' })).toBe(join('/home/u', 'a', 'b.db'));
  });

  it('counts a relative path from the working directory', () => {
    expect(located({ option: 'a/b.db' })).toBe(resolve('a/b.db'));
    expect(located({ option: 'file:a.db' })).toBe(resolve('file:a.db'));
  });

  it.each([
    [{ option: '' }, 'snapshotPath'],
    [{ option: '  ' }, 'snapshotPath'],
    [{ option: 'a\0b' }, 'snapshotPath'],
    [{ option: 7 as unknown as string }, 'snapshotPath'],
    [{ option: 'folder/' }, 'folder/'],
    [{ option: '~bob/a.db' }, '~bob'],
    [{ option: '~' }, '~'],
    [{ flag: '' }, '--db'],
    [{ configured: '' }, 'storage.path'],
    [{ env: { PLYRA_SNAPSHOT_PATH: '' } }, 'PLYRA_SNAPSHOT_PATH'],
    [{ option: '~/a.db', home: '' }, 'home folder'],
  ])('refuses %j, and names what said so', (sources, named) => {
    expect(() => located(sources)).toThrow(ConfigError);
    expect(() => located(sources)).toThrow(named);
  });
});
