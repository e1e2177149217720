const DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** A label of DNS is no longer; the loop below takes squared time. */
const MAX_LABEL = 63;

/** A host name with its `xn--` labels as Unicode (RFC 3492); a label that is no Punycode stays as it is. */
export function unicodeHost(host: string): string {
  if (!host.includes('xn--')) return host;
  const labels = host.split('.');
  return labels
    .map((label) => (label.startsWith('xn--') ? (decode(label.slice(4)) ?? label) : label))
    .join('.');
}

function decode(label: string): string | null {
  if (label.length > MAX_LABEL) return null;
  const split = label.lastIndexOf('-');
  const out = [...label.slice(0, Math.max(split, 0))];
  let code = 128;
  let bias = 72;
  let at = split + 1;
  for (let place = 0; at < label.length; place++) {
    const start = place;
    for (let weight = 1, k = 36; ; k += 36) {
      const digit = DIGITS.indexOf(label.charAt(at++) || ' ');
      if (digit < 0) return null;
      place += digit * weight;
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      if (digit < threshold) break;
      weight *= 36 - threshold;
    }
    bias = adapted(place - start, out.length + 1, start === 0);
    code += Math.floor(place / (out.length + 1));
    place %= out.length + 1;
    if (code > 0x10ffff) return null;
    out.splice(place, 0, String.fromCodePoint(code));
  }
  return out.join('');
}

/** The bias after a delta, section 6.1 of the RFC with its numbers for IDNA. */
function adapted(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? 700 : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > 455; k += 36) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}
