import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { AuditEntry } from '../core/entry.ts';
import { ExporterError } from '../core/errors.ts';
import { entryToWire } from '../core/wire-entry.ts';
import { wireJson } from './entry-json.ts';
import { HttpTarget, serverUrl } from './http-target.ts';
import type { QueueSettings } from './queue.ts';
import { QueuedExporter } from './queued.ts';
import { severityOf } from './severity.ts';

// The limits of the intake: https://docs.datadoghq.com/api/latest/logs/#send-logs
const MAX_ENTRIES = 1_000;
/** Before compression; a little is left for the brackets. */
const MAX_BYTES = 5 * 1000 * 1000 - 1_000;
const MAX_ENTRY_BYTES = 1000 * 1000;

/** Options of {@link DatadogExporter}. */
export interface DatadogOptions extends QueueSettings {
  readonly service: string;
  /** The environment, e.g. `prod`. */
  readonly env: string;
  readonly apiKey: string;
  /** The Datadog site, e.g. `datadoghq.eu`. Default `datadoghq.com`. */
  readonly site?: string | undefined;
  /** An intake of your own, such as a proxy, in place of the site's. */
  readonly url?: string | undefined;
}

/**
 * Sends actions to Datadog's logs intake (v2), gzipped, at most 1,000 and 5 MB at once. An action above 1 MB goes without
 * its parameters, result and evaluators' answers.
 */
export class DatadogExporter extends QueuedExporter {
  /** Throws ExporterError, which does not repeat the key, for an option that it cannot work with. */
  constructor({ service, env, apiKey, site = 'datadoghq.com', url, maxWaiting, clock }: DatadogOptions) {
    requireWord('service', service, /^[^\s,]{1,200}$/);
    requireWord('env', env, /^[^\s,]{1,200}$/);
    requireWord('apiKey', apiKey, /^[\x21-\x7e]{1,200}$/);
    requireWord('site', site, /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i);
    const intake = url ?? `https://http-intake.logs.${site}/api/v2/logs`;
    const target = new HttpTarget({
      ...{ url: serverUrl('DatadogExporter', 'url', intake), clock },
      allowPrivate: url !== undefined,
    });
    const own = { ddsource: 'plyra-guard', ddtags: `env:${env}`, hostname: hostname(), service };
    super({
      ...{ name: 'datadog', target: target.label, maxWaiting, clock },
      ...{ maxBatch: MAX_ENTRIES, maxBatchBytes: MAX_BYTES },
      encode: (entry) => logText(entry, own),
      send: async (texts, signal) => {
        const body = await compress(`[${texts.join(',')}]`);
        return target.send({ body, headers: { 'content-encoding': 'gzip', 'dd-api-key': apiKey } }, signal);
      },
    });
  }
}

const compress = promisify<string, Buffer>(gzip);

function requireWord(option: string, value: unknown, form: RegExp): void {
  if (typeof value === 'string' && form.test(value)) return;
  throw new ExporterError(
    `DatadogExporter: \`${option}\` must be ${option === 'site' ? 'a host such as `datadoghq.eu`' : 'a text without spaces and commas'}.`,
  );
}

function logText(entry: AuditEntry, own: Readonly<Record<string, string>>): string {
  const wire = entryToWire(entry);
  const text = wireJson(logOf(entry, own, wire));
  if (Buffer.byteLength(text) <= MAX_ENTRY_BYTES) return text;
  const cut = { ...wire, parameters: null, result: null, evaluator_results: [], intent: start(entry.intent) };
  const labels = [...entry.labels, 'cut:parameters,result,evaluator_results,intent'];
  const short = wireJson(logOf(entry, own, { ...cut, labels }));
  if (Buffer.byteLength(short) <= MAX_ENTRY_BYTES) return short;
  throw new Error('an entry is larger than 1 MB');
}

function logOf(entry: AuditEntry, own: Readonly<Record<string, string>>, wire: object) {
  const { outcome, toolName, reason, timestamp } = entry;
  const message = `${outcome} ${toolName}: ${start(entry.error ?? reason)}`;
  return { ...own, status: severityOf(entry), timestamp: timestamp.getTime(), message, plyra: wire };
}

function start(text: string): string {
  return text.slice(0, 1_000);
}
