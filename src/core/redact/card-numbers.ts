import { isCardNumber, isSsn } from '../check-digits.ts';
import { digitValue, isInvisible, isSpace } from './characters.ts';
import type { Tell } from './spans.ts';

/** A run of digits; those that only invisible characters part are one. */
interface DigitRun {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  /** What joins it to the run before: a short separator; '' where nothing does. */
  readonly separator: string;
}

/** Most characters between two runs of digits that are one number, and most of a run that is looked at. */
const SEPARATOR = 3;
const LONGEST = 24;
/** Most invisible characters between two digits of one run. */
const HIDDEN = 64;

/**
 * Finds payment card numbers (a known issuer and a valid check digit) and US social security numbers, however their
 * digits are grouped: by spaces, dashes, dots, slashes, and by what shows nothing.
 */
export function findNumbers(text: string, tell: Tell): void {
  const named = /\bssn\b|social security/i.test(text);
  let joined: DigitRun[] = [];
  for (const run of digitRuns(text)) {
    if (run.separator === '' && joined.length > 0) {
      findInJoined(text, joined, named, tell);
      joined = [];
    }
    joined.push(run);
  }
  if (joined.length > 0) findInJoined(text, joined, named, tell);
}

function findInJoined(text: string, runs: readonly DigitRun[], named: boolean, tell: Tell): void {
  const all = runs.length <= 19 ? runs.map(({ digits }) => digits).join('') : '';
  const [first, second, third] = runs;
  const isCard = isCardNumber(all) && !isFraction(runs) && !isInHash(text, runs);
  if (
    isCard ||
    (runs.length === 3 && isSsn(first?.digits ?? '', second?.digits ?? '', third?.digits ?? ''))
  ) {
    tellOf(runs, tell);
  } else findAmongNumbers(text, runs, named, tell);
}

function findAmongNumbers(text: string, runs: readonly DigitRun[], named: boolean, tell: Tell): void {
  for (let i = 0; i < runs.length; i++) {
    const card = standardCard(runs, i);
    if (card !== null && !isInHash(text, card)) {
      tellOf(card, tell);
      i += card.length - 1;
    } else if (named && isBareSsn(runs[i]?.digits ?? '')) tellOf(runs.slice(i, i + 1), tell);
  }
}

function tellOf(runs: readonly DigitRun[], tell: Tell): void {
  tell(runs[0]?.start ?? 0, runs.at(-1)?.end ?? 0);
}

/** How cards are printed, beside all digits in one. */
const PRINTED: readonly (readonly number[])[] = Object.freeze([
  [4, 4, 4, 4],
  [4, 4, 4, 4, 3],
  [4, 6, 5],
  [4, 6, 4],
  [4, 4, 5],
]);

/** A card as it is printed among more numbers, from the run at `from` on. */
function standardCard(runs: readonly DigitRun[], from: number): readonly DigitRun[] | null {
  const one = runs.slice(from, from + 1);
  const isOne = runs[from]?.separator !== '.' && runs[from + 1]?.separator !== '.';
  if (isOne && isCardNumber(one[0]?.digits ?? '')) return one;
  for (const lengths of PRINTED) {
    const some = runs.slice(from, from + lengths.length);
    const separator = some[1]?.separator;
    const fits =
      some.length === lengths.length &&
      some.every((run, i) => run.digits.length === lengths[i] && (i === 0 || run.separator === separator));
    if (fits && isCardNumber(some.map(({ digits }) => digits).join(''))) return some;
  }
  return null;
}

function isBareSsn(digits: string): boolean {
  return digits.length === 9 && isSsn(digits.slice(0, 3), digits.slice(3, 5), digits.slice(5));
}

/** `4.111111111111111`. */
function isFraction(runs: readonly DigitRun[]): boolean {
  const [whole, fraction] = runs;
  return (
    runs.length === 2 && fraction?.separator === '.' && fraction.digits.length > 4 && whole !== undefined
  );
}

/** Whether digits are a part of a longer word that could be a hash: hexadecimal, with letters in it. */
function isInHash(text: string, runs: readonly DigitRun[]): boolean {
  const start = runs[0]?.start ?? 0;
  const end = runs.at(-1)?.end ?? 0;
  const before = /[A-Za-z0-9]{1,64}$/.exec(text.slice(Math.max(0, start - 64), start))?.[0] ?? '';
  const after = /^[A-Za-z0-9]{1,64}/.exec(text.slice(end, end + 64))?.[0] ?? '';
  return before + after !== '' && /^[a-f0-9]*$/i.test(before + after);
}

function* digitRuns(text: string): Generator<DigitRun> {
  let end = -1;
  for (let at = 0; at < text.length; ) {
    if (digitValue(text.charCodeAt(at)) < 0) {
      at++;
      continue;
    }
    const start = at;
    let digits = '';
    let last = at;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const digit = digitValue(code);
      if (digit >= 0) {
        if (digits.length < LONGEST) digits += digit;
        last = at;
      } else if (!isInvisible(code) || at - last > HIDDEN) break;
    }
    const separator = end < 0 ? '' : separatorOf(text, end, start);
    end = last + 1;
    yield { start, end, digits, separator };
  }
}

/** What stands between two runs, by its look; '' if that is too much or something else. */
function separatorOf(text: string, from: number, to: number): string {
  let separator = '';
  if (to - from > HIDDEN) return '';
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (isInvisible(code)) continue;
    const look = lookOf(code);
    if (look === '' || separator.length === SEPARATOR) return '';
    separator += look;
  }
  return separator;
}

function lookOf(code: number): string {
  if (code === 0x0a || code === 0x0d) return '';
  if (isSpace(code)) return ' ';
  if (code === 0x2d || (code >= 0x2010 && code <= 0x2015) || code === 0x2212) return '-';
  if (code === 0x2e || code === 0xb7 || code === 0x2219) return '.';
  return code === 0x2f || code === 0x5f ? String.fromCharCode(code) : '';
}
