import type { AuditEntry } from '../core/entry.ts';
import type { ExporterCounts } from '../core/exporter-counts.ts';
import type { Exporter } from './exporter.ts';
import { HttpTarget, serverUrl } from './http-target.ts';
import { contextNow, giveToHost, type InContext, loadApi, type OtelApi } from './otel/host-tracer.ts';
import { spanTexts, traceRequest } from './otel/otlp.ts';
import { spansOf } from './otel/spans.ts';
import { ExportQueue, type QueueSettings } from './queue.ts';

const DEFAULT_ENDPOINT = 'http://localhost:4318';
const MAX_EARLY = 10_000;

/** Options of {@link OtelExporter}. */
export interface OtelOptions extends QueueSettings {
  /**
   * An OTLP/HTTP receiver, for where the host has set no tracer provider up; without a path it is `/v1/traces`. Default:
   * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT, `http://localhost:4318`.
   */
  readonly endpoint?: string | undefined;
  /** Sent along to `endpoint`. Default: OTEL_EXPORTER_OTLP_HEADERS (`name=value,…`). */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether spans carry intent, arguments and result, redacted. Default false. */
  readonly includeArguments?: boolean | undefined;
  /** Finds `@opentelemetry/api`, for tests; `null`: there is none. Default: imported where it is installed. */
  readonly loadApi?: (() => Promise<OtelApi | null>) | undefined;
}

/**
 * Tells of actions as spans: a decision `plyra.decide {tool}`, and below it, where the tool ran, `execute_tool {tool}`. They
 * go to the host's tracer provider; where there is none, to an OTLP/HTTP receiver.
 */
export class OtelExporter implements Exporter {
  readonly name = 'otel';
  readonly #includeArguments: boolean;
  readonly #queue: ExportQueue<string>;
  readonly #loading: Promise<void>;
  /** `undefined`: not known yet. */
  #api: OtelApi | null | undefined;
  #early: { readonly entry: AuditEntry; readonly inContext: InContext }[] = [];
  #givenToHost = 0;
  #droppedEarly = 0;

  /** Throws ExporterError for an option that it cannot work with. */
  constructor(options: OtelOptions = {}) {
    const { endpoint, headers = statedHeaders(), includeArguments = false, maxWaiting, clock } = options;
    const target = new HttpTarget({ url: tracesUrl(endpoint), allowPrivate: true, clock });
    const service = process.env.OTEL_SERVICE_NAME ?? 'unknown_service:node';
    this.#includeArguments = includeArguments === true;
    this.#queue = new ExportQueue({
      ...{ name: this.name, target: target.label, maxWaiting, clock },
      encode: (entry) => spanTexts(spansOf(entry, this.#includeArguments)),
      send: (spans, signal) => target.send({ body: traceRequest(spans, service), headers }, signal),
    });
    this.#loading = this.#load(options.loadApi ?? loadApi);
  }

  /** What became of its entries. What the host's provider took counts as delivered. */
  get counts(): ExporterCounts {
    const { delivered, dropped, waiting, ...others } = this.#queue.counts;
    return {
      ...others,
      delivered: delivered + this.#givenToHost,
      dropped: dropped + this.#droppedEarly,
      waiting: waiting + this.#early.length,
    };
  }

  /** Gives an entry's spans to the host, or takes it to be delivered in the background. Never throws. */
  export(entry: AuditEntry): void {
    if (this.#api !== undefined) {
      this.#give(entry, this.#api);
      return;
    }
    this.#early.push({ entry, inContext: contextNow() });
    if (this.#early.length <= MAX_EARLY) return;
    this.#early.shift();
    this.#droppedEarly++;
  }

  /** Resolves when what was handed over so far is delivered or lost, or after 4 s. Never rejects. */
  async flush(): Promise<void> {
    await this.#loading;
    await this.#queue.flush();
  }

  /** Flushes, and gives up what has not got through then. Never rejects; once closed it stays closed. */
  async close(): Promise<void> {
    await this.#loading;
    await this.#queue.close();
  }

  #give(entry: AuditEntry, api: OtelApi | null): void {
    try {
      if (api !== null && giveToHost(api, spansOf(entry, this.#includeArguments))) {
        this.#givenToHost++;
        return;
      }
    } catch {
      // A provider that throws is none.
    }
    this.#queue.push(entry);
  }

  /** Never rejects. */
  async #load(load: () => Promise<OtelApi | null>): Promise<void> {
    const api = await load().catch(() => null);
    this.#api = api;
    const early = this.#early;
    this.#early = [];
    for (const { entry, inContext } of early) inContext(() => this.#give(entry, api));
  }
}

function tracesUrl(endpoint: string | undefined): URL {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces, OTEL_EXPORTER_OTLP_ENDPOINT: all } = process.env;
  if (endpoint === undefined && filled(traces)) return serverUrl('OtelExporter', 'endpoint', traces);
  const base = endpoint ?? (filled(all) ? all : DEFAULT_ENDPOINT);
  const url = serverUrl('OtelExporter', 'endpoint', base);
  if (endpoint !== undefined && url.pathname !== '/') return url;
  return new URL(`${url.pathname.replace(/\/+$/, '')}/v1/traces`, url);
}

/** As the OpenTelemetry specification says: names and percent-encoded values. What is no such pair is left out. */
function statedHeaders(): Record<string, string> {
  const pairs = (process.env.OTEL_EXPORTER_OTLP_HEADERS ?? '').split(',');
  const read = pairs.map((pair) => /^\s*([\w-]+)\s*=\s*([\x21-\x7e]+)\s*$/.exec(pair));
  return Object.fromEntries(
    read.flatMap((found) => (found === null ? [] : [[found[1], decoded(found[2] ?? '')]])),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function filled(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}
