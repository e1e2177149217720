import { PolicyConditionError } from '../core/errors.ts';
import { type CompiledCondition, compileCondition } from './conditions/compile.ts';
import { ConditionRuntimeError, ConditionSyntaxError } from './conditions/errors.ts';
import { Run } from './conditions/run.ts';
import type { ConditionScope } from './conditions/scope.ts';
import { compileGlob, type Glob } from './glob.ts';
import { ConditionIndex } from './index/condition-index.ts';
import { type Match, makeMatch, withMetadata, worseMatch } from './match.ts';
import type { ConditionPolicyInput, SourcePosition } from './rule-input.ts';

/** One condition policy, compiled. */
export interface ConditionPolicy {
  readonly name: string;
  readonly actionTypes: readonly Glob[];
  readonly condition: CompiledCondition | null;
  readonly minTrust: number | undefined;
  /** `undefined` when the policy only demands trust and states no verdict. */
  readonly match: Match | undefined;
  readonly position: SourcePosition | undefined;
}

/** A condition that could not be evaluated; kept in the decision's metadata. */
interface ConditionFailure {
  readonly policy: string;
  readonly error: string;
}

/** An ordered list of condition policies; the first that matches decides. */
export class ConditionPolicies {
  readonly policies: readonly ConditionPolicy[];
  readonly #index: ConditionIndex;

  /** Throws {@link PolicyConditionError} for a condition that is not a valid expression. */
  constructor(inputs: readonly ConditionPolicyInput[]) {
    this.policies = inputs.map(compilePolicy);
    this.#index = new ConditionIndex(this.policies);
  }

  /**
   * The first clean match, or something worse that a failing condition said on the way: a condition that errors
   * contributes its verdict unless that is ALLOW, and the walk goes on. All conditions share one budget of steps; those
   * that come after it is used up are errors.
   */
  match(scope: ConditionScope): Match | undefined {
    const run = new Run(scope);
    let failed: Match | undefined;
    let failures: ConditionFailure[] | undefined;
    let found: Match | undefined;
    this.#index.candidates(scope, (i) => {
      const policy = this.policies[i];
      if (policy === undefined) return false;
      try {
        if (policy.condition !== null && !policy.condition.evaluate(scope, run)) return false;
        found = verdictOf(policy, scope);
        return found !== undefined;
      } catch (error) {
        if (!(error instanceof ConditionRuntimeError)) throw error;
        failures ??= [];
        failures.push({ policy: policy.name, error: error.message });
        failed = worseMatch(failed, onFailure(policy, scope));
        return false;
      }
    });
    if (failures === undefined) return found;
    const decided = worseMatch(failed, found);
    return decided && withMetadata(decided, { conditionErrors: failures });
  }
}

function verdictOf(policy: ConditionPolicy, scope: ConditionScope): Match | undefined {
  const { minTrust } = policy;
  if (minTrust === undefined) return policy.match;
  const actualTrust = scope.agent.trust_level;
  return actualTrust >= minTrust ? policy.match : trustMatch(policy, minTrust, actualTrust);
}

function onFailure(policy: ConditionPolicy, scope: ConditionScope): Match | undefined {
  const match = verdictOf(policy, scope);
  return match === undefined || match.result.verdict === 'ALLOW' ? undefined : match;
}

function trustMatch(policy: ConditionPolicy, requiredTrust: number, actualTrust: number): Match {
  const reason = `Policy "${policy.name}" demands trust ${requiredTrust}; the agent (with its chain) has ${actualTrust}.`;
  const parts = { verdict: 'BLOCK', reason, ruleName: policy.name, policyName: policy.name } as const;
  return makeMatch(parts, { requiredTrust, actualTrust });
}

function compilePolicy(input: ConditionPolicyInput): ConditionPolicy {
  const { name, message, suggestion, escalateTo, deferSeconds, timeoutSeconds, minTrust } = input;
  const onlyTrust = minTrust !== undefined && input.verdict === undefined;
  const reason = message ?? '';
  const verdict = input.verdict ?? 'BLOCK';
  const told = { suggestion, escalateTo, deferSeconds, timeoutSeconds };
  return {
    name,
    actionTypes: (input.actionTypes ?? ['*']).map((glob) => compileGlob(glob)),
    condition: input.condition === undefined ? null : compile(name, input.condition),
    minTrust,
    match: onlyTrust ? undefined : makeMatch({ verdict, reason, ruleName: name, policyName: name, ...told }),
    position: input.position,
  };
}

function compile(name: string, source: string): CompiledCondition {
  try {
    return compileCondition(source);
  } catch (error) {
    if (!(error instanceof ConditionSyntaxError)) throw error;
    const { message, offset, hint } = error;
    const more = hint === undefined || hint === '' ? '' : ` ${hint}`;
    throw new PolicyConditionError(
      `The condition of policy "${name}" cannot be used: ${message} (at character ${offset + 1}).${more}`,
      { policy: name, condition: source, offset },
      { cause: error },
    );
  }
}
