import { PolicyParseError } from '../core/errors.ts';
import { combine } from '../core/evaluate.ts';
import type { EvaluationResult } from '../core/result.ts';
import { PatternIndex } from './index/pattern-index.ts';
import { type Match, makeMatch } from './match.ts';
import { checkPolicyCost } from './policy-cost.ts';
import { Rule, refuseUnknownKeys, verdictOfAction } from './rule.ts';
import type { RuleAction, RuleInput } from './rule-input.ts';

/** What a policy is made of. */
export interface PolicyOptions {
  readonly rules: readonly (Rule | RuleInput)[];
  /** Default `default`. */
  readonly name?: string | undefined;
  /** What happens to an intent that no rule matches. Default `block`. */
  readonly defaultAction?: RuleAction | undefined;
}

const POLICY_KEYS: readonly string[] = Object.freeze([
  'rules',
  'name',
  'defaultAction',
] satisfies (keyof PolicyOptions)[]);

/** An ordered list of rules; the first that matches decides. */
export class Policy {
  readonly name: string;
  readonly defaultAction: RuleAction;
  /** False when `defaultAction` was left out: among several layers such a policy has no opinion where nothing matches. */
  readonly statesDefault: boolean;
  /** What is said when no rule matches. */
  readonly fallback: Match;
  #rules: readonly Rule[] = [];
  #matches: readonly Match[] = [];
  #index: PatternIndex | undefined;

  /**
   * Throws PolicyParseError for an unknown key, for a rule that cannot be read, and for patterns that together would
   * be too slow.
   */
  constructor(options: PolicyOptions) {
    if (!Array.isArray(options?.rules))
      throw new PolicyParseError('A policy needs `rules`, a list of rules.');
    refuseUnknownKeys('A policy', options, POLICY_KEYS);
    const name: unknown = options.name ?? 'default';
    if (typeof name !== 'string') {
      throw new PolicyParseError(`A policy's name must be a string, not ${typeof name}.`);
    }
    this.name = name;
    this.defaultAction = options.defaultAction ?? 'block';
    this.statesDefault = options.defaultAction !== undefined;
    this.fallback = makeMatch({
      verdict: verdictOfAction(this.defaultAction),
      reason: `No rule matched, and the default action of policy "${this.name}" is ${this.defaultAction}.`,
      ruleName: null,
      policyName: this.name,
      defaulted: true,
    });
    // Array.from, unlike map, also visits the holes of a list.
    this.#compile(Array.from(options.rules, (rule) => (rule instanceof Rule ? rule : new Rule(rule))));
  }

  /** The rules in order. */
  get rules(): readonly Rule[] {
    return this.#rules;
  }

  /** Each rule's name in order: its own, or `block:^/etc/` with `#2` and so on for duplicates. */
  get ruleNames(): readonly string[] {
    return this.#matches.map((match) => match.result.metadata.ruleName ?? '');
  }

  /** Adds a rule at `index` (default: at the end). Every guard that holds this policy judges by it from now on. */
  addRule(rule: Rule | RuleInput, index: number = this.#rules.length): void {
    const added = rule instanceof Rule ? rule : new Rule(rule);
    if (!Number.isInteger(index) || index < 0 || index > this.#rules.length) {
      throw new PolicyParseError(`A rule can be added at 0 to ${this.#rules.length}, not at ${index}.`);
    }
    this.#compile(this.#rules.toSpliced(index, 0, added));
  }

  /** Builds the index over the rules now, so that the first call need not wait for it. */
  prepare(): this {
    this.#readyIndex();
    return this;
  }

  /** The first matching rule's verdict, or `undefined` when none matches. */
  match(intent: string): Match | undefined {
    const first = this.#readyIndex().first(intent);
    return first < 0 ? undefined : this.#matches[first];
  }

  /** Judges an intent string by these rules alone. Has no side effect. */
  evaluate(intent: string): EvaluationResult {
    if (typeof intent !== 'string') {
      throw new PolicyParseError(`A policy evaluates an intent string, not ${typeof intent}.`);
    }
    return combine([(this.match(intent) ?? this.fallback).result], 0);
  }

  #readyIndex(): PatternIndex {
    this.#index ??= new PatternIndex(this.#rules.map((rule) => rule.compiled));
    return this.#index;
  }

  #compile(rules: readonly Rule[]): void {
    const names = uniqueNames(rules);
    checkPolicyCost(rules, names, this.name);
    this.#rules = rules;
    this.#index = undefined;
    this.#matches = this.#rules.map((rule, i) => {
      const { verdict, reason, suggestion, escalateTo, deferSeconds } = rule;
      const ruleName = names[i] ?? rule.defaultName;
      return makeMatch({
        verdict,
        reason,
        suggestion,
        escalateTo,
        deferSeconds,
        ruleName,
        policyName: this.name,
      });
    });
  }
}

/** Names in order; the second rule of a name gets `#2`, the third `#3`, or the next number that no rule before has. */
function uniqueNames(rules: readonly Rule[]): string[] {
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  return rules.map((rule) => {
    const name = rule.name ?? rule.defaultName;
    let count = (counts.get(name) ?? 0) + 1;
    let unique = count === 1 ? name : `${name}#${count}`;
    while (taken.has(unique)) unique = `${name}#${++count}`;
    counts.set(name, count);
    taken.add(unique);
    return unique;
  });
}
