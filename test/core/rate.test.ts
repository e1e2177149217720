import { describe, expect, it } from 'vitest';
import { ConfigValidationError } from '../../src/core/errors.ts';
import { MAX_RATE, parseRate, RatesByName } from '../../src/core/rate.ts';

describe('parseRate', () => {
  it('reads the four units', () => {
    expect(parseRate('60/min')).toEqual({ text: '60/min', max: 60, windowMs: 60_000 });
    expect(parseRate('1/sec').windowMs).toBe(1_000);
    expect(parseRate(' 5 / hour ').windowMs).toBe(3_600_000);
    expect(parseRate('0/day')).toMatchObject({ max: 0, windowMs: 86_400_000 });
  });

  it('refuses anything else, and says what to write', () => {
    for (const text of [
      '',
      '60',
      '/min',
      '-1/min',
      '1.5/min',
      '1e3/min',
      '60/week',
      '60/constructor',
      '60/MIN',
      'NaN/min',
    ]) {
      expect(() => parseRate(text)).toThrow(ConfigValidationError);
    }
    expect(() => parseRate('60/minn', 'default rate limit')).toThrow(
      /default rate limit "60\/minn" cannot be read.*`60\/min`.*Did you mean `min`/,
    );
    expect(() => parseRate(`${MAX_RATE + 1}/day`)).toThrow(/at most 1000000/);
    expect(() => parseRate(7 as unknown as string)).toThrow(ConfigValidationError);
  });
});

describe('RatesByName', () => {
  it('names the tool whose rate is wrong', () => {
    expect(() => new RatesByName({ send_mail: 'often' }, 'per_tool rate limit')).toThrow(/of send_mail/);
  });

  it('finds no rate for a name that nothing covers', () => {
    const rates = new RatesByName({ 'send_*': '1/min', read: '2/min' }, 'rate');
    expect(rates.of('sen')).toBe(undefined);
    expect(rates.of('toString')).toBe(undefined);
    expect(rates.of('send_')?.max).toBe(1);
  });
});
