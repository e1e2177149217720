/** More readings of one text say nothing new. */
const MAX_CHUNKS = 16;

const BASE64 = /[A-Za-z0-9+/_-]{8,}/g;
const HEX = /0x[0-9a-f]{8,}|[0-9a-f]{8,}/gi;
const ANY_RUN = /[A-Za-z0-9+/_-]{8}/;
const ANY_HEX = /[0-9a-f]{8}/i;
const NONE: readonly string[] = Object.freeze([]);
/** `\x72` as `echo -e` and `printf` read it, `\162`; a second backslash stands for a quoting that is still on. */
const ESCAPE = /\\{1,2}(?:x([0-9a-f]{2})|0?([0-3][0-7]{2}))/i;
const ESCAPES = new RegExp(ESCAPE, 'gi');

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * What the encoded runs in a text say: base64 (standard and URL-safe), hex, both from 8 characters, and pieces with `\x72` or `\162`. Only runs that give printable UTF-8 (or the UTF-16 that PowerShell
 * takes) count; one level, distinct, at most 16. Line-wrapped runs are read line by line.
 */
export function decodedChunks(text: string): readonly string[] {
  if (text.length < 8) return NONE;
  const hasEscapes = text.includes('\\');
  const hasRuns = ANY_RUN.test(text);
  if (!hasEscapes && !hasRuns) return NONE;
  const found = new Set<string>();
  const add = (chunk: string | null): boolean => {
    if (chunk !== null) found.add(chunk);
    return found.size >= MAX_CHUNKS;
  };
  for (const piece of hasEscapes ? text.split(/['"`\n]/) : []) {
    if (add(withoutEscapes(piece))) return [...found];
  }
  for (const [run] of ANY_HEX.test(text) ? text.matchAll(HEX) : []) {
    if (run.length % 2 === 0 && beginsAsText(hexBytes(run.slice(0, 8))) && add(printable(hexBytes(run)))) {
      return [...found];
    }
  }
  for (const [run] of hasRuns ? text.matchAll(BASE64) : []) {
    if (beginsAsText(base64Bytes(run.slice(0, 4))) && add(printable(base64Bytes(run)))) break;
  }
  return [...found];
}

/** The piece from the word with the first escape on, which is a command with its arguments where it is one. */
function withoutEscapes(piece: string): string | null {
  const first = ESCAPE.exec(piece);
  if (first === null) return null;
  const start = piece.lastIndexOf(' ', first.index) + 1;
  const escaped = piece
    .slice(start)
    .replaceAll('%', '%25')
    .replace(ESCAPES, (_, hex: string | undefined, octal: string) =>
      escapedByte(hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16)),
    );
  return decoded(escaped);
}

/** Most words are no code, which their first bytes show. */
function beginsAsText(bytes: readonly number[]): boolean {
  const [first = 0] = bytes;
  // No character begins with such a byte in UTF-8.
  if (first >= 0x80 && first < 0xc2) return false;
  return bytes.every((byte) => byte >= 0x20 || byte === 0 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

function hexBytes(run: string): number[] {
  const bytes: number[] = [];
  for (let i = /^0x/i.test(run) ? 2 : 0; i < run.length; i += 2) {
    bytes.push(Number.parseInt(run.slice(i, i + 2), 16));
  }
  return bytes;
}

/** Whole bytes only: what is left over at the end of a cut run is no byte. */
function base64Bytes(run: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of run) {
    const digit = DIGITS.indexOf(char === '-' ? '+' : char === '_' ? '/' : char);
    held = ((held << 6) | digit) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return bytes;
}

/** The bytes as text, or null when they are not printable UTF-8. */
function printable(bytes: readonly number[]): string | null {
  if (!isUtf8(bytes)) return null;
  const wide = bytes.length >= 8 && bytes.every((byte, i) => i % 2 === 0 || byte === 0);
  let escaped = '';
  for (const [i, byte] of bytes.entries()) {
    if (wide && i % 2 === 1) continue;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return null;
    escaped += escapedByte(byte);
  }
  return decoded(escaped);
}

/** Whether every byte from 0x80 on is part of a sequence: a throw, which would tell as well, takes far longer. */
function isUtf8(bytes: readonly number[]): boolean {
  let left = 0;
  for (const byte of bytes) {
    const continues = byte >= 0x80 && byte < 0xc0;
    if (continues !== left > 0) return false;
    if (continues) left--;
    else if (byte >= 0xc2) left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    else if (byte >= 0x80) return false;
  }
  return left === 0;
}

function escapedByte(byte: number): string {
  return byte < 0x80 && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`;
}

/** The language's own strict UTF-8 reader takes bytes as `%xx`. */
function decoded(escaped: string): string | null {
  try {
    const text = decodeURIComponent(escaped).trim();
    return text !== '' && !/[\p{Cc}\p{Cs}\ufffd]/u.test(text.replace(/[\t\n\r]/g, '')) ? text : null;
  } catch {
    return null;
  }
}
