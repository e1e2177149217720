import type { Intent, Workload } from './workload.ts';

/** Judges one intent: true if a rule blocks it. */
export type Decide = ((intent: Intent) => boolean) | ((intent: Intent) => Promise<boolean>);

/** One documented way to drive a package for a workload, ready to be called. */
export interface Way {
  /** What the report says about it. */
  readonly label: string;
  readonly decide: Decide;
  /** True if `decide` returns a promise. Default false. */
  readonly waits?: true;
}

/** A package in the comparison. */
export interface Peer {
  readonly name: string;
  /** The npm package that `version` is read from; null for what comes with Node. */
  readonly packageName: string | null;
  /**
   * How much of a guard's work it does, so that like is compared with like: `guard` (every evaluator, the call's
   * arguments copied), `policy` (an engine that decides by its policies) or `list` (a list of rules, walked).
   */
  readonly scope: 'guard' | 'policy' | 'list';
  /**
   * Loads the rules of a workload. More than one way: each is tried on the workload and the fastest counts.
   * `unable` says why the package cannot do this work.
   */
  setup(workload: Workload): Promise<readonly Way[] | { readonly unable: string }>;
}
