import { findAssignments } from './assignments.ts';
import { findNumbers } from './card-numbers.ts';
import { findCommandPasswords, findOptions, findSettings } from './command-lines.ts';
import { findElements } from './elements.ts';
import { firstLook, SEEN } from './first-look.ts';
import { findIbans } from './ibans.ts';
import { findPrivateKeys } from './private-keys.ts';
import { findNetrc, findQuotedPasswords, findSaidPasswords } from './said-passwords.ts';
import type { SensitiveKeys } from './sensitive-keys.ts';
import type { Tell } from './spans.ts';
import { findSchemes, findVendorTokens, findWebTokens } from './tokens.ts';
import { findUrlPasswords } from './url-passwords.ts';

/**
 * How much of a text behind the beginning of a secret decides whether it is one; where it ends may be any distance
 * away. Every search looks at most this far ahead before it tells.
 */
export const LOOKAHEAD = 2200;

/** Tells of every part of a text that looks like a secret. The time is linear in the text; most texts are read once. */
export function findSecrets(text: string, keys: SensitiveKeys, tell: Tell): void {
  if (text.includes('login')) findNetrc(text, tell);
  if (text.includes('config')) findSettings(text, keys, tell);
  const seen = firstLook(text);
  if (seen === 0) return;
  if (seen & SEEN.separator) findAssignments(text, keys, tell);
  if (seen & SEEN.flag) {
    findOptions(text, keys, tell);
    findCommandPasswords(text, tell);
  }
  if (seen & SEEN.dashes) findPrivateKeys(text, tell);
  if (seen & SEEN.longRun) {
    findVendorTokens(text, tell);
    findWebTokens(text, tell);
  }
  if (seen & SEEN.scheme) findSchemes(text, tell);
  if (seen & SEEN.said) findSaidPasswords(text, tell);
  if (seen & SEEN.at) findUrlPasswords(text, tell);
  if (seen & SEEN.digits) {
    findNumbers(text, tell);
    findIbans(text, tell);
  }
  if (seen & SEEN.quote) findQuotedPasswords(text, tell);
  if (seen & SEEN.tag) findElements(text, keys, tell);
}
