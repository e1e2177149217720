/** How many texts one word may decode to. */
const MOST_CHUNKS = 16;

/** The printable texts that the base64, hex and `\x72` chunks of a word stand for, one level deep. */
export function decodedChunks(word: string): readonly string[] {
  if (word.length < 8) return [];
  const texts = new Set<string>();
  for (const chunk of word.match(/[A-Za-z0-9+/_-]{8,}|(?:\\x[0-9A-Fa-f]{2}){2,}|(?:\\0?[0-7]{3}){2,}/g) ??
    []) {
    const text = chunk.startsWith('\\') ? fromEscapes(chunk) : (fromHex(chunk) ?? fromBase64(chunk));
    if (text !== null) texts.add(text);
    if (texts.size >= MOST_CHUNKS) break;
  }
  return [...texts];
}

function fromEscapes(chunk: string): string | null {
  const codes = chunk.split('\\').slice(1);
  return printable(
    codes.map((code) => (code.startsWith('x') ? hexValue(code.slice(1)) : Number.parseInt(code, 8))),
  );
}

function fromHex(chunk: string): string | null {
  if (chunk.length % 2 > 0 || !/^[0-9A-Fa-f]{8}/.test(chunk)) return null;
  if (!isPrintable(hexValue(chunk.slice(0, 2))) || !/^[0-9A-Fa-f]+$/.test(chunk)) return null;
  const codes: number[] = [];
  for (let i = 0; i < chunk.length; i += 2) codes.push(hexValue(chunk.slice(i, i + 2)));
  return printable(codes);
}

function hexValue(digits: string): number {
  return Number.parseInt(digits, 16);
}

/** Decodes until a character that is not printable shows that the chunk is none. */
function fromBase64(chunk: string): string | null {
  if (chunk.length % 4 === 1) return null;
  let text = '';
  let bits = 0;
  let held = 0;
  for (let i = 0; i < chunk.length; i++) {
    held = ((held << 6) | sextet(chunk.charCodeAt(i))) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const code = (held >> bits) & 255;
    if (!isPrintable(code)) return null;
    text += String.fromCharCode(code);
  }
  return text;
}

function sextet(code: number): number {
  if (code >= 97) return code - 71;
  if (code === 95) return 63;
  if (code >= 65) return code - 65;
  if (code >= 48) return code + 4;
  return code === 43 || code === 45 ? 62 : 63;
}

function printable(codes: readonly number[]): string | null {
  return codes.every(isPrintable) ? String.fromCharCode(...codes.slice(0, 4096)) : null;
}

function isPrintable(code: number): boolean {
  return (code >= 32 && code < 127) || code === 9 || code === 10 || code === 13;
}
