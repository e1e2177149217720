import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArgumentOrder, IntentArguments } from '../../src/core/intent-arguments.ts';
import { privateCopy } from '../../src/core/private-copy.ts';

const intentText = (parameters: Readonly<Record<string, unknown>>, order?: ArgumentOrder): string =>
  new IntentArguments(parameters, order).text;

describe('the intent string', () => {
  it('is the only argument as it stands', () => {
    expect(intentText({ path: ' /etc/passwd ' })).toBe(' /etc/passwd ');
  });

  it('joins all string arguments by one space, depth first', () => {
    const parameters = { arg0: 'run', arg1: { a: ['x', { b: 'y' }], n: 1, ok: true, none: null }, arg2: 'z' };
    expect(intentText(parameters, { declared: ['arg0', 'arg1', 'arg2'] })).toBe('run x y z');
  });

  it('keeps the declared order, whatever order the caller wrote', () => {
    const declared = ['source', 'destination'];
    expect(intentText({ destination: 'b', source: 'a' }, { declared })).toBe('a b');
    expect(intentText({ source: 'a', destination: 'b' }, { declared })).toBe('a b');
  });

  it('does not depend on the order of the keys, which a model chooses', () => {
    const record = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()), fc.integer()));
    fc.assert(
      fc.property(record, fc.array(fc.string()), (parameters, declared) => {
        const reversed = Object.fromEntries(Object.entries(parameters).reverse());
        expect(intentText(reversed, { declared })).toBe(intentText(parameters, { declared }));
      }),
    );
  });

  it('puts what will be touched before text, then goes by name', () => {
    expect(intentText({ body: 'hello', path: '/tmp/a', action: 'append' })).toBe('/tmp/a append hello');
    expect(intentText({ a_note: 'x', z: 'https://example.org' })).toBe('https://example.org x');
  });

  it('goes by declared kinds before well-known names', () => {
    const kinds = { body: 'path', path: 'text' } as const;
    expect(intentText({ body: 'b', path: 'p' }, { kinds })).toBe('b p');
  });

  it('contains every string argument', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(fc.string())), (parameters) => {
        const text = intentText(parameters);
        for (const item of Object.values(parameters).flat()) expect(text).toContain(item);
      }),
    );
  });

  it('reads lists, sets, maps and URLs, and nothing into what it cannot see', () => {
    const parameters = {
      list: ['a', ['b']],
      map: new Map<string, unknown>([['k', 'c']]),
      set: new Set(['d']),
      when: new Date(0),
      signal: new AbortController().signal,
    };
    expect(intentText(parameters)).toBe('a b c d');
    expect(intentText({ target: new URL('https://example.org/x'), note: 'n' })).toBe(
      'https://example.org/x n',
    );
  });

  it('reads a key that looks like a path or a URL before its value', () => {
    expect(intentText({ '/etc/passwd': 'root' })).toBe('/etc/passwd root');
    expect(intentText({ files: { '~/.ssh/id_rsa': 'y', 'notes/a': 'x' } })).toBe('~/.ssh/id_rsa x y');
    const map = new Map<unknown, unknown>([
      ['https://example.org', 'x'],
      [new URL('file:///etc/passwd'), 1],
    ]);
    expect(intentText({ map }, { declared: ['map'] })).toBe('https://example.org x file:///etc/passwd');
    for (const key of ['./a', '../a', 'a/../b', '..', 'a\\..', 'C:\\a', 'c:/a', 's3://a']) {
      expect(intentText({ [key]: 1 })).toBe(key);
      expect(intentText({ a: [{ [key]: 1 }] }, { declared: ['a'] })).toBe(key);
    }
  });

  it('puts such a key among what will be touched, and leaves other keys and declared names out', () => {
    expect(intentText({ a_note: 'n', files: { '/b': 'x' } })).toBe('/b n x');
    expect(intentText({ a: { name: 'x', 'a/b': 'y', '..c': 'z' } })).toBe('z y x');
    expect(intentText({ '/v1': 'x' }, { declared: ['/v1'] })).toBe('x');
  });

  it('never reads an opaque value', () => {
    class Bag extends Map<string, string> {
      override *[Symbol.iterator](): MapIterator<[string, string]> {
        yield ['path', '/tmp/a'];
      }
    }
    class Shown extends Set<string> {
      override *[Symbol.iterator](): SetIterator<string> {
        yield '/tmp/b';
      }
    }
    class Link extends URL {}
    Object.defineProperty(Link.prototype, 'href', { get: () => 'https://example.org/c' });
    const values = [new Bag(), new Shown(), new Link('https://example.net')];
    const proxies = values.map((value) => new Proxy(value, {}));
    const { value, opaque } = privateCopy({ values, proxies });
    expect(opaque).toHaveLength(6);
    expect(intentText(value)).toBe('');
  });

  it('is empty without any string, and takes own properties only', () => {
    expect(intentText({ n: 1 })).toBe('');
    expect(intentText({})).toBe('');
    expect(intentText({ a: 'x' }, { declared: ['constructor', 'toString', '__proto__'] })).toBe('x');
    expect(intentText(JSON.parse('{"__proto__":"/etc/passwd","a":"b"}'))).toContain('/etc/passwd');
  });
});
