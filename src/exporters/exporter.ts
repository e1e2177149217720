import type { AuditEntry } from '../core/entry.ts';

/** Carries finished actions elsewhere. Called once per finished action; what it throws never changes a decision. */
export interface Exporter {
  export(entry: AuditEntry): void | Promise<void>;
  exportBatch?(entries: readonly AuditEntry[]): void | Promise<void>;
  flush?(): void | Promise<void>;
  close?(): void | Promise<void>;
}
