/** The small interface file of every seam. */
export const SEAM_INTERFACES = [
  'stores/store.ts',
  'stores/action-log.ts',
  'stores/audit-filter.ts',
  'stores/approval-store.ts',
  'stores/token-store.ts',
  'stores/snapshot-store.ts',
  'stores/database.ts',
  'limits/limiter.ts',
  'approvals/approver.ts',
  'exporters/exporter.ts',
  'rollback/handler.ts',
] as const;
