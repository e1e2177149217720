import { didYouMean } from './did-you-mean.ts';
import { ConfigValidationError } from './errors.ts';

/** At most `max` calls in any `windowMs` milliseconds. */
export interface Rate {
  /** As written, e.g. `60/min`. */
  readonly text: string;
  readonly max: number;
  readonly windowMs: number;
}

const WINDOW_MS: Readonly<Record<string, number>> = Object.freeze({
  sec: 1_000,
  min: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
});

/** Most calls that a window may allow: every counted call is remembered until it leaves the window. */
export const MAX_RATE = 1_000_000;

/**
 * Reads `N/sec`, `N/min`, `N/hour` or `N/day`; N is a whole number from 0 (never) to a million.
 * `where` names the setting in the error.
 * @throws ConfigValidationError for anything else.
 */
export function parseRate(text: string, where: string = 'rate limit'): Rate {
  const [, count = '', unit = ''] = /^ *(\d{1,15}) *\/ *([a-z]{1,20}) *$/i.exec(text) ?? [];
  const windowMs = Object.hasOwn(WINDOW_MS, unit) ? WINDOW_MS[unit] : undefined;
  if (count === '' || windowMs === undefined) {
    const hint = unit === '' ? '' : didYouMean(unit, Object.keys(WINDOW_MS));
    throw invalid(text, where, `write a whole number and sec, min, hour or day, e.g. \`60/min\`.${hint}`);
  }
  const max = Number(count);
  if (max > MAX_RATE) {
    throw invalid(text, where, `allow at most ${MAX_RATE} calls in a window; use a shorter one`);
  }
  return Object.freeze({ text: text.trim(), max, windowMs });
}

function invalid(text: unknown, where: string, fix: string): ConfigValidationError {
  const shown = typeof text === 'string' ? JSON.stringify(text.slice(0, 40)) : typeof text;
  return new ConfigValidationError(`The ${where} ${shown} cannot be read: ${fix}`, {}, { where });
}

/** Rates by name. An exact name goes before a prefix (`send_*`), a longer prefix before a shorter one. */
export class RatesByName {
  readonly #exact = new Map<string, Rate>();
  readonly #prefixes: { readonly prefix: string; readonly rate: Rate }[] = [];

  /** @throws ConfigValidationError for a rate that cannot be read. */
  constructor(rates: Readonly<Record<string, string>>, where: string) {
    for (const name of Object.keys(rates)) {
      const rate = parseRate(rates[name] ?? '', `${where} of ${name.slice(0, 60)}`);
      if (name.endsWith('*')) this.#prefixes.push({ prefix: name.slice(0, -1), rate });
      else this.#exact.set(name, rate);
    }
    this.#prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  /** Lengths of the windows in use, in milliseconds. */
  lengths(): Set<number> {
    const all = [...this.#exact.values(), ...this.#prefixes.map(({ rate }) => rate)];
    return new Set(all.map(({ windowMs }) => windowMs));
  }

  /** The rate that covers a name. */
  of(name: string): Rate | undefined {
    const exact = this.#exact.get(name);
    if (exact !== undefined || this.#prefixes.length === 0) return exact;
    return this.#prefixes.find(({ prefix }) => name.startsWith(prefix))?.rate;
  }
}
