/**
 * What a condition can see of one call. Every member is read only when the condition asks for it, so getters that
 * compute on demand are welcome. Names are those of the condition language.
 */
export interface ConditionScope {
  /** The call's arguments by name: a private copy that nothing else changes. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly action_type: string;
  readonly tool_name: string;
  readonly intent: string;
  readonly risk_level: string;
  /** USD. */
  readonly estimated_cost: number;
  readonly agent: {
    readonly id: string;
    /** 0–1. */
    readonly trust_level: number;
    readonly action_count: number;
    /** 0–1. */
    readonly error_rate: number;
    readonly violations: number;
  };
  readonly task: { readonly id: string | null; readonly estimated_cost: number; readonly context: string };
  readonly session: { readonly id: string | null };
  /** The end user: a name, `null`, or an object whose keys are read like attributes. */
  readonly principal: unknown;
  readonly tags: readonly string[];
  /** Actions of this agent in the last five minutes. */
  readonly rate_last_5min: number;
}
