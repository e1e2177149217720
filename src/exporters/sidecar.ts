import { ExporterError } from '../core/errors.ts';
import type { Delivery } from './delivery.ts';
import { entryJson } from './entry-json.ts';
import { HttpTarget, serverUrl } from './http-target.ts';
import { findToken } from './ingest-token.ts';
import type { QueueSettings } from './queue.ts';
import { QueuedExporter } from './queued.ts';

const DEFAULT_URL = 'http://localhost:8765';

/** Options of {@link SidecarExporter}. */
export interface SidecarOptions extends QueueSettings {
  /** Where the sidecar listens. Default `http://localhost:8765`. */
  readonly url?: string | undefined;
  /** An access token with the role `ingest`. Default: PLYRA_SIDECAR_TOKEN, else, on this machine, the sidecar's own file. */
  readonly token?: string | undefined;
}

/**
 * Sends actions to a sidecar (`plyra-guard serve`), at most 500 at once, in their order. What gets no answer is sent
 * again; the sidecar keeps each action once.
 */
export class SidecarExporter extends QueuedExporter {
  /** Throws ExporterError for an option that it cannot work with. */
  constructor({ url = DEFAULT_URL, token, maxWaiting, clock }: SidecarOptions = {}) {
    const base = serverUrl('SidecarExporter', 'url', url);
    if (token !== undefined && (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))) {
      throw new ExporterError(
        'SidecarExporter: `token` must be an access token: `plyra-guard token create` makes one.',
      );
    }
    const actions = new URL(`${base.pathname.replace(/\/+$/, '')}/api/actions`, base);
    const target = new HttpTarget({ url: actions, allowPrivate: true, clock });
    const send = async (texts: readonly string[], signal: AbortSignal): Promise<Delivery> => {
      // Looked for at each attempt: a sidecar that starts later writes its file then.
      const found = token === undefined ? findToken(actions.hostname) : { token };
      const headers: Record<string, string> =
        found.token === null ? {} : { authorization: `Bearer ${found.token}` };
      const delivery = await target.send({ body: `{"actions":[${texts.join(',')}]}`, headers }, signal);
      if (delivery.kind !== 'refused') return delivery;
      const hint =
        found.token === null
          ? `it wants a token, and none was found: ${found.why}`
          : 'the token is not valid there, or has another role than `ingest`';
      return { ...delivery, why: `${delivery.why}; ${hint}` };
    };
    super({ name: 'sidecar', target: target.label, maxWaiting, clock, encode: entryJson, send });
  }
}
