import type { EvaluatorResult } from '../core/result.ts';
import { severity, type Verdict } from '../core/verdict.ts';
import type { PolicyVerdict } from './rule-input.ts';

/** What one list (rules or condition policies) says of an intent: its first match, ready to be a result. */
export interface Match {
  /** -1 for ALLOW_OVERRIDE, else the verdict's severity: the worse of two matches has the higher rank. */
  readonly rank: number;
  readonly result: EvaluatorResult;
  /** The same, saying that a bare string was read as text. Made once: most strings are. */
  readonly asText?: Match | undefined;
}

/** Everything that a rule or a policy has to say once it matches. */
export interface MatchParts {
  readonly verdict: PolicyVerdict;
  readonly reason: string;
  readonly ruleName: string | null;
  readonly policyName: string | null;
  readonly suggestion?: string | undefined;
  readonly escalateTo?: string | undefined;
  readonly deferSeconds?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly defaulted?: boolean | undefined;
}

/** Builds a match once, at load: judging then allocates nothing for it. */
export function makeMatch(parts: MatchParts, more: Readonly<Record<string, unknown>> = {}): Match {
  const override = parts.verdict === 'ALLOW_OVERRIDE';
  const verdict: Verdict = parts.verdict === 'ALLOW_OVERRIDE' ? 'ALLOW' : parts.verdict;
  const metadata = Object.freeze({
    ruleName: parts.ruleName,
    policyName: parts.policyName,
    ...(parts.escalateTo === undefined ? {} : { escalateTo: parts.escalateTo }),
    ...(parts.deferSeconds === undefined ? {} : { deferSeconds: parts.deferSeconds }),
    ...(parts.timeoutSeconds === undefined ? {} : { timeoutSeconds: parts.timeoutSeconds }),
    ...(parts.defaulted === true ? { defaulted: true } : {}),
    ...(override ? { override: true } : {}),
    ...more,
  });
  const result: EvaluatorResult = Object.freeze({
    verdict,
    reason: parts.reason,
    confidence: 1,
    evaluatorName: 'policy_engine',
    suggestedAction: parts.suggestion ?? null,
    metadata,
  });
  return new MadeMatch(override ? -1 : severity(verdict), result);
}

class MadeMatch implements Match {
  readonly rank: number;
  readonly result: EvaluatorResult;
  #asText: Match | undefined;

  constructor(rank: number, result: EvaluatorResult) {
    this.rank = rank;
    this.result = result;
    Object.freeze(this);
  }

  get asText(): Match {
    this.#asText ??= withMetadata(this, { readAs: 'text' });
    return this.#asText;
  }
}

/** The same match with more metadata, for what is known only at judging. */
export function withMetadata(match: Match, more: Readonly<Record<string, unknown>>): Match {
  const metadata = Object.freeze({ ...match.result.metadata, ...more });
  return { rank: match.rank, result: Object.freeze({ ...match.result, metadata }) };
}

/** The worse of two matches; the first of equal ones. */
export function worseMatch(a: Match | undefined, b: Match | undefined): Match | undefined {
  if (a === undefined) return b;
  return b === undefined || a.rank >= b.rank ? a : b;
}
