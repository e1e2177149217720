import { decodings } from '../path/decoding.ts';
import type { UrlParts } from './parts.ts';

/** A redirect needs one; more are a way to make the guard busy. */
const MAX_VALUES = 16;

const URL_START = /^\s*(?:[a-z][a-z0-9+.-]*:[\\/]{2}|[\\/]{2}|(?:https?|wss?|ftp|file):)/i;

/** The URLs inside a URL: query values, what stands in the path after `/http://`, and after `view-source:`. One level. */
export function nestedUrls(parts: UrlParts): readonly string[] {
  const rest = parts.host === '' ? parts.href.slice(parts.scheme.length) : parts.rest;
  const query = rest.search(/[?#]/);
  const path = query < 0 ? rest : rest.slice(0, query);
  const start = path.search(/[a-z][a-z0-9+.-]{0,20}:\/{1,2}/i);
  const values = start < 0 ? [] : [rest.slice(start)];
  if (query >= 0) {
    for (const pair of rest.slice(query + 1).split(/[&;#]/, MAX_VALUES)) {
      values.push(pair.slice(pair.indexOf('=') + 1), pair);
    }
  }
  return values.flatMap(asUrls);
}

function asUrls(value: string): string[] {
  const spaced = value.replaceAll('+', ' ');
  return [spaced, ...decodings(spaced)]
    .filter((text) => URL_START.test(text))
    .map((text) => (/^\s*[\\/]/.test(text) ? `http:${text.trim()}` : text));
}
