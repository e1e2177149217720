import { ARGUMENT_KINDS, type ArgumentKind, isArgumentKind } from '../core/argument-kind.ts';
import { PolicyParseError } from '../core/errors.ts';
import { combine } from '../core/evaluate.ts';
import { LEXICAL_FILES } from '../core/file-facts.ts';
import { bareSource } from '../core/intent-source.ts';
import type { EvaluationResult } from '../core/result.ts';
import { judgeSubjects, unreadableMatch, withReadAs } from './judge-subjects.ts';
import { type Match, makeMatch, worseMatch } from './match.ts';
import { checkPolicyCost } from './policy-cost.ts';
import { Rule, refuseUnknownKeys, verdictOfAction } from './rule.ts';
import type { RuleAction, RuleInput } from './rule-input.ts';
import { RuleWalk } from './rule-walk.ts';
import { readIntent } from './spellings/subjects.ts';

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
  #walk: RuleWalk | undefined;

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
    this.readyWalk();
    return this;
  }

  /** The rules, ready to be walked. */
  readyWalk(): RuleWalk {
    this.#walk ??= new RuleWalk(this.#rules, this.#matches);
    return this.#walk;
  }

  /**
   * Judges an intent string by these rules alone, and by its text alone: nothing is looked up in the file system. Has no
   * side effect. `as` says what the string is; by default it goes by how the string begins, else it is text. Throws
   * PolicyParseError for an intent that is no string, and for another kind.
   */
  evaluate(intent: string, { as }: { readonly as?: ArgumentKind | undefined } = {}): EvaluationResult {
    if (typeof intent !== 'string') {
      throw new PolicyParseError(`A policy evaluates an intent string, not ${typeof intent}.`);
    }
    if (as !== undefined && !isArgumentKind(as)) {
      throw new PolicyParseError(`\`as\` is one of ${ARGUMENT_KINDS.join(', ')}, not ${String(as)}.`);
    }
    const source = bareSource(intent, as);
    const { subjects } = readIntent(intent, source, { files: LEXICAL_FILES, parseSql: null });
    const judged = judgeSubjects(this.readyWalk(), undefined, this.fallback, subjects);
    const decided = worseMatch(judged.match, unreadableMatch(judged.unreadable, 'escalate')) ?? this.fallback;
    return combine([withReadAs(decided, source.readAs).result], 0);
  }

  #compile(rules: readonly Rule[]): void {
    const names = uniqueNames(rules);
    checkPolicyCost(rules, names, this.name);
    this.#rules = rules;
    this.#walk = undefined;
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
