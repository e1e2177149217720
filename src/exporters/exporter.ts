import type { AuditEntry } from '../core/entry.ts';
import type { ExporterCounts } from '../core/exporter-counts.ts';

/** Carries finished actions elsewhere. What it throws never changes a decision. */
export interface Exporter {
  /** What it is called in metrics and warnings. Default: `custom`. */
  readonly name?: string | undefined;
  /** Its own counters; one without them is counted by what its functions throw. */
  readonly counts?: ExporterCounts | undefined;
  /** Called once per finished action. */
  export(entry: AuditEntry): void | Promise<void>;
  /**
   * Where there is this, it is called in place of `export`, in the background: with at most 500 entries, oldest first, one
   * batch after the other. A batch for which it throws, or that takes longer than 30 s, is handed over again.
   */
  exportBatch?(entries: readonly AuditEntry[]): void | Promise<void>;
  /** Resolves once what was handed over so far has been delivered. */
  flush?(): void | Promise<void>;
  /** Called once, behind `flush`. */
  close?(): void | Promise<void>;
}
