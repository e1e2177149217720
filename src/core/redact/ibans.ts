import { IBAN_LENGTHS, mod97 } from '../check-digits.ts';
import { isAlphanumeric, isInvisible, isSpace } from './characters.ts';
import type { Tell } from './spans.ts';

const BEGINNING = /(?<![A-Za-z0-9])(?:[A-Z]{2}|[a-z]{2})[^A-Za-z0-9]{0,3}[0-9]{2}/g;
/** Most characters between two of an IBAN. */
const GAP = 4;

/** Finds IBANs of the right length for their country and with valid check digits, with or without spaces. */
export function findIbans(text: string, tell: Tell): void {
  for (const found of text.matchAll(BEGINNING)) {
    const country = found[0].slice(0, 2).toUpperCase();
    const length = Object.hasOwn(IBAN_LENGTHS, country) ? IBAN_LENGTHS[country] : undefined;
    const end = length === undefined ? -1 : endOfIban(text, found.index, length);
    if (end > 0) tell(found.index, end);
  }
}

/** Behind the IBAN of so many letters and digits that begins at `start`; -1 if there is none. */
function endOfIban(text: string, start: number, length: number): number {
  let compact = '';
  let at = start;
  for (let gap = 0; compact.length < length; at++) {
    const code = text.charCodeAt(at);
    if (isAlphanumeric(code)) {
      compact += text.charAt(at).toUpperCase();
      gap = 0;
    } else if (++gap > GAP || !(isSpace(code) || isInvisible(code) || code === 0x2d || code === 0x2e))
      return -1;
  }
  return !isAlphanumeric(text.charCodeAt(at)) && mod97(compact) === 1 ? at : -1;
}
