import { SEAM_INTERFACES } from './seams.ts';

/**
 * Who may import whom inside `src/`. This table is the layout in one place: a folder that is not in it fails the
 * test, and so does an import that its row does not allow. A file may always import its own folder, except in a seam.
 */
export interface Layer {
  /** Other layers that may be imported, any file of them. A file directly under `src/` goes by its name. */
  readonly layers: readonly string[];
  /** Single files of other layers: a seam's interface. */
  readonly files?: readonly string[];
  /** Packages that may be imported. */
  readonly packages?: readonly string[];
  /** True where `node:` built-ins may be imported. */
  readonly node?: true;
  /** A seam: one interface file plus siblings of equal shape. A sibling imports these shared files, never a sibling. */
  readonly seam?: readonly string[];
}

/** The libraries that the pure layers may use. */
export const PURE_PACKAGES = ['re2js', 'unbash', 'ipaddr.js'] as const;

/** The layers that know no clock, no file and no randomness. */
export const PURE_LAYERS = ['core', 'policy', 'evaluators'] as const;

/** All that the guard is made of. */
const BELOW_GUARD = [
  'core',
  'policy',
  'evaluators',
  'journal',
  'agents',
  'explain',
  'config',
  'builtin',
  'stores',
  'limits',
  'approvals',
  'exporters',
  'webhook',
  'rollback',
  'call',
  'node-crypto.ts',
] as const;

