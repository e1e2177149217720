/** What is to be done with an intent, from the most permissive to the most restrictive. */
export type Verdict = 'ALLOW' | 'WARN' | 'DEFER' | 'ESCALATE' | 'BLOCK';

/** What became of a call: its verdict, or ERROR when the tool ran and threw. */
export type Outcome = Verdict | 'ERROR';

const SEVERITY: Readonly<Record<Verdict, number>> = Object.freeze({
  ALLOW: 0,
  WARN: 1,
  DEFER: 2,
  ESCALATE: 3,
  BLOCK: 4,
});

/** The verdicts as constants, with the two questions that callers ask of one. */
export const Verdict = Object.freeze({
  ALLOW: 'ALLOW',
  WARN: 'WARN',
  DEFER: 'DEFER',
  ESCALATE: 'ESCALATE',
  BLOCK: 'BLOCK',
  /** True for ALLOW and WARN: the action may proceed. */
  isPermissive: (verdict: Verdict): boolean => verdict === 'ALLOW' || verdict === 'WARN',
  /** True for BLOCK, ESCALATE and DEFER: the action does not proceed now. */
  isBlocking: (verdict: Verdict): boolean =>
    verdict === 'BLOCK' || verdict === 'ESCALATE' || verdict === 'DEFER',
});

/** 0 (ALLOW) to 4 (BLOCK). */
export function severity(verdict: Verdict): number {
  return SEVERITY[verdict];
}

/** True when `value` is one of the five verdict words; anything else is garbage and must block. */
export function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'string' && Object.hasOwn(SEVERITY, value);
}

/** The more restrictive of two verdicts. */
export function worst(a: Verdict, b: Verdict): Verdict {
  return SEVERITY[a] >= SEVERITY[b] ? a : b;
}
