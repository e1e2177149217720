import type { Evaluator } from '../core/evaluator.ts';

/** Bounds on delegation. */
export interface CascadeOptions {
  /** Most hops of a chain. */
  readonly maxDepth: number;
  /** Most delegations in progress at once in this guard. */
  readonly maxConcurrent: number;
}

/**
 * Blocks an action at the end of a delegation chain that is too deep, runs in a circle, or is one of too many at
 * once. Metadata: `currentDepth` and `maxDepth`, or `active` and `maxConcurrent` beside them.
 */
export function cascade({ maxDepth, maxConcurrent }: CascadeOptions): Evaluator {
  return {
    name: 'cascade',
    evaluate(_intent, { delegation }) {
      const { depth, active, cycle } = delegation;
      // Written so that a NaN blocks.
      if (cycle === null && depth <= maxDepth && active <= maxConcurrent) return undefined;
      const metadata = { currentDepth: depth, maxDepth };
      if (cycle !== null) {
        return {
          verdict: 'BLOCK',
          reason: `The delegation chain runs in a circle: the agent ${cycle} occurs in it twice`,
          suggestedAction: `return the result to ${cycle} instead of delegating back to it`,
          metadata: { ...metadata, cycle },
        };
      }
      if (!(depth <= maxDepth)) {
        return {
          verdict: 'BLOCK',
          reason: `The delegation chain is ${depth} hops deep, and at most ${maxDepth} are allowed`,
          suggestedAction:
            'do the work in an agent nearer to the first one, or raise global.max_delegation_depth',
          metadata,
        };
      }
      return {
        verdict: 'BLOCK',
        reason: `${active} delegations are in progress, and at most ${maxConcurrent} are allowed at once`,
        suggestedAction: 'wait until some have ended, or raise global.max_concurrent_delegations',
        metadata: { ...metadata, active, maxConcurrent },
      };
    },
  };
}
