import { systemClock } from '../call/system-clock.ts';
import type { Clock } from '../core/clock.ts';
import { ExporterError } from '../core/errors.ts';
import { GUARD_VERSION } from '../core/version.ts';
import { type Answer, post } from '../webhook/post.ts';
import type { Resolve } from '../webhook/public-lookup.ts';
import type { Delivery } from './delivery.ts';

const ATTEMPT_MS = 10_000;

/** A server that takes batches. */
export interface HttpTargetOptions {
  readonly url: URL;
  /** Whether the host may be this machine or in a private network. */
  readonly allowPrivate: boolean;
  readonly clock?: Clock | undefined;
  /** Default: `dns.lookup`. */
  readonly resolve?: Resolve | undefined;
}

/** One batch as it is sent. */
export interface HttpBatch {
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** Posts batches to one URL, each with a connection of its own; follows no redirect, so that nothing secret goes elsewhere. */
export class HttpTarget {
  /** Protocol and host: path, query and user may be secret. */
  readonly label: string;
  readonly #options: HttpTargetOptions;

  constructor(options: HttpTargetOptions) {
    this.#options = options;
    this.label = `${options.url.protocol}//${options.url.host}`;
  }

  /** Never rejects. */
  async send({ body, headers }: HttpBatch, signal: AbortSignal): Promise<Delivery> {
    const { url, allowPrivate, clock = systemClock, resolve } = this.#options;
    const all = {
      'content-type': 'application/json',
      'user-agent': `plyra-guard/${GUARD_VERSION}`,
      ...headers,
    };
    const attempt = { url, body, headers: all, allowPrivate, clock, resolve };
    return deliveryOf(await post({ ...attempt, timeoutMs: ATTEMPT_MS, signal }));
  }
}

function deliveryOf(answer: Answer): Delivery {
  if (answer.status === null) return { kind: answer.isFinal ? 'refused' : 'failed', why: answer.why };
  const { status, retryAfter } = answer;
  const why = `it answered ${status}`;
  if (status >= 200 && status <= 299) return { kind: 'taken' };
  if (status === 401 || status === 403) return { kind: 'refused', why };
  if (status === 400 || status === 413 || status === 422) return { kind: 'rejected', why };
  return { kind: 'failed', why, retryAfter };
}

/** The URL of a server. Throws ExporterError, which does not repeat the text, for one that is none or that names a user. */
export function serverUrl(exporter: string, option: string, text: unknown): URL {
  const isUrl = typeof text === 'string' && /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
  if (!isUrl) {
    throw new ExporterError(
      `${exporter}: \`${option}\` must be a URL that begins with \`http://\` or \`https://\`.`,
    );
  }
  const url = new URL(text);
  if (url.username === '' && url.password === '') return url;
  throw new ExporterError(`${exporter}: \`${option}\` must not hold a user or a password.`);
}
