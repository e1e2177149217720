import type { LoadedConfig } from './config/load.ts';
import type { ExporterName, ExporterOptions, ExporterSettings } from './config/settings.ts';
import type { Clock } from './core/clock.ts';
import type { Exporter } from './exporters/exporter.ts';
import { FanOut } from './exporters/fan-out.ts';
import { LazyExporter } from './exporters/lazy.ts';

type Make<N extends ExporterName> = (
  options: ExporterOptions[N] & { readonly clock: Clock },
) => Promise<Exporter>;

/** How each exporter is made. Its code is loaded then, and no other's. */
const MAKE: { readonly [N in ExporterName]: Make<N> } = Object.freeze({
  stdout: async (options) => new (await import('./exporters/stdout.ts')).StdoutExporter(options),
  jsonl: async (options) => new (await import('./exporters/jsonl.ts')).JsonlExporter(options),
  sidecar: async (options) => new (await import('./exporters/sidecar.ts')).SidecarExporter(options),
  otel: async (options) => new (await import('./exporters/otel.ts')).OtelExporter(options),
  datadog: async (options) => new (await import('./exporters/datadog.ts')).DatadogExporter(options),
  webhook: async (options) => new (await import('./exporters/webhook.ts')).WebhookExporter(options),
});

/** The exporters of a guard: those that it was given, and those that its configuration names. */
export class GuardExporters extends FanOut {
  readonly #makeClock: Clock;
  #stated = '[]';

  constructor(given: readonly Exporter[], clock: Clock) {
    super(given, clock);
    this.#makeClock = clock;
  }

  /**
   * Puts the exporters of a configuration in force. Nothing is opened, and nothing loaded, before the first entry; where it
   * names the same ones as before they stay, with what waits in them.
   */
  apply(config: LoadedConfig | null): void {
    const settings = config?.settings.observability.exporters ?? [];
    const stated = JSON.stringify(settings);
    if (stated === this.#stated) return;
    this.#stated = stated;
    this.configure(settings.map((one) => new LazyExporter(one.name, () => made(one, this.#makeClock))));
  }
}

function made({ name, options }: ExporterSettings, clock: Clock): Promise<Exporter> {
  return (MAKE[name] as Make<ExporterName>)({ ...options, clock } as never);
}
