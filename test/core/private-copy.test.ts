import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COPY_LIMITS,
  freshCopy,
  isPlainObject,
  privateCopy,
  UncopyableError,
} from '../../src/core/private-copy.ts';

const copyOf = <T>(value: T): T => privateCopy(value).value;

describe('privateCopy', () => {
  it('equals plain data, shares nothing with it and is frozen all the way down', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (data) => {
        const copied = copyOf(data);
        expect(copied).toStrictEqual(data);
        const check = (a: unknown, b: unknown): void => {
          if (typeof a !== 'object' || a === null) return;
          expect(a).not.toBe(b);
          expect(Object.isFrozen(a)).toBe(true);
          for (const key of Object.keys(a)) check(Reflect.get(a, key), Reflect.get(b as object, key));
        };
        check(copied, data);
      }),
    );
  });

  it('keeps what JSON lacks: undefined, NaN, -0, bigints and null prototypes', () => {
    const bare = Object.assign(Object.create(null), { a: 1 });
    const copied = copyOf({ u: undefined, n: Number.NaN, z: -0, b: 12n, bare });
    expect(copied).toStrictEqual({ u: undefined, n: Number.NaN, z: -0, b: 12n, bare });
    expect(Object.getPrototypeOf(copied.bare)).toBeNull();
  });

  it('copies an own __proto__ as data and pollutes nothing', () => {
    const data = JSON.parse(
      '{"a":{"__proto__":{"polluted":true}},"constructor":{"prototype":{"polluted":true}}}',
    );
    const copied = copyOf(data);
    expect(Object.hasOwn(copied.a, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(copied.a)).toBe(Object.prototype);
    expect(Object.hasOwn(copied, 'constructor')).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('reads each property once, so a getter that changes its mind shows one value only', () => {
    let reads = 0;
    const source = {
      get path() {
        return reads++ === 0 ? '/tmp/a' : '/etc/passwd';
      },
    };
    const copied = copyOf(source);
    expect(copied.path).toBe('/tmp/a');
    expect(copied.path).toBe('/tmp/a');
    expect(reads).toBe(1);
  });

  it('copies what a proxy shows once', () => {
    let reads = 0;
    const proxy = new Proxy({ path: '' }, { get: () => (reads++ === 0 ? '/tmp/a' : '/etc/passwd') });
    expect(copyOf(proxy)).toStrictEqual({ path: '/tmp/a' });
    expect(reads).toBe(1);
  });

  it('never calls toJSON', () => {
    const copied = privateCopy({
      real: '/etc/passwd',
      toJSON: () => ({ real: '/tmp/a' }),
    });
    expect(copied.value.real).toBe('/etc/passwd');
    expect(copied.opaque).toEqual(['toJSON']);
  });

  it('fills the holes of a sparse array with undefined', () => {
    const sparse: unknown[] = [];
    sparse[3] = 'end';
    expect(copyOf(sparse)).toStrictEqual([undefined, undefined, undefined, 'end']);
  });

  it('leaves symbol keys and properties that are not enumerable out', () => {
    const source = Object.defineProperty({ a: 1, [Symbol('s')]: 2 }, 'hidden', { value: 3 });
    expect(Reflect.ownKeys(copyOf(source))).toEqual(['a']);
  });

  it('copies dates, maps, sets and URLs by what they hold', () => {
    const when = new Date(5);
    const map = new Map([['k', { deep: [1] }]]);
    const source = { when, map, set: new Set([1, 2]), url: new URL('https://example.org/a') };
    const { value, opaque } = privateCopy(source);
    expect(value).toStrictEqual(source);
    expect(opaque).toEqual([]);
    when.setTime(9);
    map.get('k')?.deep.push(2);
    expect(value.when.getTime()).toBe(5);
    expect(value.map.get('k')?.deep).toEqual([1]);
  });
});

describe('privateCopy of bytes', () => {
  it.each([
    new Int8Array([1, -2]),
    new Uint8Array([1, 2]),
    new Uint8ClampedArray([1, 255]),
    new Int16Array([1, -2]),
    new Uint16Array([1, 2]),
    new Int32Array([1, -2]),
    new Uint32Array([1, 2]),
    new Float32Array([0.5]),
    new Float64Array([0.1, Number.NaN]),
    new BigInt64Array([1n, -2n]),
    new BigUint64Array([1n]),
    Buffer.from('bytes'),
    new Uint8Array(new SharedArrayBuffer(4)),
    new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
  ])('keeps kind and content of %o and has its own memory', (source) => {
    const copied = copyOf(source);
    expect(Object.getPrototypeOf(copied)).toBe(Object.getPrototypeOf(source));
    expect([...copied]).toEqual([...source]);
    expect(copied.buffer).not.toBe(source.buffer);
    expect(copied.buffer.byteLength).toBe(source.byteLength);
  });

  it('does not let an own constructor choose where the copy lies', () => {
    const trap = new Uint8Array(8);
    const source = Object.assign(new Uint8Array([7]), {
      constructor: { [Symbol.species]: () => trap },
    });
    const copied = copyOf(source);
    trap[0] = 9;
    expect(copied).not.toBe(trap);
    expect(copied[0]).toBe(7);
  });

  it('copies an ArrayBuffer', () => {
    const source = new Uint8Array([1, 2]).buffer;
    const copied = copyOf(source);
    expect(copied).not.toBe(source);
    expect([...new Uint8Array(copied)]).toEqual([1, 2]);
  });
});

describe('privateCopy of what it cannot look into', () => {
  class Session {
    readonly id = 1;
  }

  it.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['an AbortSignal', new AbortController().signal],
    ['a class instance', new Session()],
    ['a DataView', new DataView(new ArrayBuffer(1))],
    ['an error', new Error('x')],
    ['a subclass of Map', new (class Registry extends Map {})()],
  ])('passes %s by reference and names its path', (_what, value) => {
    const { value: copied, opaque } = privateCopy({ options: { list: [1, value] } });
    expect(copied.options.list[1]).toBe(value);
    expect(opaque).toEqual(['options.list[1]']);
  });
});

