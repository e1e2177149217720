import type { Reading } from './forms.ts';
import { embeddedIpv4, readHost, translatedIpv4 } from './host.ts';
import { decodings } from './path/decoding.ts';
import { unicodeHost } from './punycode.ts';
import { textForms } from './text.ts';
import { nestedUrls } from './url/nested.ts';
import { type UrlParts, urlParts } from './url/parts.ts';

/** Longer texts are no URL that anything would fetch. */
const MAX_LENGTH = 65_536;

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** Schemes that need no `//`; any other name before a colon may as well be a host or a user (`localhost:80`). */
const OPAQUE =
  /^(?:https?|wss?|ftp|file|about|blob|cid|data|javascript|magnet|mailto|news|sip|sms|tel|urn|view-source):/i;

/**
 * What a URL may mean. Canonical: the WHATWG form without user-info, default port and the host's trailing dot, a bare
 * path with and without its slash, IPv4 in dotted decimals also where IPv6 embeds it. A text without scheme is
 * canonical as it is, and its `https:` and `http:` readings may only forbid, as may percent-decoded, lower-case,
 * look-alike and host-only forms and the URLs inside a URL. Two meanings where a browser and RFC 3986 find different
 * hosts (`http://a\@b`). Texts over 64 KB are read as they stand.
 */
export function readUrl(text: string): Reading {
  if (text.length > MAX_LENGTH) return { meanings: [{ canonical: [text], other: [] }], values: [text] };
  const parts = hasScheme(text) ? urlParts(text) : null;
  if (parts === null) return unparsed(text);
  const canonical = givenFirst(canonicalForms(parts), text);
  const meanings = [{ canonical, other: distinct([text, ...otherForms(parts, text)], canonical) }];
  const strict = text.includes('\\') ? urlParts(text.replaceAll('\\', '%5C')) : null;
  if (strict !== null && strict.host !== '' && strict.host !== parts.host) {
    const forms = canonicalForms(strict);
    meanings.push({ canonical: forms, other: distinct([text, ...otherForms(strict, text)], forms) });
  }
  return { meanings, values: meanings.map((forms) => forms.canonical[0] ?? text) };
}

/**
 * The decoded path of a `file:` URL in any case and with any number of slashes (`file:/etc/passwd`,
 * `file://localhost/etc`), a drive letter without the slash before it; `null` for every other text. A host is dropped.
 */
export function filePathOf(text: string): string | null {
  if (URL.canParse(text)) {
    const url = new URL(text);
    return url.protocol === 'file:' ? decodedPath(url.pathname) : null;
  }
  const broken = /^file:[\\/]{0,2}[^\\/]*/i.exec(text.trim());
  return broken === null ? null : decodedPath(text.trim().slice(broken[0].length));
}

function decodedPath(path: string): string {
  return strictlyDecoded(path).replace(/^\/(?=[a-z]:)/i, '');
}

function strictlyDecoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return decodings(path)[0] ?? path;
  }
}

/** Browsers drop line breaks and tabs, and what stands below `!` before a URL. */
function hasScheme(text: string): boolean {
  const bare = text.replace(/[\t\n\r]/g, '').replace(/^[^!-\uffff]+/, '');
  const scheme = SCHEME.exec(bare);
  if (scheme === null) return false;
  return OPAQUE.test(scheme[0]) || /^[\\/]{2}/.test(bare.slice(scheme[0].length));
}

function unparsed(text: string): Reading {
  const trimmed = text.trim();
  const canonical = [hasScheme(text) ? trimmed : text];
  const other: string[] = [trimmed, ...textForms(text)];
  // One slash, `?`, `#` or `.` starts a reference inside a site: no host is in it.
  if (!hasScheme(text) && !/^(?:[\\/](?![\\/])|[?#.]|$)/.test(trimmed)) {
    const rest = trimmed.replace(/^[\\/]+/, '');
    for (const scheme of ['https', 'http']) {
      const parts = urlParts(`${scheme}://${rest}`);
      if (parts !== null) other.push(...canonicalForms(parts), ...otherForms(parts, text));
    }
  }
  return { meanings: [{ canonical, other: distinct(other, canonical) }], values: [text] };
}

function canonicalForms(parts: UrlParts): string[] {
  if (parts.host === '') return [parts.href];
  const embedded = embeddedIpv4(parts.host);
  const hosts = embedded === null ? [parts.host] : [embedded, parts.host];
  return hosts.flatMap((host) => {
    const start = `${parts.scheme}//${host}${parts.port}`;
    if (parts.rest === '') return [start, `${start}/`];
    return parts.rest === '/' ? [`${start}/`, start] : [start + parts.rest];
  });
}

/** A bare path has its slash where it was given with one, so that a plain URL is its own value. */
function givenFirst(forms: string[], text: string): string[] {
  const [first, second, ...more] = forms;
  const other = first?.endsWith('/') ? first.slice(0, -1) : `${first}/`;
  return first !== undefined && second === text && other === text ? [second, first, ...more] : forms;
}

function otherForms(parts: UrlParts, text: string): string[] {
  const [plain = parts.href] = canonicalForms(parts);
  const found: string[] = [];
  if (parts.userInfo !== '') found.push(parts.href);
  for (const form of decodings(plain)) found.push(form, ...readAgain(form));
  const last = found.at(-1) ?? plain;
  found.push(...textForms(text), ...textForms(last), last.toLowerCase(), ...hostForms(parts));
  for (const url of nestedUrls(parts)) {
    const inner = urlParts(url);
    if (inner !== null) found.push(...canonicalForms(inner), ...hostForms(inner));
  }
  return found;
}

/** A decoded URL may hold new dot segments, back-slashes and user-info. */
function readAgain(form: string): string[] {
  const parts = urlParts(form.replaceAll('\\', '/'));
  return parts === null ? [] : canonicalForms(parts).concat(hostForms(parts));
}

/** The host alone, in all its readings; URLs with another host where the host looks or resolves like another. */
function hostForms(parts: UrlParts): string[] {
  if (parts.host === '') return [];
  const unicode = unicodeHost(parts.host);
  const shown = unicode === parts.host ? [] : [unicode, ...textForms(unicode)];
  const hosts = [...shown, decimalReading(parts.givenHost), translatedIpv4(parts.host)].filter(
    (host) => host !== null,
  );
  const urls = hosts.map((host) => `${parts.scheme}//${host}${parts.port}${parts.rest}`);
  return [parts.host, ...hosts, embeddedIpv4(parts.host) ?? parts.host, ...urls];
}

/** `010.0.0.1` is 8.0.0.1 to browsers and C libraries, 10.0.0.1 to readers that know no octal numbers. */
function decimalReading(host: string): string | null {
  if (!/^(?:\d{1,10}\.){3}\d{1,10}$/.test(host) || !/(?:^|\.)0\d/.test(host)) return null;
  return readHost(host.replace(/(^|\.)0+(?=\d)/g, '$1'));
}

function distinct(forms: readonly string[], without: readonly string[]): string[] {
  return [...new Set(forms)].filter((form) => form !== '' && !without.includes(form));
}
