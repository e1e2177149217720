import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical.ts';
import { makeRedactor } from '../../src/core/redact.ts';
import { keepResult, keptArguments, keptError, keptText } from '../../src/journal/summary.ts';

const redaction = makeRedactor({ keys: [], patterns: [] }).forAction({ password: 'tr0ub4dor&3' });
const kept = (result: unknown): unknown => keepResult(result)(redaction);

describe('what an entry keeps of a result', () => {
  it('is small data as it was when the tool ended', () => {
    const result = { rows: [1, 'a', null] };
    const later = keepResult(result);
    result.rows.push(2);
    expect(later(redaction)).toEqual({ rows: [1, 'a', null] });
    for (const plain of ['text', 5, true, null]) expect(kept(plain)).toBe(plain);
  });

  it('is JSON, whatever it was', () => {
    expect(kept(undefined)).toBeNull();
    expect(kept(5n)).toEqual({ $bigint: '5' });
    expect(kept(Number.NaN)).toEqual({ $number: 'NaN' });
    expect(kept({ at: new Date(0) })).toEqual({ at: { $date: '1970-01-01T00:00:00.000Z' } });
    expect(kept(() => 1)).toEqual({ $opaque: 'function' });
    expect(kept(new (class Handle {})())).toEqual({ $opaque: 'Handle' });
  });

  it('is the beginning of what is larger than 4 KB', () => {
    expect(kept('x'.repeat(5000))).toEqual({ $truncated: 'x'.repeat(4096), characters: 5000 });
    expect(JSON.stringify(kept({ text: 'x'.repeat(50_000) }))).toContain('$truncated');
  });

  it('is never more than about 4 KB, of any result whatsoever', () => {
    const anything = fc.anything({ withBigInt: true, withMap: true, withSet: true, withTypedArray: true });
    fc.assert(fc.property(anything, (result) => JSON.stringify(kept(result)).length <= 3 * 4096));
  });

  it('survives results that cannot be read', () => {
    const hostile = {
      get secret(): string {
        throw new Error('no entry');
      },
    };
    expect(kept(hostile)).toMatchObject({ $truncated: '' });
    const cyclic: { self?: object } = {};
    cyclic.self = cyclic;
    expect(kept(cyclic)).toMatchObject({ why: expect.stringContaining('refers back to itself') });
  });

  it('holds no secret of the call, also where it is cut', () => {
    expect(kept('logged in with tr0ub4dor&3')).toBe('logged in with [redacted]');
    expect(JSON.stringify(kept({ token: 'abc', said: ['tr0ub4dor&3'] }))).not.toMatch(/abc|tr0ub/);
    for (let before = 4080; before <= 4100; before++) {
      const long = `${'x'.repeat(before)}tr0ub4dor&3${'y'.repeat(3000)}`;
      expect(JSON.stringify(kept(long))).not.toContain('tr0');
      expect(JSON.stringify(kept({ long }))).not.toContain('tr0');
    }
  });
});

describe('what an entry keeps of the arguments', () => {
  it('is all of them, and only the beginning of those over 64 KB', () => {
    const small = { path: '/tmp/a', at: new Date(0) };
    expect(keptArguments(canonicalJson(small), redaction)).toEqual({
      path: '/tmp/a',
      at: { $date: '1970-01-01T00:00:00.000Z' },
    });
    const large = keptArguments(canonicalJson({ text: 'x'.repeat(70_000) }), redaction);
    expect(large).toMatchObject({ $truncated: expect.stringContaining('{"text":"xxx'), characters: 70_011 });
  });
});

describe('what an entry keeps of texts', () => {
  it('is at most 64 KB of an intent and 4 KB of an error, without secrets', () => {
    expect(keptText('x'.repeat(70_000), redaction)).toHaveLength(65_536);
    expect(keptError('x'.repeat(5000), redaction)).toHaveLength(4096);
    expect(keptText('su -c tr0ub4dor&3', redaction)).toBe('su -c [redacted]');
    expect(keptError('no such user tr0ub4dor&3', redaction)).toBe('no such user [redacted]');
  });
});
