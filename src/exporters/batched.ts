import { systemClock } from '../call/system-clock.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditEntry } from '../core/entry.ts';
import type { ExporterCounts } from '../core/exporter-counts.ts';
import type { Delivery } from './delivery.ts';
import type { Exporter } from './exporter.ts';
import { ExportQueue } from './queue.ts';

/** How long an exporter may take for a batch. */
const BATCH_MS = 30_000;

/** An exporter with `exportBatch` behind the shared queue: batches, retries, bounds and counters. */
export class Batched implements Exporter {
  readonly name: string;
  readonly #exporter: Exporter;
  readonly #queue: ExportQueue<AuditEntry>;

  constructor(exporter: Exporter, name: string, clock: Clock = systemClock) {
    this.name = name;
    this.#exporter = exporter;
    this.#queue = new ExportQueue({
      ...{ name, target: 'its receiver', clock },
      encode: (entry) => entry,
      send: (entries) => handOver(exporter, entries, clock),
    });
  }

  get counts(): ExporterCounts {
    return this.#queue.counts;
  }

  export(entry: AuditEntry): void {
    this.#queue.push(entry);
  }

  async flush(): Promise<void> {
    await this.#queue.flush();
    await this.#exporter.flush?.();
  }

  async close(): Promise<void> {
    await this.#queue.close();
    await this.#exporter.close?.();
  }
}

function handOver(exporter: Exporter, entries: readonly AuditEntry[], clock: Clock): Promise<Delivery> {
  return new Promise((resolve) => {
    const fail = (error: unknown): void => {
      cancel();
      resolve({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
    };
    const tooLong = new Error(`it took longer than ${BATCH_MS / 1000} s`);
    const cancel = clock.setTimer(BATCH_MS, () => fail(tooLong), true);
    const take = (): void => {
      cancel();
      resolve({ kind: 'taken' });
    };
    (async () => exporter.exportBatch?.(entries))().then(take, fail);
  });
}