describe('privateCopy refuses', () => {
  const problemOf = (value: unknown): UncopyableError => {
    try {
      privateCopy(value);
    } catch (error) {
      if (error instanceof UncopyableError) return error;
      throw error;
    }
    throw new Error('was copied');
  };

  it('cycles, naming where', () => {
    const cyclic: { list: unknown[] } = { list: [] };
    cyclic.list.push({ back: cyclic });
    const error = problemOf({ a: cyclic });
    expect(error.path).toBe('a.list[0].back');
    expect(error.message).toBe(
      'the argument `a.list[0].back` refers back to itself; pass data without cycles',
    );
    const map = new Map<string, unknown>();
    map.set('self', map);
    expect(problemOf(map).message).toContain('refers back to itself');
  });

  it('but a value that occurs twice is no cycle', () => {
    const shared = { a: 1 };
    expect(copyOf([shared, shared])).toStrictEqual([{ a: 1 }, { a: 1 }]);
  });

  it('nesting deeper than the limit, and no less', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { in: nested(levels - 1) });
    expect(() => privateCopy(nested(COPY_LIMITS.depth))).not.toThrow();
    expect(problemOf(nested(COPY_LIMITS.depth + 1)).message).toContain('nested deeper than 100 levels');
  });

  it('a getter that throws, with what it threw', () => {
    const source = {
      get secret(): string {
        throw new Error('no entry');
      },
    };
    expect(problemOf([source]).message).toBe('the argument `[0]` cannot be read: no entry');
  });

  it('a revoked proxy', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(problemOf({ proxy }).message).toContain('`proxy` cannot be read');
  });

  it('a pretended Date or boxed value', () => {
    expect(problemOf({ when: Object.create(Date.prototype) }).path).toBe('when');
    for (const { prototype } of [String, Number, Boolean]) {
      expect(problemOf({ text: Object.create(prototype) }).path).toBe('text');
    }
  });

  it('few values that unfold to very many', () => {
    let bomb: unknown = 'x';
    for (let i = 0; i < 40; i++) bomb = [bomb, bomb];
    expect(problemOf(bomb).message).toContain('holds more than 1000000 values');
  });

  it('an array that claims to be huge, or lies about its length', () => {
    expect(problemOf(new Array(2_000_000_000)).message).toContain('holds more than');
    const liar = new Proxy([], { get: (_, key) => (key === 'length' ? Number.NaN : 'x') });
    expect(problemOf({ liar }).message).toBe('the argument `liar` has no readable length');
  });

  it('a map or set without end', () => {
    const endless = Object.assign(new Set<number>(), {
      *[Symbol.iterator]() {
        for (let i = 0; ; i++) yield i;
      },
    });
    expect(problemOf(endless).message).toContain('holds more than');
  });

  it('more characters or bytes than the limit', () => {
    const limits = { depth: 5, nodes: 10, bytes: 8 };
    expect(() => privateCopy('12345678', limits)).not.toThrow();
    expect(() => privateCopy(['12345', '6789'], limits)).toThrow('exceeds 8 characters or bytes in all');
    expect(() => privateCopy(new Uint8Array(9), limits)).toThrow('exceeds 8');
    expect(() => privateCopy({ a_long_key: 1 }, limits)).toThrow('exceeds 8');
  });
});

describe('freshCopy', () => {
  it('is equal and mutable, and changing it changes nothing else', () => {
    const judged = copyOf({ list: [{ path: '/tmp/a' }], when: new Date(5) });
    const fresh = freshCopy(judged) as { list: { path: string }[]; when: Date };
    expect(fresh).toStrictEqual(judged);
    (fresh.list[0] as { path: string }).path = '/etc/passwd';
    fresh.when.setTime(0);
    expect(judged.list[0]?.path).toBe('/tmp/a');
    expect(judged.when.getTime()).toBe(5);
  });

  it('keeps the identity of opaque values', () => {
    const { signal } = new AbortController();
    expect(freshCopy(copyOf({ signal })).signal).toBe(signal);
  });
});

describe('isPlainObject', () => {
  it('knows literals, parsed JSON, bare objects and those of another realm', async () => {
    const { runInNewContext } = await import('node:vm');
    for (const value of [
      {},
      JSON.parse('{"constructor":1}'),
      Object.create(null),
      runInNewContext('({ a: 1 })'),
    ]) {
      expect(isPlainObject(value)).toBe(true);
    }
  });

  it('knows what is none', () => {
    for (const value of [[], new Date(), new (class Tool {})(), new Map(), () => 1, Object.create({})]) {
      expect(isPlainObject(value)).toBe(false);
    }
  });
});
