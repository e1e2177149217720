import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A key for tests, and the secret that it is written as. */
const KEY = Buffer.from('plyra-guard tests sign with this');
export const SECRET = `whsec_${KEY.toString('base64')}`;

/** A request as the receiver got it. */
export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The bytes as UTF-8. */
  readonly text: string;
}

/** The body of a message. */
export interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Checks a message as the specification of Standard Webhooks says, from its text alone: the signed content is id, time
 * and body with full stops between them; the key is the base64 behind `whsec_`; of several signatures one must fit.
 */
export function verified({ headers, text }: Received): Message {
  const [id, time, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => {
    const value = headers[name];
    if (typeof value !== 'string' || value === '') throw new Error(`There is no ${name}.`);
    return value;
  }) as [string, string, string];
  if (!/^\d+$/.test(time)) throw new Error(`${time} is no time in seconds.`);
  const expected = createHmac('sha256', KEY).update(`${id}.${time}.`).update(text).digest();
  const fits = signatures.split(' ').some((one) => {
    const [version, base64 = ''] = one.split(',');
    const given = Buffer.from(base64, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!fits) throw new Error('No signature fits.');
  return JSON.parse(text) as Message;
}
