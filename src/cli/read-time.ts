import { UsageError } from './usage-error.ts';

const UNIT_MS = Object.freeze({ s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 });

/** `2026-11-21`, `2026-11-21T10:00`, `2026-11-21T10:00:00.5Z`, `2026-11-21 10:00+02:00`. */
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

/** How an ISO 8601 time is written, for messages. */
const AS_TIME = '2026-11-21, 2026-11-21T10:30, 2026-11-21T10:30:00Z';

/**
 * A time of a command line: ISO 8601, or how long ago (`90s`, `30m`, `2h`, `7d`) as seen from `now`, in epoch
 * milliseconds. A time without a zone is local, a day begins at local midnight. Throws UsageError.
 */
export function readTime(option: string, text: string, now: number): Date {
  const time = timeFrom(text.trim(), now, -1);
  if (time !== undefined) return time;
  throw new UsageError(
    `${option} takes a time (${AS_TIME}) or how long ago (90s, 30m, 2h, 7d), not \`${text}\`.`,
  );
}

/** A time in the future: ISO 8601, or how long from `now`, written like {@link readTime}'s. Throws UsageError. */
export function readFutureTime(option: string, text: string, now: number): Date {
  const time = timeFrom(text.trim(), now, 1);
  if (time !== undefined && time.getTime() > now) return time;
  throw new UsageError(
    `${option} takes a time in the future (${AS_TIME}) or how long from now (90s, 30m, 2h, 7d), not \`${text}\`.`,
  );
}

/** `sign`: whether a length of time goes back (-1) or on (1) from `now`. */
function timeFrom(text: string, now: number, sign: 1 | -1): Date | undefined {
  const [whole, count = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)([smhd])$/i.exec(text) ?? [];
  const time = whole === undefined ? isoTime(text) : new Date(now + sign * Number(count) * unitMs(unit));
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time;
}

function unitMs(unit: string): number {
  return UNIT_MS[unit.toLowerCase() as keyof typeof UNIT_MS];
}

function isoTime(text: string): Date | undefined {
  if (!ISO.test(text)) return undefined;
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text.replace(' ', 'T').replace(',', '.');
  const time = new Date(full);
  // `2026-02-30` would be taken for the second of March.
  return Number(text.slice(8, 10)) <= daysIn(text) ? time : undefined;
}

function daysIn(text: string): number {
  return new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}
