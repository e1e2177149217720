import { ask, type Steps } from '../steps.ts';

/** Settings that the text of a value depends on, and what they are while values are read and written. */
const SETTINGS: Readonly<Record<string, string>> = Object.freeze({
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  lc_monetary: 'C',
  xmlbinary: 'base64',
});

/** Makes the settings those until the transaction ends. Answers with what they were. */
export function* settle(): Steps<Record<string, string>> {
  const names = Object.keys(SETTINGS);
  const reading = names.map((name, i) => `pg_catalog.current_setting('${name}') AS s${i}`).join(', ');
  const [row] = yield* ask(`SELECT ${reading}`);
  yield* set(SETTINGS);
  return Object.fromEntries(names.map((name, i) => [name, String(row?.[`s${i}`])]));
}

/** Sets settings until the transaction ends. */
export function* set(values: Readonly<Record<string, string>>): Steps<void> {
  const names = Object.keys(values);
  const setting = names.map((_, i) => `pg_catalog.set_config($${2 * i + 1}, $${2 * i + 2}, true)`).join(', ');
  yield* ask(
    `SELECT ${setting}`,
    names.flatMap((name) => [name, values[name]]),
  );
}
