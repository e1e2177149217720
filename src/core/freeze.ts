import type { EvaluatorResult } from './result.ts';

/** Why every call is refused, in every process on the store, until somebody lifts it. */
export interface Freeze {
  readonly reason: string;
  readonly at: Date;
  /** Who froze: a guard's writer id, or the command line. */
  readonly by: string;
}

/** What a frozen guard answers to every call, in `mode: monitor` too: a freeze is an emergency stop. */
export function frozenResult({ reason, at, by }: Freeze): EvaluatorResult {
  return {
    verdict: 'BLOCK',
    reason: `All actions are frozen: ${reason} (since ${at.toISOString()}, by ${by})`,
    confidence: 1,
    evaluatorName: 'freeze',
    suggestedAction:
      'stop and tell a person; only they lift a freeze: `plyra-guard unfreeze` or `guard.unfreeze()`',
    metadata: { frozen: true, stops: true },
  };
}
