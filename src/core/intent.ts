import type { RiskLevel } from './levels.ts';

/** One hop of a delegation chain. */
export interface AgentCall {
  readonly agentId: string;
  /** 0–1, as the ledger knows it where the agent is registered; otherwise what the hop declares. */
  readonly trustLevel: number;
  readonly instruction: string;
  readonly timestamp: Date;
}

/** An action that an agent wants to take, as every evaluator sees it. Frozen. */
export interface ActionIntent {
  /** Hierarchical descriptor, e.g. `file.delete`. */
  readonly actionType: string;
  readonly toolName: string;
  /** A private, frozen copy of the arguments by name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly agentId: string;
  /** What the agent says it is doing, in words. */
  readonly taskContext: string;
  /** UUIDv7, unique for this intent. */
  readonly actionId: string;
  readonly taskId: string | null;
  readonly sessionId: string | null;
  readonly timestamp: Date;
  /** USD, zero or more. */
  readonly estimatedCost: number;
  readonly riskLevel: RiskLevel;
  readonly instructionChain: readonly AgentCall[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The text that rules are matched against. */
  readonly intent: string;
  /** The framework's own id for this call. Ids of frameworks repeat; never a key on its own. */
  readonly callId: string | null;
  /** The end user on whose behalf the agent acts. */
  readonly principal: string | null;
  readonly tags: readonly string[];
  /** Which adapter intercepted the call; `null` for a plain function. */
  readonly framework: string | null;
}

/** What a caller writes to describe an action for a dry run: only the first field is needed. */
export type ActionIntentInput = { readonly actionType: string } & {
  readonly [Key in Exclude<keyof ActionIntent, 'actionType'>]?: ActionIntent[Key] | undefined;
};
