import type { ArgumentKinds } from '../core/argument-kind.ts';
import type { RiskLevel } from '../core/levels.ts';
import type { Verdict } from '../core/verdict.ts';

/** Defaults and limits that concern every call. */
export interface GlobalSettings {
  /** What happens where no rule and no policy matches and the file has no `rules`. Default ALLOW. */
  readonly defaultVerdict: Verdict;
  /** 0–1. Above it an action is blocked; below it, scaled by trust, it is escalated. Default 0.85. */
  readonly maxRiskScore: number;
  /** Most hops of a delegation chain. Default 4. */
  readonly maxDelegationDepth: number;
  /** Most delegations at the same time. Default 10. */
  readonly maxConcurrentDelegations: number;
  /** Seconds that an async tool may run; `null` (default): no limit. */
  readonly executionTimeoutSeconds: number | null;
}

/** Money, in USD. `null`: no limit. */
export interface BudgetSettings {
  /** Default 5.00. */
  readonly perTask: number | null;
  /** Default 1.00. */
  readonly perAgentPerRun: number | null;
  readonly currency: 'USD';
  /** A single action that costs more is escalated. Default `null`: none is. */
  readonly escalateAbove: number | null;
}

/** Rates, each `N/sec`, `N/min`, `N/hour` or `N/day`. Names may end in `*`. */
export interface RateLimitSettings {
  /** Default `60/min`; `null`: no limit. */
  readonly default: string | null;
  readonly perTool: Readonly<Record<string, string>>;
  readonly perAgent: Readonly<Record<string, string>>;
}

/** An agent that is registered from the start. */
export interface AgentSettings {
  readonly id: string;
  /** 0–1. Default 0.5. */
  readonly trustLevel: number;
  /** Default: nobody. Names may end in `*`. */
  readonly canDelegateTo: readonly string[];
  /** Default 100; `null`: no cap. */
  readonly maxActionsPerRun: number | null;
}

/** Whether an evaluator takes part. */
export interface EvaluatorSwitch {
  readonly enabled: boolean;
}

/** When a person is asked. */
export interface HumanGateSettings extends EvaluatorSwitch {
  /** Default CRITICAL. */
  readonly riskLevels: readonly RiskLevel[];
  /** fnmatch globs. Default: none. */
  readonly actionTypes: readonly string[];
}

/** The evaluators that can be turned off; all but the human gate are on. */
export interface EvaluatorSettings {
  readonly schemaValidator: EvaluatorSwitch;
  readonly policyEngine: EvaluatorSwitch;
  readonly riskScorer: EvaluatorSwitch;
  readonly rateLimiter: EvaluatorSwitch;
  readonly costEstimator: EvaluatorSwitch;
  readonly humanGate: HumanGateSettings;
}

/** How arguments that cannot be read are judged. */
export interface SpellingSettings {
  /** Default escalate. */
  readonly unreadable: 'escalate' | 'allow' | 'block';
}

/** Undoing actions. */
export interface RollbackSettings {
  /** Default true. */
  readonly enabled: boolean;
  readonly snapshotDir: string | null;
  /** Default 1000. */
  readonly maxSnapshots: number;
  readonly maxAgeDays: number | null;
  /** In bytes. Default 1 GB (2^30). */
  readonly maxBytes: number;
  /** Default block. */
  readonly onCaptureFailure: 'block' | 'allow';
  /** What happens to actions that cannot be undone. Default allow. */
  readonly irreversible: 'allow' | 'warn' | 'escalate' | 'block';
}

/** What each exporter can be told in a file. */
export interface ExporterOptions {
  readonly stdout: {
    readonly level?: 'info' | 'warn' | 'error' | undefined;
    readonly stream?: 'stdout' | 'stderr' | undefined;
  };
  readonly jsonl: { readonly path: string };
  readonly sidecar: { readonly url?: string | undefined; readonly token?: string | undefined };
  readonly otel: { readonly endpoint?: string | undefined; readonly includeArguments?: boolean | undefined };
  readonly datadog: {
    readonly service: string;
    readonly env: string;
    readonly apiKey: string;
    readonly site?: string | undefined;
    readonly url?: string | undefined;
  };
  readonly webhook: ApprovalWebhook;
}

/** Exporters that a file can name. */
export type ExporterName = keyof ExporterOptions;

/** One exporter with its options, checked. */
export type ExporterSettings = {
  readonly [Name in ExporterName]: { readonly name: Name; readonly options: ExporterOptions[Name] };
}[ExporterName];

/** Where entries go. */
export interface ObservabilitySettings {
  /** Default: none. */
  readonly exporters: readonly ExporterSettings[];
  /** Entries that the ring buffer in memory holds. Default 10000. */
  readonly auditLogMaxEntries: number;
}

/** Where messages are sent, as of requests and decisions. */
export interface ApprovalWebhook {
  readonly url: string;
  /** `whsec_` and 24–64 bytes in base64: signs each message. */
  readonly secret: string;
  /** Whether the address may be a private one, and `http:`. Default false. */
  readonly allowPrivate: boolean;
}

/** How people are asked. */
export interface ApprovalSettings {
  /** Whether a call waits for its answer. Default true. */
  readonly wait: boolean;
  /** Default 300. */
  readonly timeoutSeconds: number;
  /** Approvals that are needed; at least 1. Default 1. */
  readonly quorum: number;
  /** Refusals of one intent in a session until nobody is asked about it any more; 0: for ever. Default 3. */
  readonly repeatLimit: number;
  /** Default auto. */
  readonly via: 'auto' | 'callback' | 'queue';
  /** Default `null`: nowhere. */
  readonly webhook: ApprovalWebhook | null;
}

/** Someone whose signed decisions count. */
export interface ApproverSettings {
  readonly id: string;
  /** Ed25519, PEM or base64. */
  readonly publicKey: string;
  readonly lists: readonly string[];
}

/** Where the journal is kept. */
export interface StorageSettings {
  /** Default `~/.plyra/snapshots.db`, as written. */
  readonly path: string;
  /** Default process. */
  readonly durability: 'process' | 'power';
  /** Default block. */
  readonly onStoreFailure: 'block' | 'allow';
  readonly retentionDays: number | null;
}

/** What is hidden beside what is hidden anyway. */
export interface RedactionSettings {
  /** Names of parameters. */
  readonly keys: readonly string[];
  /** Python regular expressions. */
  readonly patterns: readonly string[];
}

/** The sidecar's door. */
export interface SidecarSettings {
  /** Default 127.0.0.1. */
  readonly host: string;
  /** Default 8080. */
  readonly port: number;
  readonly origins: readonly string[];
  /** Default false. */
  readonly requireToken: boolean;
}

/** All sections of a configuration but its rules and policies, with defaults applied. */
export interface GuardSettings {
  readonly global: GlobalSettings;
  readonly budget: BudgetSettings;
  readonly rateLimits: RateLimitSettings;
  readonly agents: readonly AgentSettings[];
  readonly evaluators: EvaluatorSettings;
  /** Kinds of arguments by tool and parameter name. */
  readonly tools: Readonly<Record<string, ArgumentKinds>>;
  readonly spellings: SpellingSettings;
  readonly rollback: RollbackSettings;
  readonly observability: ObservabilitySettings;
  readonly approvals: ApprovalSettings;
  readonly approvers: readonly ApproverSettings[];
  readonly storage: StorageSettings;
  readonly redaction: RedactionSettings;
  /** Default enforce. */
  readonly mode: 'enforce' | 'monitor';
  readonly sidecar: SidecarSettings;
}
