import type { Evaluator } from '../core/evaluator.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { RiskLevel } from '../core/levels.ts';
import { compileGlob } from '../policy/glob.ts';

/** Which actions need a person. */
export interface HumanGateOptions {
  /** Declared risk levels that always ask, e.g. `['CRITICAL']`. */
  readonly riskLevels: readonly RiskLevel[];
  /** fnmatch globs over the action type, e.g. `['payment.*']`. */
  readonly actionTypes: readonly string[];
}

/**
 * Escalates actions of the listed risk levels and action types. With nobody to ask it blocks: an approval that
 * cannot be had is a refusal. Metadata: `riskLevel`, or `actionType` and the `glob` that it matched.
 */
export function humanGate({ riskLevels, actionTypes }: HumanGateOptions): Evaluator {
  const levels: ReadonlySet<string> = new Set(riskLevels);
  const globs = actionTypes.map((glob) => ({ glob, matcher: compileGlob(glob) }));

  function why({ riskLevel, actionType }: ActionIntent) {
    if (levels.has(riskLevel)) {
      return { about: `risk level ${riskLevel}`, metadata: { riskLevel } };
    }
    for (let i = 0; i < globs.length; i++) {
      const entry = globs[i];
      if (entry?.matcher.test(actionType)) {
        return { about: `type ${actionType}`, metadata: { actionType, glob: entry.glob } };
      }
    }
    return undefined;
  }

  return {
    name: 'human_gate',
    evaluate(intent, { canAsk }) {
      const found = why(intent);
      if (found === undefined) return undefined;
      const { about, metadata } = found;
      if (canAsk) {
        return {
          verdict: 'ESCALATE',
          reason: `Actions of ${about} need a person's approval`,
          suggestedAction: 'ask for approval, or reach the goal with a less risky action',
          metadata,
        };
      }
      return {
        verdict: 'BLOCK',
        reason: `Actions of ${about} need a person's approval, and there is nobody to ask`,
        suggestedAction:
          'give the guard an `escalationHandler: (action) => boolean` that asks a person, or let its queue be asked: `approvals: {via: auto}`',
        metadata: { ...metadata, canAsk: false },
      };
    },
  };
}
