/** The risk that a tool's author declares for it. */
export type RiskLevel = 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';

/** How far an agent is trusted, by name; every level stands for a number from 0 to 1. */
export type TrustLevel = 'HUMAN' | 'ORCHESTRATOR' | 'PEER' | 'SUB_AGENT' | 'UNKNOWN';

const BASE_SCORE: Readonly<Record<RiskLevel, number>> = Object.freeze({
  LOW: 0.1,
  MEDIUM: 0.3,
  HIGH: 0.6,
  CRITICAL: 0.9,
});

const TRUST_SCORE: Readonly<Record<TrustLevel, number>> = Object.freeze({
  HUMAN: 1,
  ORCHESTRATOR: 0.8,
  PEER: 0.5,
  SUB_AGENT: 0.3,
  UNKNOWN: 0,
});

/** The risk levels as constants, with the base score (0–1) of each. */
export const RiskLevel = Object.freeze({
  LOW: 'LOW',
  MEDIUM: 'MEDIUM',
  HIGH: 'HIGH',
  CRITICAL: 'CRITICAL',
  /** LOW 0.1, MEDIUM 0.3, HIGH 0.6, CRITICAL 0.9; 1, the highest risk, for anything that is no level. */
  baseScore: (level: RiskLevel): number => (isRiskLevel(level) ? BASE_SCORE[level] : 1),
});

/** The trust levels as constants, with the score (0–1) of each. */
export const TrustLevel = Object.freeze({
  HUMAN: 'HUMAN',
  ORCHESTRATOR: 'ORCHESTRATOR',
  PEER: 'PEER',
  SUB_AGENT: 'SUB_AGENT',
  UNKNOWN: 'UNKNOWN',
  /** HUMAN 1, ORCHESTRATOR 0.8, PEER 0.5, SUB_AGENT 0.3, UNKNOWN 0; 0, no trust, for anything that is no level. */
  score: (level: TrustLevel): number =>
    typeof level === 'string' && Object.hasOwn(TRUST_SCORE, level) ? TRUST_SCORE[level] : 0,
});

/** True for one of the four risk level words. */
export function isRiskLevel(value: unknown): value is RiskLevel {
  return typeof value === 'string' && Object.hasOwn(BASE_SCORE, value);
}

/**
 * The number (0–1) that a trust level stands for.
 * Returns `undefined` for an unknown word, NaN, or a number outside 0–1, so that no caller mistakes it for trust.
 */
export function trustScore(level: TrustLevel | number): number | undefined {
  if (typeof level === 'number') return level >= 0 && level <= 1 ? level : undefined;
  return Object.hasOwn(TRUST_SCORE, level) ? TRUST_SCORE[level] : undefined;
}
