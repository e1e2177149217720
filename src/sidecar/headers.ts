/** Sent with every answer. Scripts, styles and connections come from here alone; nothing is framed, guessed or kept. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
});

const JSON_HEADERS = Object.freeze({
  'content-type': 'application/json; charset=utf-8',
  ...SECURITY_HEADERS,
});

/** An answer of JSON. */
export function jsonResponse(
  data: unknown,
  status = 200,
  headers?: Readonly<Record<string, string>>,
): Response {
  const all = headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers };
  return new Response(JSON.stringify(data, jsonValue), { status, headers: all });
}

/** An answer of another type. */
export function textResponse(text: string, contentType: string, status = 200): Response {
  return new Response(text, { status, headers: { 'content-type': contentType, ...SECURITY_HEADERS } });
}

/** BigInts and the like become text: metadata may hold them, and JSON cannot. */
function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : value;
}
