import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { systemFiles } from '../../src/call/file-facts.ts';
import { readPath } from '../../src/policy/spellings/path.ts';

let folder = '';

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'file-facts-')));
  mkdirSync(`${folder}/data/deep`, { recursive: true });
  mkdirSync(`${folder}/other`);
  writeFileSync(`${folder}/data/deep/file`, 'x');
  const links: readonly (readonly [name: string, target: string])[] = [
    ['absolute', `${folder}/data/deep`],
    ['relative', 'data/deep'],
    ['chain', 'relative'],
    ['upwards', 'other/../data'],
    ['new', `${folder}/other/not-yet`],
    ['new-chain', 'new'],
    ['new-below', 'other/a/b'],
    ['loop', 'loop'],
    ['loop-a', 'loop-b'],
    ['loop-b', 'loop-a'],
    ['data/back', '../other'],
  ];
  for (const [name, target] of links) symlinkSync(target, `${folder}/${name}`);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const real = (path: string): string | null => systemFiles().realPath(path);

describe('the real path of what exists', () => {
  test.each([
    'data',
    'data/deep/file',
    'data/',
    'data//deep/./file',
    'absolute/file',
    'relative/file',
    'chain/file',
    'upwards/deep/file',
    'data/back',
    'data/../data/deep',
    'absolute/..',
    'absolute/../deep/file',
    'chain/../../other',
    'data/back/../data/back',
    '../../../../../../../../../..',
  ])('%s is what the system says', (path) => {
    expect(real(`${folder}/${path}`)).toBe(realpathSync.native(`${folder}/${path}`));
  });

  it('is the root for the root', () => {
    expect(real('/')).toBe('/');
    expect(real('/..')).toBe('/');
    expect(real('//')).toBe('/');
  });
});

describe('the real path of what does not exist yet', () => {
  test.each([
    'fresh',
    'data/fresh',
    'absolute/fresh',
    'absolute/../fresh',
    'new',
    'new-chain',
    'data/back/fresh',
  ])('%s is where a write lands', (path) => {
    const expected = real(`${folder}/${path}`) ?? '';
    expect(existsSync(expected)).toBe(false);
    writeFileSync(`${folder}/${path}`, path);
    expect(readFileSync(expected, 'utf8')).toBe(path);
    expect(realpathSync.native(`${folder}/${path}`)).toBe(expected);
    rmSync(expected);
  });

  test.each([
    ['none/of/it', 'none/of/it'],
    ['new-below', 'other/a/b'],
    ['new-below/c', 'other/a/b/c'],
    ['chain/none/x', 'data/deep/none/x'],
    ['none/../absolute/file', 'data/deep/file'],
    ['data/deep/file/below', 'data/deep/file/below'],
    ['data/deep/file/../other', 'data/deep/other'],
    ['data/deep/file/a/../b/../../../back', 'other'],
  ])('%s is %s', (path, expected) => {
    expect(real(`${folder}/${path}`)).toBe(`${folder}/${expected}`);
  });
});

describe('no real path', () => {
  it('is told for a loop of links, a NUL or a path that is too long', () => {
    for (const path of ['loop', 'loop/x', 'loop-a/..', 'data\0', 'x'.repeat(300), 'x/'.repeat(3_000)]) {
      expect(real(`${folder}/${path}`)).toBeNull();
    }
  });
});

describe('the facts of this process', () => {
  it('name its folder, its home and its system', () => {
    const files = systemFiles();
    expect(files.cwd).toBe(process.cwd());
    expect(files.home).toBe(homedir());
    expect(files.windows).toBe(process.platform === 'win32');
    expect(files.foldsCase).toBe(['win32', 'darwin'].includes(process.platform));
    expect(files.realPath(process.cwd())).toBe(realpathSync(process.cwd()));
  });

  it('have a usual name for every folder that is a link, with where it leads', () => {
    for (const [name, target] of systemFiles().aliases) {
      expect(realpathSync(name)).toBe(target);
      expect(target).not.toBe(name);
    }
  });

  it('see a link that was made after them', () => {
    const files = systemFiles();
    expect(files.realPath(`${folder}/later/file`)).toBe(`${folder}/later/file`);
    symlinkSync('data/deep', `${folder}/later`);
    expect(files.realPath(`${folder}/later/file`)).toBe(`${folder}/data/deep/file`);
  });

  it('let a path be read as what it touches', () => {
    const files = systemFiles();
    expect(readPath(`${folder}/chain/file`, files).meanings[0]?.canonical).toContain(
      `${folder}/data/deep/file`,
    );
    expect(
      readPath(`${folder}/absolute/../fresh`, files).meanings.map((forms) => forms.canonical[0]),
    ).toEqual([`${folder}/data/fresh`, `${folder}/fresh`]);
    expect(readPath(join('src', '..', 'package.json'), files).meanings[0]?.canonical).toEqual(
      expect.arrayContaining(['package.json', join(process.cwd(), 'package.json')]),
    );
  });

  it.runIf(process.platform === 'linux')('see through the folder of a process', () => {
    const files = systemFiles();
    expect(files.realPath('/proc/self/root/etc/none')).toBe('/etc/none');
    expect(files.realPath('/proc/self/cwd/none')).toBe(`${process.cwd()}/none`);
  });
});
