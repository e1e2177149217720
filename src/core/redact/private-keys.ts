import type { Tell } from './spans.ts';

const BEGIN = '-----BEGIN ';
const END = '-----END ';
/** Longest line that begins or ends a key. */
const MARKER = 80;

/** Finds private keys in PEM form, also where the text ends, or begins, in the middle of one. */
export function findPrivateKeys(text: string, tell: Tell): void {
  let begin = nextMarker(text, BEGIN, 0);
  let end = nextMarker(text, END, 0);
  for (let from = 0; begin !== null || end !== null; ) {
    const stop = end?.end ?? text.length;
    if (end !== null && (begin === null || end.start < begin.start)) {
      tell(startOfKeyText(text, end.start, from), stop);
    } else if (begin !== null) {
      tell(begin.start, stop);
    }
    from = stop;
    // Each is looked for again only when it has been used up, so that the text is read once for both.
    if (begin !== null && begin.start < from) begin = nextMarker(text, BEGIN, from);
    if (end !== null && end.start < from) end = nextMarker(text, END, from);
  }
}

/** The next line with that beginning that speaks of a private key. */
function nextMarker(text: string, beginning: string, from: number): { start: number; end: number } | null {
  for (let at = text.indexOf(beginning, from); at >= 0; at = text.indexOf(beginning, at + 1)) {
    const found = /^-----(?:BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/.exec(
      text.slice(at, at + MARKER),
    );
    if (found !== null) return { start: at, end: at + found[0].length };
  }
  return null;
}

/** Back over the lines of a key whose first line is missing. */
function startOfKeyText(text: string, end: number, from: number): number {
  let at = end;
  while (at > from && /[A-Za-z0-9+/=\s\\]/.test(text.charAt(at - 1))) at--;
  return at;
}
