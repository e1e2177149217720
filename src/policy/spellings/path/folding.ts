/** Characters that are not seen, NUL among them. */
const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\0]/g;
/** Signs that some systems take for a slash, beside those that NFKC makes one; two are of private use. */
const SLASHES = /[\\\u2044\u2215\u2216\u29f5\u29f8\u29f9\uefc8\uf025]/g;
/** No script stacks more than 30 marks on a letter (UAX 15), and engines take squared time to sort long stacks. */
const STACKED = /(\p{M}{30})\p{M}+/gu;
const SCHEME = /^file:(?:\/\/(?:localhost)?(?=\/))?/i;
const DEVICE = /^\/\/[?.]\/(?:unc\/|globalroot\/)?/i;
const DRIVE = /^\/?[a-z]:\/*/i;
/** `/..;x/`, which some servers read as `/../`. */
const PARAMETER = /((?:^|\/)\.\.?);[^/]*/g;

/** The text in its plain letters: NFKC, nothing invisible, `/` for every kind of slash, no white space around it. */
export function folded(text: string): string {
  const plain = text.replace(STACKED, '$1').normalize('NFKC').replace(STACKED, '$1');
  return plain.replace(INVISIBLE, '').trim().replace(SLASHES, '/');
}

/** A folded path without `file:` and without a device prefix: `//?/C:/x` is `C:/x`. */
export function withoutScheme(path: string): string {
  return path
    .replace(SCHEME, '')
    .replace(DEVICE, '/')
    .replace(/^\/(?=[a-z]:)/i, '');
}

/** A folded path without all that stands before its names: `file:///x`, `//?/C:/x` and `c:x` are `/x`. */
export function withoutDrive(path: string): string {
  return withoutScheme(path).replace(DRIVE, '/');
}

/**
 * What is left of a folded path when a careless filter was at work: one that takes each `../` out once (`....//` is
 * `../`), and one that drops what stands after `;` in a name (`..;/` is `../`).
 */
export function filtered(path: string): string {
  const bare = path.includes(';') ? path.replace(PARAMETER, '$1') : path;
  const once = bare.includes('...') ? bare.replaceAll('../', '') : bare;
  return once.includes('..') ? once : bare;
}
