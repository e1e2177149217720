import { describe, expect, it, test } from 'vitest';
import { type FileFacts, LEXICAL_FILES } from '../../../src/core/file-facts.ts';
import { readPath } from '../../../src/policy/spellings/path.ts';
import { canonical, filesWith, LINUX, MAC, other, WINDOWS } from './file-systems.ts';

describe('without file facts, the canonical form', () => {
  test.each([
    ['/tmp/../etc/passwd', ['/etc/passwd']],
    ['//etc/./passwd', ['/etc/passwd']],
    ['/../../etc', ['/etc']],
    ['src/../a', ['a']],
    ['../x', ['../x']],
    ['a/../../x', ['../x']],
    ['~/x', ['~/x']],
    ['~/a/../x', ['~/x']],
    ['~//x', ['~/x']],
    ['$HOME/x', ['~/x']],
    ['/', ['/']],
    ['//', ['/']],
    ['', ['.']],
    ['/tmp/', ['/tmp', '/tmp/']],
    ['/etc/.', ['/etc', '/etc/']],
    ['/etc//', ['/etc', '/etc/']],
    ['/x/../etc/', ['/etc', '/etc/']],
    ['./src/a.ts', ['src/a.ts', './src/a.ts']],
    ['./.env', ['.env', './.env']],
    ['a\\b', ['a\\b']],
    ['/etcetera', ['/etcetera']],
  ])('of %j is %j', (text, forms) => {
    expect(canonical(text, LEXICAL_FILES)).toEqual(forms);
  });
});

describe('with file facts, the canonical form', () => {
  test.each([
    ['src/a.ts', ['src/a.ts', '/w/src/a.ts']],
    ['/w/src/a.ts', ['/w/src/a.ts', 'src/a.ts']],
    ['/w', ['/w', '.']],
    ['/w-evil/a', ['/w-evil/a']],
    ['../x', ['/x']],
    ['../../../etc/passwd', ['/etc/passwd']],
    ['/tmp/etc/passwd', ['/etc/passwd']],
    ['out', ['/secret']],
    ['/loop/x', ['/loop/x']],
    ['~', ['/home/u', '~']],
    ['~/x', ['/home/u/x', '~/x']],
    ['~/../v/x', ['/home/v/x']],
    ['~u/x', ['/home/u/x', '~/x']],
    ['~root/x', ['/root/x']],
    ['~daemon/x', ['~daemon/x']],
    ['$HOME/x', ['/home/u/x', '~/x']],
    [`\${HOME}/x`, ['/home/u/x', '~/x']],
    ['%USERPROFILE%/x', ['/home/u/x', '~/x']],
    ['./~/x', ['./~/x', '/w/~/x']],
    ['a~/x', ['a~/x', '/w/a~/x']],
  ])('of %j is %j', (text, forms) => {
    expect(canonical(text, LINUX)).toEqual(forms);
  });

  test.each([
    ['/tmp/X', ['/tmp/X', '/private/tmp/X', '/tmp/x', '/private/tmp/x']],
    ['/private/tmp/x', ['/tmp/x', '/private/tmp/x']],
    ['/PRIVATE/etc', ['/etc', '/PRIVATE/etc', '/private/etc']],
    ['a', ['a', '/w/a', '/Volumes/w/a', '/volumes/w/a']],
    ['/Volumes/w/a', ['/w/a', '/Volumes/w/a', 'a', '/volumes/w/a']],
  ])('of %j, where folders have other names and case does not count, is %j', (text, forms) => {
    expect(canonical(text, MAC)).toEqual(forms);
  });

  it('is relative in a working directory that is reached through a link', () => {
    const files = filesWith({ '/w': '/real' });
    expect(canonical('/real/a', files)).toEqual(['/real/a', 'a']);
    expect(canonical('a', files)).toEqual(['a', '/real/a']);
    expect(canonical('a', filesWith({}, { cwd: '/' }))).toEqual(['a', '/a']);
  });

  it('has drives and slashes on Windows', () => {
    const files = WINDOWS;
    for (const text of ['C:\\w\\src\\..\\a', '\\\\?\\C:\\w\\a', '\\w\\a', 'C:/w/a. .', '/w/a']) {
      expect(canonical(text, files)).toEqual(['C:/w/a', 'a']);
    }
    expect(canonical('a', files)).toEqual(['a', 'C:/w/a']);
    expect(canonical('C:a', files)).toEqual(['a', 'C:/w/a']);
    expect(canonical('D:a', files)).toEqual(['D:/a']);
    expect(canonical('\\\\host\\share\\a', files)).toEqual(['//host/share/a']);
    expect(canonical('\\\\?\\UNC\\host\\share\\a', files)).toEqual(['//host/share/a']);
    expect(canonical('~\\a', files)).toEqual(['C:/Users/u/a', '~/a']);
    expect(other('c:\\Windows\\x', files)).toEqual(expect.arrayContaining(['/Windows/x', 'c:/windows/x']));
  });
});

