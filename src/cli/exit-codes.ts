import type { Verdict } from '../core/verdict.ts';

/** What the process says when it ends. */
export const EXIT = Object.freeze({ ok: 0, failure: 1, usage: 2, blocked: 3, escalated: 4 });

/** The exit code for a verdict: 0 allowed (also with a warning), 3 blocked, 4 escalated or deferred. */
export function exitCodeOf(verdict: Verdict): number {
  if (verdict === 'BLOCK') return EXIT.blocked;
  return verdict === 'ESCALATE' || verdict === 'DEFER' ? EXIT.escalated : EXIT.ok;
}
