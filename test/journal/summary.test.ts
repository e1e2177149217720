import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical.ts';
import { summariseArguments, summariseResult } from '../../src/journal/summary.ts';

describe('summariseResult', () => {
  it('keeps small data as it is, in a copy', () => {
    const result = { rows: [1, 'a', null] };
    const kept = summariseResult(result);
    result.rows.push(2);
    expect(kept).toEqual({ rows: [1, 'a', null] });
    for (const plain of ['text', 5, true, null, undefined]) expect(summariseResult(plain)).toBe(plain);
  });

  it('keeps the beginning of what is larger than 4 KB', () => {
    expect(summariseResult('x'.repeat(5000))).toEqual({ $truncated: 'x'.repeat(4096), characters: 5000 });
    expect(JSON.stringify(summariseResult({ text: 'x'.repeat(50_000) }))).toContain('$truncated');
  });

  it('takes any result whatsoever, and never keeps more than about 4 KB', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withSet: true, withTypedArray: true }),
        (result) => {
          const kept = canonicalJson(summariseResult(result));
          return kept.length <= 3 * 4096;
        },
      ),
    );
  });

  it('survives results that cannot be read', () => {
    const hostile = {
      get secret(): string {
        throw new Error('no entry');
      },
    };
    expect(summariseResult(hostile)).toMatchObject({ $truncated: '' });
    const cyclic: { self?: object } = {};
    cyclic.self = cyclic;
    expect(summariseResult(cyclic)).toMatchObject({ why: expect.stringContaining('refers back to itself') });
    expect(summariseResult(() => 1)).toEqual({ $opaque: 'function' });
    expect(summariseResult(new (class Handle {})())).toEqual({ $opaque: 'Handle' });
  });
});

describe('summariseArguments', () => {
  it('keeps arguments as judged, and only the beginning of those over 64 KB', () => {
    const small = { path: '/tmp/a' };
    expect(summariseArguments(small, canonicalJson(small))).toBe(small);
    const large = { text: 'x'.repeat(70_000) };
    const kept = summariseArguments(large, canonicalJson(large));
    expect(kept).toMatchObject({ $truncated: expect.stringContaining('{"text":"xxx'), characters: 70_011 });
  });
});
