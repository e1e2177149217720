import type { Evaluator } from '../core/evaluator.ts';
import type { AgentFacts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import { RiskLevel } from '../core/levels.ts';
import type { EvaluatorAnswer } from '../core/result.ts';
import { TaskAlignment } from './risk/alignment.ts';
import { NameTraits, scanArguments } from './risk/scan.ts';
import { ACTION_WORDS, RISK_WEIGHTS, type RiskSignals } from './risk/tables.ts';
import { textRisk } from './risk/text-risk.ts';
import { wordsOf } from './risk/words.ts';

/** How much risk is borne. */
export interface RiskScorerOptions {
  /** 0–1: a score above it blocks. `null`: scores are only reported. */
  readonly maxRiskScore: number | null;
}

/**
 * Scores a call 0–1 as the weighted sum of five signals (see `risk/tables.ts`). A score above
 * `maxRiskScore × (0.5 + 0.5 × trust)` escalates, one above `maxRiskScore` blocks. The breakdown is always in the
 * metadata: `riskScore`, `signals`, `threshold` and `maxRiskScore`.
 */
export function riskScorer({ maxRiskScore }: RiskScorerOptions): Evaluator {
  const verbs = new VerbScores();
  const names = new NameTraits();
  const texts = textRisk();
  const alignment = new TaskAlignment();

  const allowances = new Allowances();

  return {
    name: 'risk_scorer',
    evaluate(intent, { agent }) {
      const { sensitivity, blast } = scanArguments(intent.parameters, names, texts);
      const actionType = Math.max(RiskLevel.baseScore(intent.riskLevel), verbs.of(intent));
      const agentHistory = historyScore(agent);
      const taskAlignment = alignment.distance(intent);
      const { trustLevel } = agent;
      const known = allowances.find(actionType, sensitivity, blast, agentHistory, taskAlignment, trustLevel);
      if (known !== undefined) return known;
      const signals = Object.freeze({
        actionType,
        parameterSensitivity: sensitivity,
        blastRadius: blast,
        agentHistory,
        taskAlignment,
      });
      const riskScore = scoreOf(signals);
      const threshold = maxRiskScore === null ? null : rounded(maxRiskScore * (0.5 + 0.5 * trustLevel));
      // Frozen, so that nobody need copy it.
      const metadata = Object.freeze({ riskScore, signals, threshold, maxRiskScore });
      // Written so that a NaN in the settings or the facts refuses.
      if (maxRiskScore === null || threshold === null || riskScore <= Math.min(threshold, maxRiskScore)) {
        return allowances.add({ verdict: 'ALLOW', reason: WITHIN, metadata }, trustLevel);
      }
      if (!(riskScore <= maxRiskScore)) return refuse('BLOCK', metadata, `${maxRiskScore}, the most allowed`);
      const limit = `${threshold}, the most that an agent with a trust of ${trustLevel} may do alone`;
      return refuse('ESCALATE', metadata, limit);
    },
  };
}

/** An answer that allows, with the signals that led to it. */
interface Allowance extends EvaluatorAnswer {
  readonly metadata: { readonly signals: RiskSignals };
}

/** The last answers that allowed, for a guard sees the same few risks again and again. */
class Allowances {
  readonly #answers: Allowance[] = [];
  /** Six numbers for each answer: its signals and the trust. */
  readonly #numbers = new Float64Array(6 * 8);
  #oldest = 0;

  find(
    actionType: number,
    sensitivity: number,
    blast: number,
    history: number,
    alignment: number,
    trust: number,
  ): Allowance | undefined {
    const numbers = this.#numbers;
    for (let i = 0, at = 0; i < this.#answers.length; i++, at += 6) {
      // A NaN is equal to nothing.
      if (
        numbers[at] === actionType &&
        numbers[at + 1] === sensitivity &&
        numbers[at + 2] === blast &&
        numbers[at + 3] === history &&
        numbers[at + 4] === alignment &&
        numbers[at + 5] === trust
      )
        return this.#answers[i];
    }
    return undefined;
  }

  add(answer: Allowance, trust: number): Allowance {
    const { actionType, parameterSensitivity, blastRadius, agentHistory, taskAlignment } =
      answer.metadata.signals;
    this.#answers[this.#oldest] = Object.freeze(answer);
    this.#numbers.set(
      [actionType, parameterSensitivity, blastRadius, agentHistory, taskAlignment, trust],
      this.#oldest * 6,
    );
    this.#oldest = (this.#oldest + 1) % 8;
    return answer;
  }
}

