import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { ConditionScope } from './conditions/scope.ts';

/** The names that a condition can use, read from an intent and its facts when asked for. */
export class IntentScope implements ConditionScope {
  readonly #intent: ActionIntent;
  readonly #facts: Facts;

  constructor(intent: ActionIntent, facts: Facts) {
    this.#intent = intent;
    this.#facts = facts;
  }

  get parameters(): Readonly<Record<string, unknown>> {
    return this.#intent.parameters;
  }

  get action_type(): string {
    return this.#intent.actionType;
  }

  get tool_name(): string {
    return this.#intent.toolName;
  }

  get intent(): string {
    return this.#intent.intent;
  }

  get risk_level(): string {
    return this.#intent.riskLevel;
  }

  get estimated_cost(): number {
    return this.#intent.estimatedCost;
  }

  get agent(): ConditionScope['agent'] {
    const { id, trustLevel, actionCount, errorRate, violations } = this.#facts.agent;
    return { id, trust_level: trustLevel, action_count: actionCount, error_rate: errorRate, violations };
  }

  get task(): ConditionScope['task'] {
    const { id, estimatedCost, context } = this.#facts.task;
    return { id, estimated_cost: estimatedCost, context };
  }

  get session(): ConditionScope['session'] {
    return this.#facts.session;
  }

  get principal(): string | null {
    return this.#intent.principal;
  }

  get tags(): readonly string[] {
    return this.#intent.tags;
  }

  get rate_last_5min(): number {
    return this.#facts.rateLast5Min;
  }
}
