import { isThenable } from '../core/awaitable.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditEntry } from '../core/entry.ts';
import type { ExporterCounts } from '../core/exporter-counts.ts';
import type { Exporter } from './exporter.ts';
import { LazyExporter } from './lazy.ts';

/** How many unfinished exports may be under way before further entries are dropped and counted. */
const MAX_IN_FLIGHT = 10_000;

/** How long `flush` and `close` wait for an exporter. */
const FLUSH_DEADLINE_MS = 5_000;

/** An exporter, what it is called, and what became of what it was told. */
interface Route {
  readonly name: string;
  readonly exporter: Exporter;
  delivered: number;
  failures: number;
  dropped: number;
  waiting: number;
}

/** Hands each finished action to every exporter. A failing exporter is counted and otherwise ignored. */
export class FanOut {
  #routes: readonly Route[] = [];
  /** Those of a configuration. */
  #configured: readonly Route[] = [];
  readonly #clock: Clock;
  readonly #inFlight = new Set<Promise<unknown>>();
  #retired: Promise<unknown> = Promise.resolve();

  constructor(exporters: readonly Exporter[], clock: Clock) {
    this.#clock = clock;
    for (const exporter of exporters) this.add(exporter);
  }

  /** Exports that threw or rejected. */
  get failures(): number {
    return this.#all.reduce((sum, { failures }) => sum + failures, 0);
  }

  /** Entries dropped because too many exports were under way. */
  get drops(): number {
    return this.#all.reduce((sum, { dropped }) => sum + dropped, 0);
  }

  get isEmpty(): boolean {
    return this.#routes.length === 0 && this.#configured.length === 0;
  }

  /** What became of the entries, by the exporter's name; of two with one name the second is `name#2`. */
  get counts(): Record<string, ExporterCounts> {
    const counts: Record<string, ExporterCounts> = Object.create(null);
    for (const route of this.#all) {
      let name = route.name;
      for (let i = 2; name in counts; i++) name = `${route.name}#${i}`;
      counts[name] = countsOf(route);
    }
    return counts;
  }

  add(exporter: Exporter): void {
    this.#routes = [...this.#routes, this.#routeTo(exporter)];
  }

  /** Puts the exporters of a configuration in place of those of the one before, which are closed. */
  configure(exporters: readonly Exporter[]): void {
    const before = this.#configured;
    this.#configured = exporters.map((exporter) => this.#routeTo(exporter));
    if (before.length > 0) this.#retired = this.#closeAll(before);
  }

  deliver(entry: AuditEntry): void {
    for (const route of this.#routes) this.#hand(route, entry);
    for (const route of this.#configured) this.#hand(route, entry);
  }

  /** Waits for the exports under way, then flushes every exporter. Each wait ends after 5 s, counted as a failure. */
  async flush(): Promise<void> {
    await this.#settled();
    for (const route of this.#all) this.#watch(route, () => route.exporter.flush?.());
    await this.#settled();
  }

  /** Flushes and closes every exporter. */
  async close(): Promise<void> {
    await this.flush();
    await this.#closeAll(this.#all);
    await this.#retired;
  }

  get #all(): readonly Route[] {
    return [...this.#routes, ...this.#configured];
  }

  #routeTo(exporter: Exporter): Route {
    const name = typeof exporter.name === 'string' && exporter.name !== '' ? exporter.name : 'custom';
    const route = { name, exporter, delivered: 0, failures: 0, dropped: 0, waiting: 0 };
    if (typeof exporter.exportBatch !== 'function') return route;
    const load = async (): Promise<Exporter> => {
      const { Batched } = await import('./batched.ts');
      return new Batched(exporter, name, this.#clock);
    };
    return { ...route, exporter: new LazyExporter(name, load) };
  }

  #hand(route: Route, entry: AuditEntry): void {
    if (this.#inFlight.size >= MAX_IN_FLIGHT) route.dropped++;
    else this.#watch(route, () => route.exporter.export(entry), true);
  }

  async #closeAll(routes: readonly Route[]): Promise<void> {
    for (const route of routes) this.#watch(route, () => route.exporter.close?.());
    await this.#settled();
  }

  async #settled(): Promise<void> {
    if (this.#inFlight.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.setTimer(FLUSH_DEADLINE_MS, () => {
        for (const route of this.#all) if (route.waiting > 0) route.failures++;
        this.#inFlight.clear();
        resolve();
      });
      Promise.all(this.#inFlight).then(() => {
        cancel();
        resolve();
      });
    });
  }

  #watch(route: Route, task: () => unknown, isExport = false): void {
    const took = (): void => {
      if (isExport) route.delivered++;
    };
    const fail = (): void => {
      route.failures++;
    };
    try {
      const running = task();
      if (!isThenable(running)) {
        took();
        return;
      }
      route.waiting++;
      const settled: Promise<unknown> = running.then(took, fail).finally(() => {
        route.waiting--;
        this.#inFlight.delete(settled);
      });
      this.#inFlight.add(settled);
    } catch {
      fail();
    }
  }
}

function countsOf({ exporter, delivered, failures, dropped, waiting }: Route): ExporterCounts {
  const own = exporter.counts;
  if (own === undefined) return { delivered, dropped, rejected: 0, failures, waiting };
  return { ...own, dropped: own.dropped + dropped, failures: own.failures + failures };
}
