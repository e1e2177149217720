import { isPunctuation } from './characters.ts';

const GAP = 0;
const LOWER = 1;
const UPPER = 2;

/** What shows nothing and could split a word unseen. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const BEYOND_ASCII = /[^\0-\x7f]/;

/**
 * The words of a name, lower case: `dbPassword`, `DB_PASSWORD`, `db-password` and `db.password` are `db`, `password`.
 * Runs of capitals are one word (`AWSSecretKey`: `aws`, `secret`, `key`). Digits at the end of a word are dropped
 * (`password2`), and so is the `s` of its plural; a word of digits alone is none. Look-alikes of Latin letters that
 * Unicode calls compatible count as these letters.
 */
export function keyWords(name: string): string[] {
  return splitName(name).map(singular);
}

/** The same words as they are written, with their digits and their plural. */
export function splitName(name: string): string[] {
  const text = BEYOND_ASCII.test(name) ? name.normalize('NFKC').replace(INVISIBLE, '') : name;
  const words: string[] = [];
  let start = 0;
  let before = GAP;
  const end = (at: number): void => {
    if (at > start) words.push(text.slice(start, at).toLowerCase());
    start = at;
  };
  for (let i = 0; i < text.length; i++) {
    const kind = kindOf(text, i);
    if (kind === GAP) {
      end(i);
      start = i + 1;
    } else if (kind === UPPER && before === LOWER) end(i);
    else if (kind === LOWER && before === UPPER && i - 1 > start && !isPluralOfCapitals(text, i)) end(i - 1);
    before = kind;
  }
  end(text.length);
  return words.filter((word) => !/^[0-9]+$/.test(word));
}

/** `OTPs`: the small letter belongs to the capitals before it. */
function isPluralOfCapitals(text: string, at: number): boolean {
  return text.charAt(at) === 's' && kindOf(text, at + 1) !== LOWER;
}

function kindOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0x61 && code <= 0x7a) return LOWER;
  if (code >= 0x41 && code <= 0x5a) return UPPER;
  // NaN, behind the end, is a gap.
  return (code >= 0x30 && code <= 0x39) || (code > 0x7f && !isPunctuation(code)) ? LOWER : GAP;
}

function singular(word: string): string {
  const bare = word.replace(/(?<![0-9])[0-9]{1,8}$/, '') || word;
  return bare.length > 3 && bare.endsWith('s') && !bare.endsWith('ss') ? bare.slice(0, -1) : bare;
}
