import type { AgentSettings, GuardSettings } from './settings.ts';

/** The defaults of every setting. They are written here only: the schema quotes them from here. */
export const DEFAULTS: GuardSettings = deepFreeze<GuardSettings>({
  global: {
    defaultVerdict: 'ALLOW',
    maxRiskScore: 0.85,
    maxDelegationDepth: 4,
    maxConcurrentDelegations: 10,
    executionTimeoutSeconds: null,
  },
  budget: { perTask: 5, perAgentPerRun: 1, currency: 'USD', escalateAbove: null },
  rateLimits: { default: '60/min', perTool: {}, perAgent: {} },
  agents: [],
  evaluators: {
    schemaValidator: { enabled: true },
    policyEngine: { enabled: true },
    riskScorer: { enabled: true },
    rateLimiter: { enabled: true },
    costEstimator: { enabled: true },
    humanGate: { enabled: false, riskLevels: ['CRITICAL'], actionTypes: [] },
  },
  tools: {},
  spellings: { unreadable: 'escalate' },
  rollback: {
    enabled: true,
    snapshotDir: null,
    maxSnapshots: 1000,
    maxAgeDays: null,
    maxBytes: 2 ** 30,
    onCaptureFailure: 'block',
    irreversible: 'allow',
  },
  observability: { exporters: [], auditLogMaxEntries: 10_000 },
  approvals: { wait: true, timeoutSeconds: 300, quorum: 1, repeatLimit: 3, via: 'auto', webhook: null },
  approvers: [],
  storage: {
    path: '~/.plyra/snapshots.db',
    durability: 'process',
    onStoreFailure: 'block',
    retentionDays: null,
  },
  redaction: { keys: [], patterns: [] },
  mode: 'enforce',
  sidecar: { host: '127.0.0.1', port: 8080, origins: [], requireToken: false },
});

/** What an agent has that states nothing but its id. */
export const AGENT_DEFAULTS: Omit<AgentSettings, 'id'> = deepFreeze({
  trustLevel: 0.5,
  canDelegateTo: [],
  maxActionsPerRun: 100,
});

/** Name of a rule list that states none. */
export const DEFAULT_NAME = 'default';

/** Freezes a value of plain objects and arrays, all the way down. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
