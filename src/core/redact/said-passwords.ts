import { isQuote, isSpace } from './characters.ts';
import type { Tell } from './spans.ts';
import { readValue } from './written-value.ts';

const QUOTED =
  /(?:password|passwd|passphrase|pwd|identified\s{1,4}by)(?:\s{1,4}(?:is|was|to|as|with|by|password|values)|\s{1,4}for\s{1,4}[^\s'"]{1,64}\s{0,4}=)?\s{0,4}\(?\s{0,4}(?=["'`])/gi;

/** Finds what is quoted right behind the word, as SQL and prose do: `IDENTIFIED BY 'x'`, `setPassword("x")`. */
export function findQuotedPasswords(text: string, tell: Tell): void {
  let from = 0;
  for (const found of text.matchAll(QUOTED)) {
    const at = found.index + found[0].length;
    // Right behind a word, without anything between, a quote closes.
    if (found.index < from || !opensHere(text, at)) continue;
    const value = readValue(text, at);
    if (value === null || value.end === value.start) continue;
    tell(value.start, value.end);
    from = value.after;
  }
}

function opensHere(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return isQuote(text.charCodeAt(at)) && (isSpace(before) || before === 0x28);
}

const NETRC = /\blogin[ \t\r\n]{1,8}\S{1,128}[ \t\r\n]{1,8}password[ \t\r\n]{1,8}(?=\S)/g;

/** Finds the passwords of a `.netrc` file. */
export function findNetrc(text: string, tell: Tell): void {
  for (const found of text.matchAll(NETRC)) {
    const value = readValue(text, found.index + found[0].length);
    if (value !== null) tell(value.start, value.end);
  }
}

const SAID =
  /(?:password|passwd|passphrase|passcode|pin|token|secret|(?:api|access|private)[ _-]key)\s{1,4}(?:is|was)\s{0,2}:?\s{1,4}(?=[^\s"'`]{0,60}[0-9!#$%^&*_+=@])[^\s"'`]{4,}/gi;
const WORDS_BEFORE = /^.{3,32}?\s(?:is|was)\s{0,2}:?\s{1,4}/i;
/** Names of algorithms and the like, which hold digits too. */
const NO_SECRET =
  /^(?:base|sha|md|aes|rs|hs|es|utf|bcrypt|argon|oauth|rfc|iso|http|ssl|tls|[0-9]{1,3}$|[0-9.:-]{1,10}[a-z]{0,10}$)/i;

/** Finds what is said to be a password: `my password is hunter2`. It must hold a digit or a sign, unlike words of prose. */
export function findSaidPasswords(text: string, tell: Tell): void {
  for (const found of text.matchAll(SAID)) {
    const start = found.index + (WORDS_BEFORE.exec(found[0])?.[0].length ?? 0);
    const value = text.slice(start, found.index + found[0].length).replace(/[.,;:!?)]{1,3}$/, '');
    if (value.length >= 4 && !(NO_SECRET.test(value) && !/^[0-9]{4,8}$/.test(value)))
      tell(start, start + value.length);
  }
}