describe('two meanings', () => {
  const meanings = (text: string, files: FileFacts): readonly (readonly string[])[] =>
    readPath(text, files).meanings.map((forms) => forms.canonical);

  it('has a step up from a link: from its target, and from its own folder', () => {
    expect(meanings('/tmp/deep/../z', LINUX)).toEqual([['/data/x/z'], ['/tmp/z']]);
    expect(meanings('/tmp/deep/z', LINUX)).toEqual([['/data/x/y/z']]);
    expect(meanings('/tmp/plain/../z', LINUX)).toEqual([['/tmp/z']]);
    expect(meanings('.././tmp/deep/../z', LINUX)).toEqual([['/data/x/z'], ['/tmp/z']]);
    expect(meanings('../z', filesWith({ '/w': '/data/w' }))).toEqual([['/data/z'], ['/z']]);
  });

  it('has a home out of which the path climbs, for who takes it for a name', () => {
    expect(meanings('~/../../etc/x', LINUX)).toEqual([['/etc/x']]);
    expect(meanings('~/../x/y', LINUX)).toEqual([['/home/x/y'], ['x/y', '/w/x/y']]);
    expect(meanings('~/../x', LEXICAL_FILES)).toEqual([['~/../x'], ['x']]);
    expect(meanings('~/a/../x', LINUX)).toEqual([['/home/u/x', '~/x']]);
  });

  it('has a home that is the name of a link in the working directory', () => {
    expect(meanings('~/passwd', filesWith({ '/w/~': '/etc' }))).toEqual([
      ['/home/u/passwd', '~/passwd'],
      ['/etc/passwd'],
    ]);
  });
});

