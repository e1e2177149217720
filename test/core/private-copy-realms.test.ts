import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { privateCopy } from '../../src/core/private-copy.ts';

describe('privateCopy of a boxed value', () => {
  it('is the plain value, which rules can see, whatever its own valueOf says', () => {
    const boxed = Object.assign(new String('/etc/passwd'), { valueOf: () => '/tmp/a' });
    expect(privateCopy([boxed, new Number(5), new Boolean(false)]).value).toEqual(['/etc/passwd', 5, false]);
  });
});

describe('privateCopy of what has another prototype', () => {
  it('unboxes instances of subclasses and of another realm', () => {
    class Text extends String {
      override toString(): string {
        return '/tmp/a';
      }
    }
    class Amount extends Number {}
    class Flag extends Boolean {}
    const boxed = [new Text('/etc/passwd'), new Amount(5), new Flag(true), Object(7n)];
    expect(privateCopy(boxed)).toEqual({
      value: ['/etc/passwd', 5, true, 7n],
      opaque: [],
      mutable: false,
    });
    const foreign = runInNewContext(
      'class T extends String {}; [new String("a"), new T("b"), new Number(1), new Boolean(false)]',
    );
    expect(privateCopy(foreign)).toEqual({ value: ['a', 'b', 1, false], opaque: [], mutable: false });
  });

  it('counts the characters of boxed text', () => {
    const limits = { depth: 5, nodes: 10, bytes: 3 };
    expect(() => privateCopy(new String('1234'), limits)).toThrow('exceeds 3');
  });

  it('copies a Date, Map, Set, ArrayBuffer and bytes of another realm', () => {
    const foreign: unknown = runInNewContext(
      '[new Date(5), new Map([["k", new String("v")]]), new Set([1]), new ArrayBuffer(2)]',
    );
    const { value, opaque } = privateCopy(foreign);
    expect(opaque).toEqual([]);
    expect(value).toStrictEqual([new Date(5), new Map([['k', 'v']]), new Set([1]), new ArrayBuffer(2)]);
    for (const [i, made] of [Date, Map, Set, ArrayBuffer].entries()) {
      expect(Object.getPrototypeOf(Reflect.get(value as object, i))).toBe(made.prototype);
    }
    expect([...(privateCopy(runInNewContext('new Uint8Array([1, 2])')).value as Uint8Array)]).toEqual([1, 2]);
  });

  it('passes subclasses of either realm, views and pretended ones by reference', () => {
    const values: unknown[] = [
      ...runInNewContext(
        '[Date, Map, Set].map((Base) => new (class extends Base {})()).concat([new DataView(new ArrayBuffer(1)), ' +
          'Object.create(Map.prototype), Promise.resolve()])',
      ),
      new (class extends Date {})(),
      new (class extends ArrayBuffer {})(1),
      new Proxy(new String('/etc/passwd'), { getPrototypeOf: () => Object.create(String.prototype) }),
    ];
    const { value, opaque } = privateCopy(values);
    expect(opaque).toHaveLength(values.length);
    for (const [i, original] of values.entries()) expect(value[i]).toBe(original);
  });

  it('does not let an own constructor of an ArrayBuffer choose where the copy lies', () => {
    const trap = new ArrayBuffer(8);
    const source = Object.assign(new ArrayBuffer(1), {
      constructor: {
        [Symbol.species]: function Trap() {
          return trap;
        },
      },
    });
    expect(privateCopy(source).value).not.toBe(trap);
  });
});
