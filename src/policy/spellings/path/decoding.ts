/** `%2e`, also many in a row, and `%u002e`. */
const ESCAPES = /%u([0-9a-f]{4})|(?:%[0-9a-f]{2})+/gi;

/** The text percent-decoded once and twice, without those steps that change nothing. */
export function decodings(text: string): readonly string[] {
  const once = text.includes('%') ? decoded(text) : text;
  if (once === text) return [];
  const twice = decoded(once);
  return twice === once ? [once] : [once, twice];
}

function decoded(text: string): string {
  return text.replace(ESCAPES, (run, unit: string | undefined) =>
    unit === undefined ? charactersOf(run) : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

function charactersOf(run: string): string {
  let text = '';
  for (let at = 0; at < run.length; ) {
    const more = continuations(run, at);
    let code = byteAt(run, at);
    if (more > 0) code &= 0x3f >> more;
    for (let next = 1; next <= more; next++) code = code * 64 + payload(byteAt(run, at + 3 * next));
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
    at += 3 * (more + 1);
  }
  return text;
}

/**
 * How many bytes of a UTF-8 character follow its first one, which stands at `at`. Lax as careless decoders are:
 * overlong forms of up to six bytes count (`%c0%af`, `%e0%80%af`), and after C0 and C1 any byte does (`%c1%1c`, `%c0%5c`).
 */
function continuations(run: string, at: number): number {
  const lead = byteAt(run, at);
  if (lead < 0xc0 || lead > 0xfd) return 0;
  const wanted = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf8 ? 3 : lead < 0xfc ? 4 : 5;
  if (at + 3 * (wanted + 1) > run.length) return 0;
  if (lead <= 0xc1) return 1;
  for (let next = 1; next <= wanted; next++) {
    if ((byteAt(run, at + 3 * next) & 0xc0) !== 0x80) return 0;
  }
  return wanted;
}

function payload(byte: number): number {
  return byte >= 0x80 ? byte & 0x3f : byte;
}

function byteAt(run: string, at: number): number {
  return Number.parseInt(run.slice(at + 1, at + 3), 16);
}
