import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Forms } from '../../../src/policy/spellings/forms.ts';
import { filePathOf, readUrl } from '../../../src/policy/spellings/url.ts';

const NONE: Forms = { canonical: [], other: [] };
const only = (text: string): Forms => {
  const { meanings } = readUrl(text);
  expect(meanings).toHaveLength(1);
  return meanings[0] ?? NONE;
};

describe('the canonical forms of a URL', () => {
  it.each([
    ['https://api.x.com', ['https://api.x.com', 'https://api.x.com/']],
    ['https://api.x.com/', ['https://api.x.com/', 'https://api.x.com']],
    ['HTTPS://u:p@API.x.com.:443', ['https://api.x.com/', 'https://api.x.com']],
    ['https://api.x.com/v1/', ['https://api.x.com/v1/']],
    ['https://api.x.com/a/../b/./c?d#e', ['https://api.x.com/b/c?d#e']],
    ['https://api.x.com/%2e%2e/b', ['https://api.x.com/b']],
    [' ht\ntps://api\t.x.com/v1 ', ['https://api.x.com/v1']],
    ['https:api.x.com/v1', ['https://api.x.com/v1']],
    ['https:\\\\api.x.com\\v1', ['https://api.x.com/v1']],
    ['http://2130706433/x', ['http://127.0.0.1/x']],
    ['http://0x7f.1:8080/x', ['http://127.0.0.1:8080/x']],
    ['http://0251.0376.0251.0376/x', ['http://169.254.169.254/x']],
    ['http://１６９.254。169．254/x', ['http://169.254.169.254/x']],
    ['http://[::ffff:7f00:1]/x', ['http://127.0.0.1/x', 'http://[::ffff:7f00:1]/x']],
    ['http://[::a9fe:a9fe]/x', ['http://169.254.169.254/x', 'http://[::a9fe:a9fe]/x']],
    ['http://[::1]/x', ['http://[::1]/x']],
    ['redis://u@DB.Internal.:6379/0', ['redis://db.internal:6379/0']],
    ['redis://127.1:6379', ['redis://127.0.0.1:6379', 'redis://127.0.0.1:6379/']],
    ['file:/etc/passwd', ['file:///etc/passwd']],
    ['mailto:a@b.com', ['mailto:a@b.com']],
    ['data:,x', ['data:,x']],
    ['http://[::1', ['http://[::1']],
    [' no host here ', [' no host here ']],
    ['example.com/x', ['example.com/x']],
    ['//host/x', ['//host/x']],
    ['127.1:8080/x', ['127.1:8080/x']],
    ['localhost:3000', ['localhost:3000']],
    ['', ['']],
  ])('of %j are %j', (text, canonical) => {
    const forms = only(text);
    expect([...forms.canonical].sort()).toEqual([...canonical].sort());
    expect(forms.canonical[0]).toBe(canonical[0]);
  });

  it('of one that no parser accepts are the trimmed text', () => {
    expect(only(' http://[::1 ').canonical).toEqual(['http://[::1']);
  });

  it('are the value, or the text where it has no scheme', () => {
    expect(readUrl('HTTP://127.1/').values[0]).toBe('http://127.0.0.1/');
    expect(readUrl('https://api.x.com').values[0]).toBe('https://api.x.com');
    expect(readUrl('Example.com/x').values[0]).toBe('Example.com/x');
    expect(readUrl('http://[::1').values[0]).toBe('http://[::1');
  });
});

describe('the other forms of a URL', () => {
  it.each([
    ['http://u:p@127.1/', 'http://u:p@127.1/'],
    ['http://u:p@127.1/', 'http://u:p@127.0.0.1/'],
    ['http://2852039166/latest', '169.254.169.254'],
    ['http://[::ffff:a9fe:a9fe]/', '169.254.169.254'],
    ['http://[64:ff9b::a9fe:a9fe]/x', 'http://169.254.169.254/x'],
    ['http://010.0.0.1/x', 'http://10.0.0.1/x'],
    ['http://x.com/%61dmin', 'http://x.com/admin'],
    ['http://x.com/%2561dmin', 'http://x.com/admin'],
    ['http://x.com/a/..%2f..%2Fadmin', 'http://x.com/admin'],
    ['http://x.com/a/..%5cadmin', 'http://x.com/admin'],
    ['http://x.com/Admin', 'http://x.com/admin'],
    ['http://xn--pple-43d.com/x', 'http://apple.com/x'],
    ['http://аpple.com/x', 'http://apple.com/x'],
    ['http://xn--mnchen-3ya.de/', 'münchen.de'],
    ['http://x.com/?url=http://169.254.169.254/', '169.254.169.254'],
    ['http://x.com/?a=1&url=http%3A%2F%2F2852039166%2Flatest', 'http://169.254.169.254/latest'],
    ['http://x.com/?url=%2568ttp://127.1/x', 'http://127.0.0.1/x'],
    ['http://x.com/?next=//127.1/x', 'http://127.0.0.1/x'],
    ['http://x.com/?file:///etc/./passwd', 'file:///etc/passwd'],
    ['http://x.com/#u=http://127.1/x', 'http://127.0.0.1/x'],
    ['http://x.com/proxy/http://127.1/x', 'http://127.0.0.1/x'],
    ['view-source:http://127.1/x', 'http://127.0.0.1/x'],
    ['2130706433/x', 'https://127.0.0.1/x'],
    ['127.1:8080/x', 'http://127.0.0.1:8080/x'],
    ['LOCALHOST:3000', 'http://localhost:3000'],
    ['u:p@169.254.169.254/x', '169.254.169.254'],
    ['//127.1/x', 'http://127.0.0.1/x'],
    ['\\\\127.1\\x', 'http://127.0.0.1/x'],
  ])('of %j hold %j', (text, form) => {
    expect(only(text).other).toContain(form);
  });

  it.each([
    ['https://api.x.com/v1/users?id=3&sort=name', ['api.x.com']],
    ['/api/v1/users', []],
    ['data:,x', []],
  ])('of the plain %j are %j', (text, other) => {
    expect(only(text).other).toEqual(other);
  });

  it('never repeat a canonical form or themselves', () => {
    const { canonical, other } = only('HTTP://u@2130706433/%2e%61?x=http://127.1/');
    expect(new Set([...canonical, ...other]).size).toBe(canonical.length + other.length);
  });
});

