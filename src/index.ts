export { signVote, votePayload } from './approvals/signature.ts';
export type { Approvals, ApproveOptions, DenyOptions } from './approvals-of-guard.ts';
export { type CallContext, currentSignal } from './call/context.ts';
export type { ProtectOptions, WrapOptions } from './call/tool-options.ts';
export type { Protect, Wrap } from './call/wrap-tools.ts';
export type { AccessToken, Role } from './core/access-token.ts';
export type { ActionRecord } from './core/action-record.ts';
export type { Approval, ApprovalState, ApprovalVote, Grant, GrantScope } from './core/approval.ts';
export type { Argument } from './core/argument.ts';
export type { ArgumentKind } from './core/argument-kind.ts';
export type { AuditEntry } from './core/entry.ts';
export {
  AccessTokenError,
  ActionGuardError,
  ActNotKeptError,
  AdapterNotFoundError,
  AdapterWrappingError,
  AgentNotRegisteredError,
  ApprovalError,
  ConfigError,
  ConfigFileNotFoundError,
  ConfigSchemaError,
  ConfigValidationError,
  ExecutionTimeoutError,
  ExporterError,
  IrreversibleError,
  PolicyConditionError,
  PolicyError,
  PolicyParseError,
  RollbackError,
  RollbackFailedError,
  RollbackHandlerNotFoundError,
  SidecarError,
  SidecarStartupError,
  SnapshotNotFoundError,
} from './core/errors.ts';
export type { Evaluator } from './core/evaluator.ts';
export type { AgentFacts, BudgetFact, DelegationFacts, Facts, RateFact } from './core/facts.ts';
export type { ActionIntent, ActionIntentInput, AgentCall } from './core/intent.ts';
export { RiskLevel, TrustLevel } from './core/levels.ts';
export type { JournalRecord, RecordKind, WriterId } from './core/record.ts';
export {
  ActionDeferredError,
  ActionEscalatedError,
  ActionGuardExecutionError,
  BudgetExceededError,
  CascadeDepthExceededError,
  ExecutionBlockedError,
  HumanApprovalTimeoutError,
  PolicyViolationError,
  RateLimitExceededError,
  TrustViolationError,
} from './core/refusals.ts';
export type { RefusalValue } from './core/refuse.ts';
export type { EvaluationResult, EvaluatorAnswer, EvaluatorResult } from './core/result.ts';
export type { BlobRef, ItemStates, Snapshot } from './core/snapshot.ts';
export type { SqlParser } from './core/sql-parser.ts';
export { type Outcome, Verdict } from './core/verdict.ts';
export { GUARD_VERSION } from './core/version.ts';
export type { PolicyTestResult } from './explain/test-policy.ts';
export type { Exporter } from './exporters/exporter.ts';
export { ActionGuard } from './guard.ts';
export type { GuardOptions } from './guard-options.ts';
export type { HistoryFilter, ReadAs } from './guard-reading.ts';
export type { GuardMetrics } from './journal/metrics.ts';
export type { Limiter } from './limits/limiter.ts';
export { Policy, type PolicyOptions } from './policy/policy.ts';
export { Rule } from './policy/rule.ts';
export type { RuleAction, RuleInput } from './policy/rule-input.ts';
export type { ItemHistory, RestorePlan } from './rollback/conflicts.ts';
export {
  type CallStatement,
  type DbRollbackOptions,
  type PostgresConnection,
  type PostgresRollbackOptions,
  postgresRollback,
  type SqliteConnection,
  type SqliteRollbackOptions,
  sqliteRollback,
} from './rollback/db.ts';
export type {
  ActOutcome,
  AfterContext,
  BlobKeeper,
  BlobReader,
  CaptureContext,
  RestoreContext,
  RestoreNote,
  RollbackHandler,
} from './rollback/handler.ts';
export type { Compensate, CompensationRequest } from './rollback/http.ts';
export type {
  RollbackAllOptions,
  RollbackLastOptions,
  RollbackOptions,
  RollbackReport,
} from './rollback/report.ts';
export type { ServeOptions } from './serve-guard.ts';
export type { RunningSidecar } from './sidecar/listen.ts';
export type { ApprovalFilter, ApprovalStore, GrantFilter } from './stores/approval-store.ts';
export type { AuditFilter, Store } from './stores/store.ts';
export type { TokenStore } from './stores/token-store.ts';
