import type { Outcome, Verdict } from './verdict.ts';

/** Well-known keys that built-in evaluators put beside a verdict; custom ones may add their own. */
export interface ResultMetadata {
  /** Name of the deciding rule (a rule list) or policy (a condition). */
  readonly ruleName?: string | null;
  /** Name of the Policy that the rule belongs to, or of the deciding condition policy. */
  readonly policyName?: string | null;
  /** True when nothing matched and a default decided. */
  readonly defaulted?: boolean;
  /** True for ALLOW_OVERRIDE: the risk scorer has no say. Honoured from the policy engine alone. */
  readonly override?: boolean;
  readonly escalateTo?: string | null;
  readonly deferSeconds?: number | null;
  /** How long an approval for this decision is waited for, in seconds. */
  readonly timeoutSeconds?: number | null;
  /** Trust violations: what was needed and what was there, 0–1. */
  readonly requiredTrust?: number;
  readonly actualTrust?: number;
  /** Delegation too deep. */
  readonly currentDepth?: number;
  readonly maxDepth?: number;
  /** Rate limits: the limit as written, e.g. `60/min`. */
  readonly limit?: string;
  /** Budgets, USD. */
  readonly currentSpend?: number;
  readonly budgetLimit?: number;
  /** Risk scorer: 0–1. */
  readonly riskScore?: number;
  /** The request for approval that this waits for, was denied by or ran by. */
  readonly approvalId?: string | null;
  /** The grant that it ran by. */
  readonly grantId?: string | null;
  /** A person said no; their note is shown to the model. */
  readonly denied?: { readonly approvalId: string | null; readonly note: string | null };
  /** Nobody decided within this many seconds. */
  readonly approvalTimedOut?: number;
  /** Which try of the same intent in its session this is, where it was refused too often before. The guard's own. */
  readonly repeats?: number;
  /** The form of an argument that the deciding rule matched; absent where it is the intent as it stands. */
  readonly spelling?: string;
  /** What that form is of: a path, URL, command, statement or the whole intent. */
  readonly matchedAs?: string;
  /** The argument as it was given, where that is another text. */
  readonly givenAs?: string;
  /** Why an argument cannot be read as what it is. */
  readonly unreadable?: string;
  /** What a bare string was read as. */
  readonly readAs?: string;
  /** True when an evaluator failed and the guard answered BLOCK for it. */
  readonly fault?: boolean;
  readonly [key: string]: unknown;
}

/** One evaluator's opinion of an intent. */
export interface EvaluatorResult {
  readonly verdict: Verdict;
  readonly reason: string;
  /** 0–1, default 1. */
  readonly confidence: number;
  readonly evaluatorName: string;
  /** What the caller could do instead, or `null`. */
  readonly suggestedAction: string | null;
  readonly metadata: ResultMetadata;
}

/** What an evaluator returns: a verdict, and whatever else it wants to say; defaults fill the rest. */
export type EvaluatorAnswer = Pick<EvaluatorResult, 'verdict'> & Partial<EvaluatorResult>;

/** The decision over all evaluators: the worst verdict, whose it was, and every opinion. */
export interface EvaluationResult extends EvaluatorResult {
  /** The verdict, or ERROR once the tool has run and thrown. */
  readonly outcome: Outcome;
  /** The deciding rule or policy; `null` where another evaluator or a default decided. */
  readonly ruleName: string | null;
  /** The Policy's name for a rule list, the policy's for a condition, else the evaluator's. */
  readonly policyTriggered: string | null;
  /** 0–1; 0 without a risk scorer. */
  readonly riskScore: number;
  /** Time spent judging, in milliseconds. */
  readonly latencyMs: number;
  readonly results: readonly EvaluatorResult[];
}
