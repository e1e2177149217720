import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { ConditionScope } from './conditions/scope.ts';
import type { Readings } from './spellings/subjects.ts';

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

/** What conditions are computed on. */
export interface Scopes {
  readonly given: ConditionScope;
  /** The call with its arguments in canonical form; `undefined` where they are as given. */
  readonly canonical: ConditionScope | undefined;
}

/** The call as conditions see it. */
export function scopesOf(intent: ActionIntent, facts: Facts, { read }: Readings): Scopes {
  const given = new IntentScope(intent, facts);
  return { given, canonical: read.size === 0 ? undefined : canonicalScope(intent, facts, read) };
}

function canonicalScope(
  intent: ActionIntent,
  facts: Facts,
  read: Readings['read'],
): ConditionScope | undefined {
  const values = new Map<string, string>();
  for (const [{ name, text, argv }, { value }] of read) {
    if (argv === null && value !== text) values.set(`${name}\0${text}`, value);
  }
  if (values.size === 0) return undefined;
  const parameters = facts.source.arguments.withTyped(
    (text, _, name) => values.get(`${name}\0${text}`) ?? text,
  );
  return new IntentScope({ ...intent, parameters }, facts);
}