const WITHIN = 'The risk score is within what is allowed.';

/** Weighted sum of the signals, 0–1, to four decimals. A signal that is no number counts 1. */
function scoreOf(signals: RiskSignals): number {
  const sum =
    RISK_WEIGHTS.actionType * signals.actionType +
    RISK_WEIGHTS.parameterSensitivity * signals.parameterSensitivity +
    RISK_WEIGHTS.blastRadius * signals.blastRadius +
    RISK_WEIGHTS.agentHistory * signals.agentHistory +
    RISK_WEIGHTS.taskAlignment * signals.taskAlignment;
  return sum >= 0 && sum <= 1 ? rounded(sum) : 1;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/**
 * An agent's record, 0–1: the higher of its error rate (weighed by how many actions it rests on), its violations
 * (five: 0.5; nineteen: 0.8) and, for an agent that nobody registered where others are, 0.5.
 */
function historyScore({ actionCount, errorRate, violations, registered, trustLevel }: AgentFacts): number {
  // Written so that a count that is no number makes the score one that is none: it then counts 1.
  const errors = actionCount <= 0 ? 0 : errorRate * (actionCount / (actionCount + 5));
  const blocked = violations <= 0 ? 0 : violations / (violations + 5);
  const unknown = !registered && trustLevel === 0 ? 0.5 : 0;
  return Math.max(errors, blocked, unknown);
}

/** The riskiest word of an action's type and tool name, remembered: a program has few tools. Holds at most 2,000. */
class VerbScores {
  readonly #known = new Map<string, number>();

  of({ actionType, toolName }: ActionIntent): number {
    const score = this.#scoreOf(actionType);
    return toolName === actionType ? score : Math.max(score, this.#scoreOf(toolName));
  }

  #scoreOf(name: string): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    let score = 0;
    for (const word of wordsOf(name, 1000)) {
      if (Object.hasOwn(ACTION_WORDS, word)) score = Math.max(score, ACTION_WORDS[word] ?? 0);
    }
    if (this.#known.size < 2000) this.#known.set(name, score);
    return score;
  }
}

/** What each signal is called, and what lowers it. */
const ADVICE: Readonly<Record<keyof RiskSignals, readonly [name: string, advice: string]>> = Object.freeze({
  actionType: ['the kind of action', 'use a less destructive action'],
  parameterSensitivity: ['sensitive arguments', 'keep secrets and system paths out of the arguments'],
  blastRadius: ['how far it reaches', 'name the exact targets instead of wildcards, flags and long lists'],
  agentHistory: ["the agent's record", 'have an agent with a better record make the call'],
  taskAlignment: ['its distance from the stated task', 'say in the task context what this call is for'],
});

function refuse(
  verdict: 'BLOCK' | 'ESCALATE',
  metadata: { readonly riskScore: number; readonly signals: RiskSignals },
  limit: string,
): EvaluatorAnswer {
  const { riskScore, signals } = metadata;
  const parts = (Object.keys(RISK_WEIGHTS) as (keyof RiskSignals)[])
    .filter((name) => signals[name] > 0)
    .sort((a, b) => RISK_WEIGHTS[b] * signals[b] - RISK_WEIGHTS[a] * signals[a])
    .slice(0, 2);
  const mostly = parts.map((name) => ADVICE[name][0]).join(' and ');
  return {
    verdict,
    reason: `The risk score ${riskScore} is above ${limit}; it comes mostly from ${mostly}`,
    suggestedAction: parts.map((name) => ADVICE[name][1]).join(', or '),
    metadata,
  };
}
