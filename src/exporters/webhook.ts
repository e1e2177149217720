import { systemClock } from '../call/system-clock.ts';
import { ExporterError } from '../core/errors.ts';
import { WEBHOOK_SECRET, webhookKeyBase64 } from '../core/webhook-secret.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { webhookUrlProblem } from '../policy/webhook-url.ts';
import type { Resolve } from '../webhook/public-lookup.ts';
import { signatureHeaders } from '../webhook/sign.ts';
import { entryJson } from './entry-json.ts';
import { HttpTarget, serverUrl } from './http-target.ts';
import type { QueueSettings } from './queue.ts';
import { QueuedExporter } from './queued.ts';

const MAX_BATCH = 100;
const MAX_BATCH_BYTES = 1024 * 1024;

/** Options of {@link WebhookExporter}. */
export interface WebhookOptions extends QueueSettings {
  /** `https://…`. */
  readonly url: string;
  /** `whsec_` and 24–64 bytes in base64: signs each message. */
  readonly secret: string;
  /** Permits `http:`, this machine and private networks. Default false. */
  readonly allowPrivate?: boolean | undefined;
  /** Finds the addresses of the host, for tests. Default: `dns.lookup`. */
  readonly resolve?: Resolve | undefined;
}

/**
 * Sends actions to a URL of your own as `{"type": "actions.finished", "timestamp", "data": {"actions": […]}}`, at most 100
 * at once, signed as Standard Webhooks says. The same message has the same `webhook-id` at every attempt.
 */
export class WebhookExporter extends QueuedExporter {
  /** Throws ExporterError, which repeats neither, for a URL that it may not send to, or a secret that is none. */
  constructor({
    url,
    secret,
    allowPrivate = false,
    resolve,
    maxWaiting,
    clock = systemClock,
  }: WebhookOptions) {
    const parsed = serverUrl('WebhookExporter', 'url', url);
    const problem = webhookUrlProblem(url, allowPrivate === true);
    if (problem !== undefined) throw new ExporterError(`WebhookExporter: \`url\` must be ${problem}.`);
    const key = typeof secret === 'string' ? webhookKeyBase64(secret) : null;
    if (key === null) throw new ExporterError(`WebhookExporter: \`secret\` must be ${WEBHOOK_SECRET}.`);
    const target = new HttpTarget({ url: parsed, allowPrivate: allowPrivate === true, clock, resolve });
    super({
      ...{ name: 'webhook', target: target.label, maxWaiting, clock },
      ...{ maxBatch: MAX_BATCH, maxBatchBytes: MAX_BATCH_BYTES },
      encode: entryJson,
      send: (texts, signal) => {
        const body = messageOf(texts);
        // Made of what it says: the receiver knows what it has seen already.
        const id = `msg_${nodeCrypto().hash('sha256', body).slice(0, 32)}`;
        const seconds = Math.floor(clock.now() / 1000);
        return target.send({ body, headers: signatureHeaders(key, { id, seconds, body }) }, signal);
      },
    });
  }
}

/** The time of a message is that of its newest action. */
function messageOf(texts: readonly string[]): string {
  const newest = /"timestamp":("[^"]*")/.exec(texts.at(-1) ?? '')?.[1] ?? 'null';
  return `{"type":"actions.finished","timestamp":${newest},"data":{"actions":[${texts.join(',')}]}}`;
}
