import type { AuditEntry } from '../core/entry.ts';
import type { ExporterCounts } from '../core/exporter-counts.ts';
import type { Exporter } from './exporter.ts';
import { ExportQueue, type QueueOptions } from './queue.ts';

/** An exporter whose entries go through a queue of its own. */
export abstract class QueuedExporter implements Exporter {
  readonly name: string;
  readonly #queue: ExportQueue<string>;

  protected constructor(options: QueueOptions<string>) {
    this.name = options.name;
    this.#queue = new ExportQueue(options);
  }

  /** What became of its entries. */
  get counts(): ExporterCounts {
    return this.#queue.counts;
  }

  /** Takes an entry to be delivered in the background. Never throws. */
  export(entry: AuditEntry): void {
    this.#queue.push(entry);
  }

  /** Resolves when what was handed over so far is delivered or lost, or after 4 s. Never rejects. */
  flush(): Promise<void> {
    return this.#queue.flush();
  }

  /** Flushes, and gives up what has not got through then. Never rejects; once closed it stays closed. */
  close(): Promise<void> {
    return this.#queue.close();
  }
}
