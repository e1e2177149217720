import type { Verdict } from './verdict.ts';

/**
 * Where a request is in its life. It ends as denied, expired, cancelled or consumed; `approved` waits for the one call
 * that it is for.
 */
export type ApprovalState = 'pending' | 'approved' | 'denied' | 'expired' | 'consumed' | 'cancelled';

/** How far a person's yes goes: one call; this exact call in this session; this exact call for some minutes. */
export type GrantScope = 'once' | 'session' | 'call';

/** What a person says of a request. */
export interface ApprovalVote {
  /** Who decides. */
  readonly by: string;
  readonly approved: boolean;
  readonly at: Date;
  /** Shown to the model when the action was denied. */
  readonly note: string | null;
  readonly scope: GrantScope;
  /** How long a grant beyond one call lasts, in minutes; `null` for one call. */
  readonly minutes: number | null;
  /** Ed25519 over the vote, base64; `null` for an unsigned one. */
  readonly signature: string | null;
}

/** The call as a person sees it: paths, URLs, commands and SQL in clear, other secrets as type and length. */
export interface ShownCall {
  readonly intent: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A request that a person decides on one call. */
export interface ApprovalAsk {
  readonly id: string;
  readonly actionId: string;
  /** Keyed digest of exactly what would run: tool, action type, parameters, agent, declared task, session and principal. */
  readonly digest: string;
  readonly toolName: string;
  readonly actionType: string;
  readonly agentId: string;
  readonly taskId: string | null;
  readonly sessionId: string | null;
  readonly verdict: Extract<Verdict, 'ESCALATE' | 'DEFER'>;
  readonly reason: string;
  readonly ruleName: string | null;
  /** The list of approvers, or the person, that the rule names; `null` for anybody. */
  readonly escalateTo: string | null;
  /** 0–1. */
  readonly riskScore: number;
  /** Recorded, not digested: a reload alone does not undo an approval. */
  readonly policyRevision: string;
  /** Everything that asks for a person, as it was shown: what is asked for later by something else is asked again. */
  readonly objections: readonly string[];
  /** `null` once it is decided: what is in clear is erased. */
  readonly shown: ShownCall | null;
  /**
   * Hex SHA-256 of the canonical JSON of `shown`, as it was asked. Stays beside signed votes, which cover it; else `null`
   * once the request is decided.
   */
  readonly shownHash: string | null;
  /** Distinct approvers that must say yes; 1 or more. */
  readonly quorum: number;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  /** The same by a clock that nobody sets: which machine's, since which start, and milliseconds on it. */
  readonly expiresOn: MachineTime | null;
  /** The writer whose call waits for the answer; `null` where the call was refused for now and may come again. */
  readonly waiter: string | null;
}

/** A time by a machine's monotonic clock, which can be compared on that machine until it starts anew. */
export interface MachineTime {
  /** Names the machine and its start. */
  readonly boot: string;
  /** Milliseconds. */
  readonly at: number;
}

/** A request as the store has it. */
export interface Approval extends ApprovalAsk {
  readonly state: ApprovalState;
  readonly votes: readonly ApprovalVote[];
  /** Who decided last; `null` while pending, or where time did. */
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly note: string | null;
  /** The action that ran by it. */
  readonly consumedBy: string | null;
}

/** A yes beyond one call. It is for one exact call, ends by itself and can be revoked. */
export interface Grant {
  readonly id: string;
  readonly approvalId: string;
  readonly scope: Exclude<GrantScope, 'once'>;
  readonly digest: string;
  /** The session that it is for; `null` for one of scope `call`. */
  readonly sessionId: string | null;
  readonly agentId: string;
  readonly toolName: string;
  /** What the person saw when they granted it. */
  readonly objections: readonly string[];
  readonly grantedBy: string;
  readonly grantedAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

/** What a journaled decision uses up, or relies on: the store checks it in the same transaction. */
export interface Consumption {
  readonly approvalId?: string | undefined;
  readonly grantId?: string | undefined;
  /** Wall clock, epoch milliseconds: an approval or a grant that has expired by then is not there any more. */
  readonly now: number;
}

/** Thrown by a store that is asked to append a decision whose approval or grant is used up, revoked or expired. */
export class ApprovalSpentError extends Error {
  override readonly name = 'ApprovalSpentError';
}
