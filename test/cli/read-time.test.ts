import { expect, test } from 'vitest';
import { readFutureTime, readTime } from '../../src/cli/read-time.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

test.each([
  ['90s', NOW - 90_000],
  ['30m', NOW - 30 * 60_000],
  ['2h', NOW - 2 * 3_600_000],
  ['1.5h', NOW - 1.5 * 3_600_000],
  ['7d', NOW - 7 * 86_400_000],
  ['2026-11-20T10:00:00Z', Date.parse('2026-11-20T10:00:00Z')],
  ['2026-11-20T10:00:00.250+02:00', Date.parse('2026-11-20T08:00:00.250Z')],
  ['2026-11-20 10:00', new Date(2026, 10, 20, 10).getTime()],
  ['2026-11-20', new Date(2026, 10, 20).getTime()],
])('%s is a time', (text, time) => {
  expect(readTime('--since', text, NOW).getTime()).toBe(time);
});

test.each(['', 'yesterday', '5', '-5m', '1w', '20261120', '2026-13-01', '2026-02-30', '1e3s', '٣m'])(
  '%j is none, and the message shows how one is written',
  (text) => {
    expect(() => readTime('--since', text, NOW)).toThrow(/--since takes a time .* or how long ago/);
  },
);

test.each([
  ['30d', NOW + 30 * 86_400_000],
  ['1.5h', NOW + 1.5 * 3_600_000],
  ['90s', NOW + 90_000],
  ['2026-11-21T12:00:01Z', NOW + 1_000],
])('%s is a time in the future', (text, time) => {
  expect(readFutureTime('--expires', text, NOW).getTime()).toBe(time);
});

test.each(['', '0d', '2026-11-21T12:00:00Z', '2020-01-01', 'never', '-5d', '2027-02-30', '999999999d'])(
  '%j is none, and the message shows how one is written',
  (text) => {
    expect(() => readFutureTime('--expires', text, NOW)).toThrow(/--expires takes a time in the future/);
  },
);
