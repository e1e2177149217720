import type { Verdict } from '../core/verdict.ts';

/** A rule's action, in lower case as in YAML. */
export type RuleAction = 'allow' | 'block' | 'escalate' | 'warn' | 'defer';

/** Where something was written. Line and column count from 1. */
export interface SourcePosition {
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
}

/** One rule as written: a Python regular expression and what to do with an intent that it matches. */
export interface RuleInput {
  /** Python regular expression with search semantics. */
  readonly pattern: string;
  readonly action: RuleAction;
  /** Shown to the model and logged, verbatim. Default ''. */
  readonly reason?: string | undefined;
  /** Default: `block:^/etc/` (action, colon, pattern cut at 60). */
  readonly name?: string | undefined;
  /** What would be acceptable instead. */
  readonly suggestion?: string | undefined;
  readonly escalateTo?: string | undefined;
  readonly deferSeconds?: number | undefined;
  /** Where the rule was written, when it came from a file. */
  readonly position?: SourcePosition | undefined;
}

/** A verdict as a condition policy may state it; ALLOW_OVERRIDE also silences the risk scorer. */
export type PolicyVerdict = Verdict | 'ALLOW_OVERRIDE';

/** One condition policy as written, `extends` already resolved. */
export interface ConditionPolicyInput {
  readonly name: string;
  /** fnmatch globs over the action type. Default `['*']`. */
  readonly actionTypes?: readonly string[] | undefined;
  /** Python expression; absent: always matches. */
  readonly condition?: string | undefined;
  /** Default BLOCK. With `minTrust` and no verdict, the policy only demands the trust. */
  readonly verdict?: PolicyVerdict | undefined;
  readonly message?: string | undefined;
  readonly suggestion?: string | undefined;
  readonly escalateTo?: string | undefined;
  readonly deferSeconds?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  /** 0–1. An agent below it that matches is blocked, whatever the verdict. */
  readonly minTrust?: number | undefined;
  readonly position?: SourcePosition | undefined;
}

/**
 * One layer: what a file, or the guard's options, says. `rules` and `policies` are two lists; each gives its
 * first match or none and the worse decides. `null` defaults mean: the layer states none.
 */
export interface LayerInput {
  /** Name of the rule list. */
  readonly name: string;
  readonly source: string | null;
  readonly rules: readonly RuleInput[];
  readonly policies: readonly ConditionPolicyInput[];
  /** True when the file has a `rules` key, even an empty one. */
  readonly hasRules: boolean;
  readonly defaultAction: RuleAction | null;
  readonly defaultVerdict: Verdict | null;
}