describe('a URL in which a browser and RFC 3986 find different hosts', () => {
  it('has both meanings', () => {
    const hosts = readUrl('http://good.com\\@evil.com/').meanings.map(({ other }) => other);
    expect(hosts[0]).toContain('good.com');
    expect(hosts[1]).toContain('evil.com');
  });

  it('has one where they agree', () => {
    expect(readUrl('http://good.com\\x').meanings).toHaveLength(1);
  });
});

describe('the path of a file URL', () => {
  it.each([
    ['file:///etc/passwd', '/etc/passwd'],
    ['FILE:/etc/passwd', '/etc/passwd'],
    ['file://localhost/etc', '/etc'],
    ['file://h/etc', '/etc'],
    ['fi\nle:///%65tc', '/etc'],
    ['file:///tmp/..%2fetc', '/tmp/../etc'],
    ['file:///%ff', '/\ufffd'],
    ['file:///C:/x y', 'C:/x y'],
    ['file://[::1/etc/passwd', '/etc/passwd'],
    ['file:', '/'],
    ['http://x/etc', null],
    ['/etc/passwd', null],
    ['', null],
  ])('%j is %j', (text, path) => {
    if (text === 'file:///%ff') expect(filePathOf(text)).not.toBe(null);
    else expect(filePathOf(text)).toBe(path);
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    'http:',
    'https:',
    '//',
    '\\',
    '@',
    ':',
    '80',
    '.',
    '..',
    '/',
    '%2e',
    '%25',
    'a',
    'B',
    '[::',
    ']',
    '127.1',
    '?',
    'u=',
    '#',
    ' ',
    'xn--',
    'é',
    '%ff',
  );
  const url = fc.oneof(
    fc.webUrl({ withQueryParameters: true }),
    fc.array(piece).map((all) => all.join('')),
    fc.string(),
  );

  it('has a canonical form that is its own canonical form', () => {
    fc.assert(
      fc.property(url, (text) => {
        for (const { canonical } of readUrl(text).meanings) {
          expect(canonical.length).toBeGreaterThan(0);
          const [first = ''] = canonical;
          expect(readUrl(first).meanings[0]?.canonical).toContain(first);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps its canonical form under spellings that change nothing', () => {
    fc.assert(
      fc.property(fc.webUrl(), (plain) => {
        const { canonical } = only(plain);
        const [scheme = '', rest = ''] = plain.split('://');
        for (const text of [
          ` ${plain}\n`,
          `${scheme.toUpperCase()}://u:p@${rest}`,
          `${scheme}:\\\\${rest}`,
        ]) {
          expect(new Set(readUrl(text).meanings[0]?.canonical)).toEqual(new Set(canonical));
        }
      }),
    );
  });

  it('of more than 64 KB is read as it stands', () => {
    const text = `HTTP://x.com/${'a'.repeat(65_536)}`;
    expect(readUrl(text)).toEqual({ meanings: [{ canonical: [text], other: [] }], values: [text] });
  });

  it.each([
    '%25',
    '%2e%2e/',
    '../',
    '\\',
    '@',
    '?u=http://127.1/',
    '&u=//a',
    'a.',
    '/http:/',
    'xn--a-',
    '\u0301\u0327',
    ' ',
  ])('takes linear time on 64 KB of %j', (unit) => {
    for (const start of ['http://a/', 'http://', '', 'x:', 'http://a/?']) {
      const before = performance.now();
      readUrl((start + unit.repeat(65_536 / unit.length)).slice(0, 65_536));
      expect(performance.now() - before).toBeLessThan(300);
    }
  });
});
