import type {
  AgentSettings,
  ApprovalSettings,
  ApproverSettings,
  BudgetSettings,
  EvaluatorSettings,
  EvaluatorSwitch,
  GlobalSettings,
  GuardSettings,
  HumanGateSettings,
  ObservabilitySettings,
  RateLimitSettings,
  RedactionSettings,
  RollbackSettings,
  SidecarSettings,
  SpellingSettings,
  StorageSettings,
} from './settings.ts';

/** An agent with what a file states of it. */
export type StatedAgent = Pick<AgentSettings, 'id'> & Partial<AgentSettings>;

/** An approver with what a file states of it. */
export type StatedApprover = Omit<ApproverSettings, 'lists'> & Partial<ApproverSettings>;

/** The settings that one file states. What it does not state it has no opinion on. */
export interface StatedSettings {
  readonly global?: Partial<GlobalSettings>;
  readonly budget?: Partial<BudgetSettings>;
  readonly rateLimits?: Partial<RateLimitSettings>;
  readonly agents?: readonly StatedAgent[];
  readonly evaluators?: {
    readonly [Name in keyof EvaluatorSettings]?: Partial<EvaluatorSwitch & HumanGateSettings>;
  };
  readonly tools?: GuardSettings['tools'];
  readonly spellings?: Partial<SpellingSettings>;
  readonly rollback?: Partial<RollbackSettings>;
  readonly observability?: Partial<ObservabilitySettings>;
  readonly approvals?: Partial<ApprovalSettings>;
  readonly approvers?: readonly StatedApprover[];
  readonly storage?: Partial<StorageSettings>;
  readonly redaction?: Partial<RedactionSettings>;
  readonly mode?: GuardSettings['mode'];
  readonly sidecar?: Partial<SidecarSettings>;
}
