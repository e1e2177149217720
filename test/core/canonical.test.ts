import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, className, sortedJson } from '../../src/core/canonical.ts';
import { privateCopy } from '../../src/core/private-copy.ts';

/** Any data that JSON can hold. */
const json = fc.jsonValue({ maxDepth: 3 });

describe('canonicalJson', () => {
  it('is JSON that reads back as the same data, where no key starts with $', () => {
    fc.assert(
      fc.property(json, (data) => {
        fc.pre(!JSON.stringify(data).includes('"$'));
        expect(JSON.parse(canonicalJson(data))).toEqual(JSON.parse(JSON.stringify(data)));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(record));
      }),
    );
  });

  it('is what its members have one by one, in the order of their keys', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('toJSON', '__proto__', '$date', '10', '9', 'a'));
    const leaf = fc.oneof(json, fc.double(), fc.constantFrom(undefined, 5n, Number.NaN, -0));
    fc.assert(
      fc.property(fc.dictionary(key, leaf), (record) => {
        const members = Object.keys(record)
          .sort()
          .map((name) => `${JSON.stringify(name)}:${sortedJson(record[name])}`);
        expect(sortedJson(record)).toBe(`{${members.join(',')}}`);
      }),
    );
  });

  it('does not ask objects how they want to be written', () => {
    expect(canonicalJson({ a: 1, toJSON: () => 'x' })).toBe('{"a":1,"toJSON":{"$opaque":"function"}}');
    Object.defineProperty(Object.prototype, 'toJSON', { value: () => 'x', configurable: true });
    try {
      expect(canonicalJson({ a: 1 })).toBe('{"a":1}');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'toJSON');
    }
  });

  it('is the same for equal data only', () => {
    const small = fc.jsonValue({ maxDepth: 1, stringUnit: fc.constantFrom('$', 'a', '"') });
    fc.assert(
      fc.property(small, small, (a, b) => {
        if (canonicalJson(a) === canonicalJson(b)) expect(JSON.stringify(a)).toEqual(JSON.stringify(b));
      }),
    );
  });

  it('sorts keys by UTF-16 code units and writes numbers as RFC 8785 does', () => {
    const data = { '\ufb33': 1, '\ud83d\ude00': 2, a: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0] };
    expect(canonicalJson(data)).toBe(
      '{"a":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"\ud83d\ude00":2,"\ufb33":1}',
    );
  });

  it.each([
    [new Date(0), '{"$date":"1970-01-01T00:00:00.000Z"}'],
    [new Date(Number.NaN), '{"$date":"invalid"}'],
    [5n, '{"$bigint":"5"}'],
    [Number.NaN, '{"$number":"NaN"}'],
    [Number.NEGATIVE_INFINITY, '{"$number":"-Infinity"}'],
    [undefined, '{"$undefined":true}'],
    [new Map<unknown, unknown>([['k', 1]]), '{"$map":[["k",1]]}'],
    [new Set(['a']), '{"$set":["a"]}'],
    [new URL('https://example.org'), '{"$url":"https://example.org/"}'],
    [new Uint8Array([1, 255]), '{"$bytes":"01ff","type":"Uint8Array"}'],
    [Buffer.from([16]), '{"$bytes":"10","type":"Buffer"}'],
    [new Uint8Array([2]).buffer, '{"$bytes":"02","type":"ArrayBuffer"}'],
    [new AbortController().signal, '{"$opaque":"AbortSignal"}'],
    [() => 1, '{"$opaque":"function"}'],
    [Symbol('s'), '{"$opaque":"symbol"}'],
    [null, 'null'],
    [true, 'true'],
  ])('tags what JSON lacks: %o', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('lets no data pose as a tag', () => {
    expect(canonicalJson({ $date: '1970-01-01T00:00:00.000Z' })).not.toBe(canonicalJson(new Date(0)));
    expect(canonicalJson({ $$date: 1 })).not.toBe(canonicalJson({ $date: 1 }));
    expect(canonicalJson({ $opaque: 'AbortSignal' })).toBe('{"$$opaque":"AbortSignal"}');
  });

  it('writes an own __proto__ like any key, and never calls toJSON', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
    expect(canonicalJson({ a: 1, toJSON: () => 2 })).toBe('{"a":1,"toJSON":{"$opaque":"function"}}');
  });

  it('survives a proxy that was revoked after it was copied', () => {
    class Session {}
    const { proxy, revoke } = Proxy.revocable(new Session(), {});
    const { value } = privateCopy({ proxy });
    revoke();
    expect(canonicalJson(value)).toBe('{"proxy":{"$opaque":"revoked proxy"}}');
  });
});

describe('className', () => {
  it('is the class name, cut at 60 characters, and Object for what has none', () => {
    expect(className(new (class Session {})())).toBe('Session');
    expect(className(Object.create(null))).toBe('Object');
    const hostile = Object.defineProperty({}, 'constructor', {
      get() {
        throw new Error('no');
      },
    });
    expect(className(hostile)).toBe('Object');
    const { [`x${'y'.repeat(80)}`]: Long } = { [`x${'y'.repeat(80)}`]: class {} };
    expect(Long && className(new Long())).toHaveLength(60);
  });
});
