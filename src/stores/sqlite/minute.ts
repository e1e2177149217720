const MINUTE_MS = 60_000;

/** The minute that a time lies in, counted from the epoch. */
export function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS);
}

/** When a minute began. */
export function startOfMinute(minute: number): Date {
  return new Date(minute * MINUTE_MS);
}
