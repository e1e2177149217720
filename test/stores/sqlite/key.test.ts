import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import { storeKey } from '../../../src/stores/sqlite/key.ts';
import { runAll } from './child-processes.ts';
import { testFolder } from './stored-journal.ts';

describe('storeKey', () => {
  it('makes a key of 32 bytes, for this user only, and leaves nothing else behind', () => {
    const folder = testFolder();
    const key = storeKey(folder);
    expect(key.length).toBe(32);
    expect(readdirSync(folder)).toEqual(['store.key']);
    expect(statSync(join(folder, 'store.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'store.key'), 'utf8')).toBe(`${Buffer.from(key).toString('hex')}\n`);
  });

  it('makes it for this user only, whatever the umask', () => {
    const folder = testFolder();
    const umask = process.umask(0);
    try {
      storeKey(folder);
    } finally {
      process.umask(umask);
    }
    expect(statSync(join(folder, 'store.key')).mode & 0o777).toBe(0o600);
  });

  it('gives the same key again, and another one to another folder', () => {
    const folder = testFolder();
    expect(storeKey(folder)).toEqual(storeKey(folder));
    expect(storeKey(folder)).not.toEqual(storeKey(testFolder()));
  });

  it('gives one key to all the processes that make it at once', async () => {
    const folder = testFolder();
    const keys = await runAll(['key', 'key', 'key', 'key', 'key', 'key'].map((task) => [task, folder]));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(folder)).toEqual(['store.key']);
  });

  it.each([
    ['', 'empty'],
    ['\n', 'empty'],
    ['abc', 'no key'],
    [`${'0'.repeat(63)}`, 'no key'],
    [`${'0'.repeat(66)}`, 'no key'],
    [`${'g'.repeat(64)}`, 'no key'],
  ])('refuses a file that holds %j, and leaves it as it is', (text, named) => {
    const folder = testFolder();
    const path = join(folder, 'store.key');
    writeFileSync(path, text);
    expect(() => storeKey(folder)).toThrow(ConfigError);
    expect(() => storeKey(folder)).toThrow(named);
    expect(() => storeKey(folder)).toThrow(path);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('reads a key without a line end, and in capitals', () => {
    const folder = testFolder();
    writeFileSync(join(folder, 'store.key'), 'AB'.repeat(32));
    expect(storeKey(folder)).toEqual(new Uint8Array(32).fill(0xab));
  });

  it('says what is wrong where the key is a folder, or its folder is missing', () => {
    const folder = testFolder();
    mkdirSync(join(folder, 'store.key'));
    expect(() => storeKey(folder)).toThrow(ConfigError);
    expect(() => storeKey(join(folder, 'none'))).toThrow(/none.*cannot be read or made/);
  });
});