export const LAYERS: Readonly<Record<string, Layer>> = {
  // The pure middle: values in, values out.
  core: { layers: [], packages: PURE_PACKAGES },
  policy: { layers: ['core'], packages: PURE_PACKAGES },
  evaluators: { layers: ['core', 'policy'], packages: PURE_PACKAGES },

  // Loaded on first use by whoever needs it.
  'node-crypto.ts': { layers: [], node: true },

  // Around it: what needs a file, a clock or a counter.
  journal: { layers: ['core'], files: SEAM_INTERFACES, node: true },
  agents: { layers: ['core'], files: SEAM_INTERFACES, node: true },
  explain: { layers: ['core', 'policy', 'config'] },
  config: {
    layers: ['core', 'policy', 'node-crypto.ts'],
    files: SEAM_INTERFACES,
    packages: ['yaml', 'zod'],
    node: true,
  },
  builtin: { layers: ['core', 'policy', 'config'], node: true },

  // Seams: the interface and what it is made of, then its implementations, which do not know each other.
  stores: {
    layers: ['core', 'node-crypto.ts'],
    files: SEAM_INTERFACES,
    node: true,
    seam: [
      'stores/store.ts',
      'stores/action-log.ts',
      'stores/audit-filter.ts',
      'stores/filter.ts',
      'stores/columns.ts',
      'stores/approval-row.ts',
      'stores/approval-rules.ts',
      'stores/grant-row.ts',
      'stores/token-row.ts',
      'stores/snapshot-row.ts',
      'stores/snapshot-rules.ts',
      'stores/blobs/blob-files.ts',
      'stores/blobs/blob-content.ts',
    ],
  },
  limits: {
    layers: ['core', 'node-crypto.ts'],
    files: SEAM_INTERFACES,
    node: true,
    seam: [
      'limits/limiter.ts',
      'limits/call-ids.ts',
      'limits/compiled-limits.ts',
      'limits/usage.ts',
      'limits/agent-records.ts',
      'limits/windows/process-windows.ts',
      'limits/windows/rate-windows.ts',
      'limits/windows/sliding-window.ts',
      'limits/windows/recent-calls.ts',
      'limits/windows/bounded-counters.ts',
    ],
  },
  approvals: {
    layers: ['core', 'node-crypto.ts'],
    files: [...SEAM_INTERFACES, 'config/settings.ts'],
    node: true,
    seam: ['approvals/approver.ts', 'approvals/decision.ts', 'approvals/person.ts', 'approvals/signature.ts'],
  },
  exporters: {
    layers: ['core', 'webhook', 'node-crypto.ts'],
    files: [
      ...SEAM_INTERFACES,
      'call/system-clock.ts',
      'explain/printable.ts',
      'policy/webhook-url.ts',
      'stores/sqlite/location.ts',
    ],
    packages: ['@opentelemetry/api'],
    node: true,
    seam: [
      'exporters/exporter.ts',
      'exporters/queue.ts',
      'exporters/queued.ts',
      'exporters/backlog.ts',
      'exporters/delivery.ts',
      'exporters/lazy.ts',
      'exporters/batched.ts',
      'exporters/http-target.ts',
      'exporters/entry-json.ts',
      'exporters/severity.ts',
      'exporters/ingest-token.ts',
    ],
  },

  rollback: {
    layers: ['core', 'policy', 'node-crypto.ts'],
    files: SEAM_INTERFACES,
    node: true,
    seam: [
      'rollback/handler.ts',
      'rollback/registry.ts',
      'rollback/keeper.ts',
      'rollback/coordinator.ts',
      'rollback/undo.ts',
      'rollback/conflicts.ts',
      'rollback/records.ts',
      'rollback/report.ts',
      'rollback/irreversible.ts',
      'rollback/foresight.ts',
      'rollback/tally.ts',
      'rollback/why-not.ts',
    ],
  },

  // Who may do what: roles, tokens and what they prove. Its faces are the command line and the sidecar.
  access: {
    layers: ['core', 'node-crypto.ts'],
    files: [...SEAM_INTERFACES, 'approvals/person.ts', 'approvals/queue/after.ts'],
  },
  // Signs and sends; it knows nothing of what it sends. Loaded when there is something to send.
  webhook: { layers: ['core', 'policy', 'node-crypto.ts'], node: true },

  // The waist.
  call: {
    layers: ['core', 'policy', 'evaluators', 'journal', 'agents', 'node-crypto.ts'],
    files: [
      ...SEAM_INTERFACES,
      'approvals/queue.ts',
      'rollback/registry.ts',
      'rollback/keeper.ts',
      // What a tool's own options describe.
      'rollback/http.ts',
    ],
    node: true,
  },
  // The guard: what it is given, what it makes of that, and the facade over it.
  'guard-options.ts': { layers: BELOW_GUARD },
  'revision.ts': { layers: BELOW_GUARD, node: true },
  'in-force.ts': { layers: [...BELOW_GUARD, 'revision.ts'] },
  'storage.ts': { layers: [...BELOW_GUARD, 'guard-options.ts'], node: true },
  'freezer.ts': { layers: BELOW_GUARD },
  'approval-announcer.ts': { layers: BELOW_GUARD },
  'approval-desk.ts': { layers: [...BELOW_GUARD, 'approval-announcer.ts'] },
  'approvals-of-guard.ts': { layers: BELOW_GUARD },
  'rollback-desk.ts': { layers: BELOW_GUARD },
  'built-in-handlers.ts': { layers: BELOW_GUARD },
  'guard-exporters.ts': { layers: BELOW_GUARD },
  'guard-reading.ts': { layers: BELOW_GUARD },
  'runtime.ts': {
    layers: [
      ...BELOW_GUARD,
      'guard-options.ts',
      'in-force.ts',
      'storage.ts',
      'freezer.ts',
      'approval-desk.ts',
      'rollback-desk.ts',
      'built-in-handlers.ts',
      'guard-exporters.ts',
    ],
    node: true,
  },
  'guard.ts': {
    layers: [
      ...BELOW_GUARD,
      'guard-options.ts',
      'guard-reading.ts',
      'in-force.ts',
      'runtime.ts',
      'runtime-of.ts',
      'approvals-of-guard.ts',
      'serve-guard.ts',
      'sidecar',
    ],
    node: true,
  },

  'runtime-of.ts': { layers: ['runtime.ts'] },

  // The sidecar: what is served of a guard, and the guard's way to it. It knows parts, and no guard.
  sidecar: {
    layers: ['core', 'explain', 'access'],
    files: [
      ...SEAM_INTERFACES,
      'stores/filter.ts',
      'approvals/queue.ts',
      'approvals/person.ts',
      'rollback/coordinator.ts',
      'rollback/conflicts.ts',
    ],
    packages: ['hono', '@hono/node-server', '@hono/zod-openapi'],
    node: true,
  },
  'sidecar-parts.ts': { layers: [...BELOW_GUARD, 'guard-reading.ts', 'runtime.ts', 'sidecar'] },
  'serve-guard.ts': {
    layers: ['core', 'stores', 'runtime.ts', 'runtime-of.ts', 'sidecar', 'sidecar-parts.ts'],
    packages: ['hono'],
  },

  // The doors.
  'index.ts': {
    layers: [
      ...BELOW_GUARD,
      'guard-options.ts',
      'guard-reading.ts',
      'guard.ts',
      'approvals-of-guard.ts',
      'serve-guard.ts',
      'sidecar',
    ],
  },
  'sidecar.ts': { layers: ['serve-guard.ts', 'sidecar'] },
  'errors.ts': { layers: ['core'] },
  'exporters.ts': { layers: ['core', 'exporters'] },
  cli: {
    layers: [
      'index.ts',
      'guard.ts',
      'config',
      'explain',
      'policy',
      'core',
      'builtin',
      'stores',
      'journal',
      'access',
    ],
    files: [
      'serve-guard.ts',
      'sidecar/listen.ts',
      'approval-announcer.ts',
      'call/action-id.ts',
      'call/system-clock.ts',
      'approvals/queue.ts',
      'approvals/person.ts',
      'approvals/signature.ts',
      'approvals/machine-clock.ts',
      'built-in-handlers.ts',
      'limits/sqlite.ts',
      'rollback/coordinator.ts',
      'rollback/conflicts.ts',
      'rollback/report.ts',
      'rollback/registry.ts',
    ],
    packages: ['commander', 'picocolors', 'string-width'],
    node: true,
  },
  // Conflicts are told by the same rules as a guard tells them.
  testing: { layers: ['core', 'node-crypto.ts'], files: [...SEAM_INTERFACES, 'rollback/conflicts.ts'] },
};