describe('forms that may forbid', () => {
  test.each([
    '/etc/passwd\0.png',
    '/etc/passwd%00.png',
    '/e\0tc/passwd',
    '/ETC/Passwd',
    '/%65tc/passwd',
    '/%2565tc/passwd',
    '%2fetc%2fpasswd',
    '..%2f..%2fetc/passwd',
    '..%252f..%252fetc%252fpasswd',
    '%%32%65%%32%65/etc/passwd',
    '..%c0%afetc/passwd',
    '%c0%ae%c0%ae/etc/passwd',
    '..%c1%1cetc%c1%9cpasswd',
    '..%c0%5cetc%c0%2fpasswd',
    '..%e0%80%afetc/passwd',
    '..%f0%80%80%afetc/passwd',
    '..%fc%80%80%80%80%afetc/passwd',
    '..%25c0%25afetc/passwd',
    '%2e%2e%2fetc%2fpasswd',
    '%u002e%u002e/etc/passwd',
    '%uff0e%uff0e%u2216etc/passwd',
    '..%00/etc/passwd',
    '/ｅｔｃ/passwd',
    '．．／etc／passwd',
    '‥/etc/passwd',
    '/e\u200btc/passwd',
    '/etc/pass\u00adwd',
    '\\etc\\passwd',
    '..\\..\\etc\\passwd',
    '.\\..\\/etc\\passwd',
    'C:\\etc\\passwd',
    'c:etc\\passwd',
    '/c:/etc/passwd',
    '\\\\?\\C:\\etc\\passwd',
    '//?/c:/etc/passwd',
    '\\\\.\\C:\\etc\\passwd',
    '....//....//etc/passwd',
    '..././..././etc/passwd',
    '....\\/etc/passwd',
    '..;/..;/etc/passwd',
    '..;x=1/etc/passwd',
    '  /etc/passwd\n',
    '/proc/self/root/etc/passwd',
    '/proc/1/root/etc/passwd',
    '/proc/self/task/2/root/proc/3/root/etc/passwd',
    '/proc/self/cwd/../etc/passwd',
    'file:///etc/passwd',
    'FILE://localhost/etc/passwd',
    'file:/etc/passwd',
    'file:///%65tc/passwd',
    '../../etc/passwd',
    'a/../../etc/passwd',
  ])('of %j have /etc/passwd among them', (text) => {
    const [forms] = readPath(text, LEXICAL_FILES).meanings;
    expect(forms?.canonical).not.toContain('/etc/passwd');
    expect(forms?.other).toContain('/etc/passwd');
  });

  test.each([
    ['/dev/fd/3', LINUX, '/proc/self/fd/3'],
    ['/proc/7/fd/3', LINUX, '/dev/fd/3'],
    ['/proc/self/cwd/a', LINUX, '/w/a'],
    ['%7e/.ssh', LINUX, '/home/u/.ssh'],
    ['~v/x', LINUX, '/home/v/x'],
    ['/home/u/.ssh', LINUX, '~/.ssh'],
    ['/tmp/%65tc/passwd', LINUX, '/etc/passwd'],
    ['/tmp/etc/passwd', LINUX, '/tmp/etc/passwd'],
    ['out/a', LINUX, '/w/out/a'],
    ['out/a', LINUX, 'out/a'],
    ['%2e%2e/x', LINUX, '/x'],
    ['sub/%2e%2e/A', LINUX, 'a'],
    ['/tmp/../etc/passwd', LINUX, '/tmp/../etc/passwd'],
    ['/tmp/deep/../z', LINUX, '/tmp/z'],
    ['/TMP%2fx', MAC, '/private/tmp/x'],
  ])('of %j have %3$j among them', (text, files, form) => {
    expect(other(text, files)).toContain(form);
  });

  test.each(['/tmp/a-b_c.txt', 'src/a.ts', '/w/src/[id]/page.tsx'])('are none for the plain %j', (text) => {
    expect(other(text, LINUX)).toEqual([]);
  });

  it('do not take a longer name for a folder of the system', () => {
    for (const text of ['/etcetera/x', '/procfoo/self/root/etc', '/proc/self/rooted/etc']) {
      expect(other(text, LINUX)).toEqual([]);
    }
  });
});

describe('the value for conditions', () => {
  test.each([
    ['src/a.ts', 'src/a.ts'],
    ['/w/src/a.ts', '/w/src/a.ts'],
    ['/tmp/', '/tmp/'],
    ['/tmp/x', '/tmp/x'],
    ['./src/../a.ts', 'a.ts'],
    ['../w/a.ts', 'a.ts'],
    ['../x', '/x'],
    ['/tmp/../etc/passwd', '/etc/passwd'],
    ['/tmp/etc/passwd', '/etc/passwd'],
    ['~/x', '/home/u/x'],
    ['100%25/a', '100%25/a'],
  ])('of %j is %j', (text, value) => {
    expect(readPath(text, LINUX).values[0]).toBe(value);
  });

  it('uses the usual name of a folder', () => {
    expect(readPath('/tmp/x', MAC).values[0]).toBe('/tmp/x');
    expect(readPath('/x/../private/tmp/x', MAC).values[0]).toBe('/tmp/x');
  });
});
