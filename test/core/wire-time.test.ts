import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoTime } from '../../src/core/wire-time.ts';

describe('a time in ISO 8601', () => {
  it('is that of Date, for every time that there is', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(isoTime(date.getTime())).toBe(date.toISOString());
      }),
      { numRuns: 2000 },
    );
  });

  it('is right on both sides of every midnight around the ends of months, years and eras', () => {
    for (const year of [0, 1, 1899, 1900, 1969, 1970, 1999, 2000, 2023, 2024, 2026, 2100, 2400, 9999]) {
      for (let month = 0; month < 12; month++) {
        const midnight = new Date(0).setUTCFullYear(year, month, 1);
        for (const time of [midnight - 1, midnight, midnight + 27 * 86_400_000, midnight + 28 * 86_400_000]) {
          expect(isoTime(time)).toBe(new Date(time).toISOString());
        }
      }
    }
  });

  it('is refused for what is no time', () => {
    for (const none of [Number.NaN, Number.POSITIVE_INFINITY, 9e15]) {
      expect(() => isoTime(none)).toThrow(RangeError);
    }
  });
});
