import { IBAN_LENGTHS, isCardNumber, isSsn, mod97 } from '../../core/check-digits.ts';
import { findDigitGroups, joinedWindows } from './digit-groups.ts';

/** One kind of personal data that `contains_pii` finds. */
export interface PiiKind {
  readonly kind: string;
  /** What counts, in words. */
  readonly rule: string;
  /** Whether the normalised text holds one. */
  found(text: string): boolean;
}

/** Everything that `contains_pii` looks for. */
export const PII_KINDS: readonly PiiKind[] = Object.freeze([
  { kind: 'email', rule: 'an address with a dotted domain', found: hasEmail },
  {
    kind: 'us_ssn',
    rule: 'three groups of 3, 2 and 4 digits that can be issued; nine bare digits only near the word SSN or social security',
    found: hasSsn,
  },
  {
    kind: 'payment_card',
    rule: '13 to 19 digits, with or without one repeated separator, of a known issuer and with a valid Luhn digit',
    found: hasCard,
  },
  {
    kind: 'iban',
    rule: 'the length of its country and valid check digits (ISO 13616, mod 97)',
    found: hasIban,
  },
  {
    kind: 'phone',
    rule: '+ and 8 to 15 digits, or a North American number with all its separators',
    found: hasPhone,
  },
]);

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/**
 * True when `text` holds an e-mail address, a US social security number, a payment card number, an IBAN or a phone
 * number, as {@link PII_KINDS} defines them. Invisible characters are dropped and look-alike digits and dashes
 * unified first.
 */
export function containsPii(text: string): boolean {
  const plain = text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-');
  return PII_KINDS.some((kind) => kind.found(plain));
}

const LOCAL_END = /[a-z0-9_+-]$/i;
const DOMAIN =
  /^[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9-]{1,63}){0,6}\.(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59})(?![a-z0-9])/i;

function hasEmail(text: string): boolean {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (LOCAL_END.test(text.charAt(at - 1)) && DOMAIN.test(text.slice(at + 1, at + 256))) return true;
  }
  return false;
}

function hasSsn(text: string): boolean {
  const groups = findDigitGroups(text);
  const named = /\bssn\b|social security/i.test(text);
  return groups.some((group, i) => {
    const [area, middle, serial] = [group.digits, groups[i + 1]?.digits ?? '', groups[i + 2]?.digits ?? ''];
    if (named && area.length === 9) return isSsn(area.slice(0, 3), area.slice(3, 5), area.slice(5));
    if (group.joined || !groups[i + 1]?.joined || !groups[i + 2]?.joined || groups[i + 3]?.joined)
      return false;
    return isSsn(area, middle, serial);
  });
}

function hasCard(text: string): boolean {
  for (const digits of joinedWindows(findDigitGroups(text), 13, 19)) {
    if (isCardNumber(digits)) return true;
  }
  return false;
}

function hasIban(text: string): boolean {
  for (const found of text.matchAll(/(?<![a-z0-9])[a-z]{2}[ -]?[0-9]{2}/gi)) {
    const start = found[0].slice(0, 2).toUpperCase();
    const length = Object.hasOwn(IBAN_LENGTHS, start) ? IBAN_LENGTHS[start] : undefined;
    if (length === undefined) continue;
    const spaced = text.slice(found.index, found.index + 2 * length);
    const compact = spaced.replace(/[ -]/g, '').slice(0, length).toUpperCase();
    if (compact.length === length && /^[A-Z0-9]+$/.test(compact) && mod97(compact) === 1) return true;
  }
  return false;
}

const INTERNATIONAL = /(?<![\w+])\+[1-9](?:[ .()/-]{0,2}[0-9]){7,14}(?![0-9])/;
const NORTH_AMERICAN =
  /(?<![\w.-])(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}(?![\w-])/;

function hasPhone(text: string): boolean {
  return INTERNATIONAL.test(text) || NORTH_AMERICAN.test(text);
}
