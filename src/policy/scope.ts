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
  /** The call with its arguments in canonical form, once for each meaning; none where they are as given. */
  readonly canonical: readonly ConditionScope[];
}

const NONE: readonly never[] = Object.freeze([]);

/** The call as conditions see it. */
export function scopesOf(intent: ActionIntent, facts: Facts, readings: Readings): Scopes {
  const given = new IntentScope(intent, facts);
  return { given, canonical: readings.read.size === 0 ? NONE : canonicalScopes(intent, facts, readings) };
}

function canonicalScopes(
  intent: ActionIntent,
  facts: Facts,
  { read, plainIntent }: Readings,
): readonly ConditionScope[] {
  const meanings = Math.max(...[...read.values()].map(({ values }) => values.length));
  const scopes: ConditionScope[] = [];
  for (let meaning = 0; meaning < meanings; meaning++) {
    const changed = new Map<string, string>();
    for (const [{ name, text, argv }, { values }] of read) {
      const value = values[meaning] ?? values[0] ?? text;
      if (argv === null && value !== text) changed.set(`${name}\0${text}`, value);
    }
    if (changed.size === 0 && (plainIntent === intent.intent || meaning > 0)) continue;
    const parameters = facts.source.arguments.withTyped(
      (text, _, name) => changed.get(`${name}\0${text}`) ?? text,
    );
    scopes.push(new IntentScope({ ...intent, parameters, intent: plainIntent }, facts));
  }
  return scopes;
}
