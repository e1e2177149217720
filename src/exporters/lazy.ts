import type { AuditEntry } from '../core/entry.ts';
import type { ExporterCounts } from '../core/exporter-counts.ts';
import type { Exporter } from './exporter.ts';

/** How many entries are kept while the code is loaded; of more the oldest go. */
const MAX_EARLY = 10_000;

/** An exporter whose code is loaded with the first entry. */
export class LazyExporter implements Exporter {
  readonly name: string;
  readonly #load: () => Promise<Exporter>;
  #early: AuditEntry[] = [];
  #loading: Promise<void> | undefined;
  #loaded: Exporter | undefined;
  #isBroken = false;
  #isClosed = false;
  #dropped = 0;

  constructor(name: string, load: () => Promise<Exporter>) {
    this.name = name;
    this.#load = load;
  }

  get counts(): ExporterCounts {
    const own = { delivered: 0, dropped: 0, rejected: 0, failures: 0, waiting: this.#early.length };
    const { dropped, ...counts } = this.#loaded?.counts ?? own;
    return { ...counts, dropped: dropped + this.#dropped };
  }

  export(entry: AuditEntry): void | Promise<void> {
    if (this.#loaded !== undefined) return this.#loaded.export(entry);
    if (this.#isBroken || this.#isClosed) {
      this.#dropped++;
      return;
    }
    if (this.#early.push(entry) > MAX_EARLY) {
      this.#early.shift();
      this.#dropped++;
    }
    this.#loading ??= this.#take();
  }

  async flush(): Promise<void> {
    await this.#loading;
    await this.#loaded?.flush?.();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#loading;
    await this.#loaded?.close?.();
  }

  /** Never rejects. */
  async #take(): Promise<void> {
    try {
      const loaded = await this.#load();
      const early = this.#early;
      this.#early = [];
      this.#loaded = loaded;
      for (const entry of early) void loaded.export(entry);
    } catch (error) {
      this.#isBroken = true;
      this.#dropped += this.#early.length;
      this.#early = [];
      const why = error instanceof Error ? error.message : String(error);
      process.emitWarning(`The exporter \`${this.name}\` cannot be used, and its entries are lost: ${why}`, {
        type: 'PlyraGuardWarning',
        code: 'PLYRA_EXPORTER',
      });
    }
  }
}
