import { PolicyConditionError } from '../core/errors.ts';
import { Verdict } from '../core/verdict.ts';
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
  readonly suggestion: string | undefined;
  /** `undefined` when the policy only demands trust and states no verdict. */
  readonly match: Match | undefined;
  readonly position: SourcePosition | undefined;
}

/** A condition that could not be evaluated; kept in the decision's metadata. */
interface ConditionFailure {
  readonly policy: string;
  readonly error: string;
}

const NONE: readonly never[] = Object.freeze([]);

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
   * contributes its verdict unless that is ALLOW, and the walk goes on. With further scopes of the same call, which have
   * its values in canonical form, a restrictive policy needs to hold on one of them, a permissive one on all. All
   * conditions share one budget of steps for each scope; those that come after it is used up are errors.
   */
  match(scope: ConditionScope, canonical: readonly ConditionScope[] = NONE): Match | undefined {
    const runs = canonical.length === 0 ? [new Run(scope)] : [scope, ...canonical].map((one) => new Run(one));
    const failures: ConditionFailure[] = [];
    let failed: Match | undefined;
    let found: Match | undefined;
    const visit = (i: number): boolean => {
      const policy = this.policies[i];
      if (policy === undefined) return false;
      const match = verdictOf(policy, scope);
      try {
        if (!holds(policy, runs, match)) return false;
        found = match;
        return found !== undefined;
      } catch (error) {
        if (!(error instanceof ConditionRuntimeError)) throw error;
        failures.push({ policy: policy.name, error: error.message });
        if (match?.result.verdict !== 'ALLOW') failed = worseMatch(failed, match);
        return false;
      }
    };
    if (canonical.length === 0) this.#index.candidates(scope, visit);
    else for (const i of this.#candidatesOf([scope, ...canonical])) if (visit(i)) break;
    if (failures.length === 0) return found;
    const decided = worseMatch(failed, found);
    return decided && withMetadata(decided, { conditionErrors: failures });
  }

  /** Every policy that may hold in one of the scopes, in order. */
  #candidatesOf(scopes: readonly ConditionScope[]): number[] {
    const all = new Set<number>();
    for (const scope of scopes) {
      this.#index.candidates(scope, (i) => {
        all.add(i);
        return false;
      });
    }
    return [...all].sort((a, b) => a - b);
  }
}

/** Whether a policy's condition holds: in all scopes where it permits, else in one. Throws where a scope decides. */
function holds({ condition }: ConditionPolicy, runs: readonly Run[], match: Match | undefined): boolean {
  if (condition === null) return true;
  const isPermissive = match === undefined || Verdict.isPermissive(match.result.verdict);
  let failure: unknown;
  for (const run of runs) {
    try {
      if (condition.evaluate(run.scope, run) !== isPermissive) return !isPermissive;
    } catch (error) {
      if (isPermissive) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return isPermissive;
}

function verdictOf(policy: ConditionPolicy, scope: ConditionScope): Match | undefined {
  const { minTrust } = policy;
  if (minTrust === undefined) return policy.match;
  const actualTrust = scope.agent.trust_level;
  return actualTrust >= minTrust ? policy.match : trustMatch(policy, minTrust, actualTrust);
}

function trustMatch(policy: ConditionPolicy, requiredTrust: number, actualTrust: number): Match {
  const reason = `Policy "${policy.name}" demands trust ${requiredTrust}; the agent (with its chain) has ${actualTrust}.`;
  const { name, suggestion } = policy;
  const parts = { verdict: 'BLOCK', reason, ruleName: name, policyName: name, suggestion } as const;
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
    suggestion,
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
