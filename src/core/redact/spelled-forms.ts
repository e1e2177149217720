const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * The ways in which a secret may be spelled in what is stored: as it is, as JSON within JSON has it, percent-encoded,
 * in HTML, in base64 and in hexadecimal. Of a form that all others begin with only the beginning is given: base64
 * without what depends on how the secret ends.
 */
export function spelledForms(secret: string): string[] {
  const forms = new Set([secret]);
  addJson(secret, forms);
  addPercent(secret, forms);
  forms.add(secret.replace(/[&<>"']/g, (sign) => HTML[sign] ?? sign));
  const bytes = new TextEncoder().encode(secret);
  const base64 = base64Of(bytes);
  forms.add(base64);
  forms.add(base64.replaceAll('+', '-').replaceAll('/', '_'));
  if (bytes.length > 3) {
    const hex = hexOf(bytes);
    forms.add(hex);
    forms.add(hex.toUpperCase());
  }
  return [...forms];
}

const HTML: Readonly<Record<string, string>> = Object.freeze({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
});

/** Once and twice escaped, and as those write it that escape all but ASCII. */
function addJson(secret: string, forms: Set<string>): void {
  const once = inJson(secret);
  forms.add(once);
  forms.add(inJson(once));
  const ascii = once.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  forms.add(ascii);
  forms.add(ascii.replaceAll('/', '\\/'));
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As `encodeURIComponent` does it, as RFC 3986 wants it, as forms do it, and each with small letters. */
function addPercent(secret: string, forms: Set<string>): void {
  const lax = encodeURIComponent(secret.toWellFormed());
  const strict = lax.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  for (const form of [lax, strict, strict.replaceAll('%2F', '/')]) {
    for (const spaced of [form, form.replaceAll('%20', '+')]) {
      forms.add(spaced);
      forms.add(spaced.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
    }
  }
}

function base64Of(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const known = Math.min(3, bytes.length - i) + 1;
    const four = [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63];
    for (const index of four.slice(0, known)) out += BASE64.charAt(index);
  }
  return out;
}

function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
  return hex;
}
