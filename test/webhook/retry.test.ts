import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorthAnother, pauseMs } from '../../src/webhook/retry.ts';
import '../seed.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

describe('isWorthAnother', () => {
  it('is true for a time-out, too many requests and faults of the receiver only', () => {
    const all = Array.from({ length: 600 }, (_, status) => status).filter(isWorthAnother);
    expect(all).toEqual([408, 429, ...Array.from({ length: 100 }, (_, i) => 500 + i)]);
  });
});

describe('pauseMs', () => {
  it('grows, and chance takes away up to a half', () => {
    const pauses = (random: number) => [1, 2, 3, 4].map((n) => pauseMs(n, { now, retryAfter: null, random }));
    expect(pauses(0)).toEqual([1_000, 4_000, 16_000, 64_000]);
    expect(pauses(1)).toEqual([500, 2_000, 8_000, 32_000]);
  });

  it.each([
    ['7', 7_000],
    [' 7 ', 7_000],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['0', 1_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 1_000],
    ['86400', 300_000],
    ['999999999999999999', 1_000],
    ['-5', 1_000],
    ['soon', 1_000],
    ['', 1_000],
  ])('after `Retry-After: %s` is %i', (retryAfter, ms) => {
    expect(pauseMs(1, { now, retryAfter, random: 0 })).toBe(ms);
  });

  it('is a time that a timer can be set to, whatever the receiver says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.string(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, retryAfter, random) => {
          const ms = pauseMs(n, { now, retryAfter, random });
          expect(ms >= 500 && ms <= 300_000).toBe(true);
        },
      ),
    );
  });
});
