const DAY_MS = 86_400_000;
/** Days of 400 years, after which the calendar repeats itself. */
const ERA_DAYS = 146_097;
/** From 0000-03-01, the first day of an era whose years begin in March, to 1970-01-01. */
const EPOCH_DAYS = 719_468;
/** Beyond the years 0 to 9999 the form is another one. */
const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;

const TWO_DIGITS: readonly string[] = Object.freeze(
  Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0')),
);

/**
 * A time (epoch milliseconds) in the form of `Date.prototype.toISOString`, which takes several times as long: a call's
 * records have three times in them. Throws RangeError for what is no time.
 */
export function isoTime(time: number): string {
  if (!Number.isInteger(time) || time < FIRST_MS || time > LAST_MS) return new Date(time).toISOString();
  const day = Math.floor(time / DAY_MS);
  const ms = time - day * DAY_MS;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const clock = `${two(hours)}:${two(minutes % 60)}:${two(seconds % 60)}.${three(ms % 1000)}Z`;
  return `${dateOf(day)}T${clock}`;
}

/** The date of a day, counted from 1970-01-01. */
function dateOf(day: number): string {
  const fromMarch = day + EPOCH_DAYS;
  const era = Math.floor(fromMarch / ERA_DAYS);
  const dayOfEra = fromMarch - era * ERA_DAYS;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${two(Math.floor(year / 100))}${two(year % 100)}-${two(month)}-${two(dayOfMonth)}`;
}

function two(number: number): string {
  return TWO_DIGITS[number] as string;
}

function three(number: number): string {
  return number < 100 ? `0${two(number)}` : `${Math.floor(number / 100)}${two(number % 100)}`;
}
