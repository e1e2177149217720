import { isSpace } from './characters.ts';
import type { Tell } from './spans.ts';

/** Longest user and password that are looked for, and longest path that may hold a part of one. */
const LONGEST = 1000;

/**
 * Finds the passwords of URLs: what stands between `:` and `@` in `scheme://user:password@host`. A password may hold
 * `/` and `@` although it should not. Each authority is read once.
 */
export function findUrlPasswords(text: string, tell: Tell): void {
  for (let slashes = text.indexOf('://'); slashes >= 0; ) {
    const start = slashes + 3;
    const end = endOfAuthority(text, start);
    let next = end;
    let at = text.slice(start, end).lastIndexOf('@');
    const inPath = at < 0;
    if (inPath) {
      next = endOfUrl(text, end);
      at = text.slice(start, next).lastIndexOf('@');
    }
    const colon = at < 0 ? -1 : text.slice(start, start + at).indexOf(':');
    const isUserInfo = colon >= 0 && !(inPath && isPort(text, start + colon, end));
    if (isUserInfo && colon + 1 < at) tell(start + colon + 1, start + at);
    slashes = text.indexOf('://', at < 0 ? next : start + at);
  }
}

/** `https://host:443/@scope`: what comes behind the colon is a port. */
function isPort(text: string, colon: number, end: number): boolean {
  return colon >= end || /^[0-9]{1,5}$/.test(text.slice(colon + 1, Math.min(end, colon + 8)));
}

function endOfAuthority(text: string, from: number): number {
  let at = from;
  while (
    at < text.length &&
    at - from < LONGEST &&
    !'/?#'.includes(text.charAt(at)) &&
    !endsUrl(text.charCodeAt(at))
  )
    at++;
  return at;
}

/** Where the URL ends, or the next one begins. */
function endOfUrl(text: string, from: number): number {
  let at = from;
  while (
    at < text.length &&
    at - from < LONGEST &&
    !endsUrl(text.charCodeAt(at)) &&
    !text.startsWith('://', at)
  )
    at++;
  return at;
}

function endsUrl(code: number): boolean {
  return (
    isSpace(code) ||
    code < 0x20 ||
    code === 0x22 ||
    code === 0x27 ||
    code === 0x60 ||
    code === 0x3c ||
    code === 0x3e
  );
}
