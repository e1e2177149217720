import type { ArgumentKinds, ToolFamily } from '../core/argument-kind.ts';
import type { RiskLevel } from '../core/levels.ts';
import type { NamedHandler } from '../rollback/registry.ts';
import type { RunningContext } from './context.ts';

/** Makes the intent string of a call. `args` as called; `kwargs` the arguments by name. Both are frozen copies. */
export type IntentFn = (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => string;

/** What is known of a tool before it is called. */
export interface ToolSpec {
  readonly toolName: string;
  readonly actionType: string;
  readonly riskLevel: RiskLevel;
  readonly tags: readonly string[];
  /** Names of positional arguments, and the order of named ones. */
  readonly params: readonly string[] | undefined;
  readonly kinds: ArgumentKinds | undefined;
  /** What the tool works on, as far as its action type tells. */
  readonly family: ToolFamily | null;
  readonly intentFn: IntentFn | undefined;
  /** USD per call. */
  readonly estimatedCost: number;
  /** 0–1, or `null`. */
  readonly minTrust: number | null;
  readonly timeoutMs: number | null;
  readonly onBlock: 'throw' | 'return';
  readonly framework: string | null;
  /** False where nothing is captured before it runs. */
  readonly rollback: boolean;
  /** Undoes it by what its developer described; `null` where they did not. */
  readonly compensate: NamedHandler | null;
}

/** One call of a tool, before anything has looked at it. */
export interface ToolCall {
  readonly spec: ToolSpec;
  readonly args: readonly unknown[];
  readonly context: RunningContext;
  readonly callId: string | null;
  /** True when the tool's caller waits for a promise anyway, so that records may be written together. */
  readonly waits: boolean;
  /** Runs the tool. */
  readonly invoke: (args: unknown[]) => unknown;
}
