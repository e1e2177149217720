/** How many bytes a secret may have: Standard Webhooks 1.0.0, "Symmetric signatures". */
const LEAST_BYTES = 24;
const MOST_BYTES = 64;
/** What every symmetric secret begins with. */
const PREFIX = 'whsec_';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What a signing secret is, and how one is made; in the words of an error. */
export const WEBHOOK_SECRET =
  'a signing secret, `whsec_` and 24 to 64 random bytes in base64: `echo "whsec_$(openssl rand -base64 32)"` makes one';

/** The base64 of a signing secret's key; `null` for a text that is no such secret. */
export function webhookKeyBase64(secret: string): string | null {
  const base64 = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  if (base64.length > 2 * MOST_BYTES || !BASE64.test(base64)) return null;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const bytes = (base64.length / 4) * 3 - padding;
  return bytes >= LEAST_BYTES && bytes <= MOST_BYTES ? base64 : null;
}
