import { isThenable } from '../core/awaitable.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditEntry } from '../core/entry.ts';
import type { Exporter } from './exporter.ts';

/** How many unfinished exports may be under way before further entries are dropped and counted. */
const MAX_IN_FLIGHT = 10_000;

/** How long `flush` and `close` wait for an exporter. */
const FLUSH_DEADLINE_MS = 5_000;

/** Hands each finished action to every exporter. A failing exporter is counted and otherwise ignored. */
export class FanOut {
  #exporters: readonly Exporter[];
  readonly #clock: Clock;
  readonly #inFlight = new Set<Promise<unknown>>();
  #failures = 0;
  #drops = 0;

  constructor(exporters: readonly Exporter[], clock: Clock) {
    this.#exporters = exporters;
    this.#clock = clock;
  }

  /** Exports that threw or rejected. */
  get failures(): number {
    return this.#failures;
  }

  /** Entries dropped because too many exports were under way. */
  get drops(): number {
    return this.#drops;
  }

  get isEmpty(): boolean {
    return this.#exporters.length === 0;
  }

  add(exporter: Exporter): void {
    this.#exporters = [...this.#exporters, exporter];
  }

  deliver(entry: AuditEntry): void {
    for (const exporter of this.#exporters) {
      if (this.#inFlight.size >= MAX_IN_FLIGHT) this.#drops++;
      else this.#watch(() => exporter.export(entry));
    }
  }

  /** Waits for the exports under way, then flushes every exporter. Each wait ends after 5 s, counted as a failure. */
  async flush(): Promise<void> {
    await this.#settled();
    for (const exporter of this.#exporters) this.#watch(() => exporter.flush?.());
    await this.#settled();
  }

  /** Flushes and closes every exporter. */
  async close(): Promise<void> {
    await this.flush();
    for (const exporter of this.#exporters) this.#watch(() => exporter.close?.());
    await this.#settled();
  }

  async #settled(): Promise<void> {
    if (this.#inFlight.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.setTimer(FLUSH_DEADLINE_MS, () => {
        this.#failures++;
        this.#inFlight.clear();
        resolve();
      });
      Promise.all(this.#inFlight).then(() => {
        cancel();
        resolve();
      });
    });
  }

  #watch(task: () => unknown): void {
    const fail = (): void => {
      this.#failures++;
    };
    try {
      const running = task();
      if (!isThenable(running)) return;
      const settled: Promise<unknown> = running
        .then(undefined, fail)
        .finally(() => this.#inFlight.delete(settled));
      this.#inFlight.add(settled);
    } catch {
      fail();
    }
  }
}
