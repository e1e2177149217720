import { nodeCrypto } from '../node-crypto.ts';

/** What is signed, and when. */
export interface Signed {
  readonly id: string;
  /** Seconds since 1970, of the attempt. */
  readonly seconds: number;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks 1.0.0: id, time, and the HMAC-SHA-256 of `id.time.body`, in base64 behind `v1,`. The key
 * is what stands in base64 behind `whsec_`.
 */
export function signatureHeaders(keyBase64: string, { id, seconds, body }: Signed): Record<string, string> {
  const key = Buffer.from(keyBase64, 'base64');
  const mac = nodeCrypto().createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': `${seconds}`, 'webhook-signature': `v1,${mac}` };
}
