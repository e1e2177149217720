import { severity, Verdict } from '../../core/verdict.ts';
import type { ConditionPolicies, ConditionPolicy } from '../condition-policies.ts';
import type { Glob } from '../glob.ts';
import { duplicateNames, type Finding, finding, nameOf } from './finding.ts';

/** Everything to say about a list of condition policies. */
export function lintConditions({ policies }: ConditionPolicies): Finding[] {
  const found = duplicateNames('policy', policies);
  for (const [i, policy] of policies.entries()) {
    found.push(...ownFindings(policy));
    const earlier = policies.slice(0, i).find((other) => covers(other, policy));
    if (earlier !== undefined) found.push(coveredBy(earlier, policy));
    else if (
      alwaysHolds(policy) &&
      isForEverything(policy) &&
      policy.match !== undefined &&
      i < policies.length - 1
    ) {
      const message = `The ${nameOf('policy', policy)} matches every action, so no policy below it is ever reached. Narrow it, move it to the end, or use \`global.default_verdict\`.`;
      found.push(finding('warning', 'matches-everything', policy, message));
    }
  }
  return found;
}

function ownFindings(policy: ConditionPolicy): Finding[] {
  const found: Finding[] = [];
  const name = nameOf('policy', policy);
  const constant = policy.condition?.constant ?? null;
  if (constant === true) {
    const message = `The condition of ${name} holds for every call. Leave \`condition\` out if that is meant.`;
    found.push(finding('warning', 'constant-condition', policy, message));
  }
  if (constant === false) {
    const restrictive = policy.match === undefined || Verdict.isBlocking(policy.match.result.verdict);
    const message = `The condition of ${name} holds for no call, so the policy never does anything. Does it compare two texts instead of a parameter?`;
    found.push(finding(restrictive ? 'error' : 'warning', 'constant-condition', policy, message));
  }
  if (policy.actionTypes.length === 0) {
    const message = `The \`action_types\` of ${name} are an empty list, so it applies to nothing. Leave them out for every type of action.`;
    found.push(finding('error', 'never-applies', policy, message));
  }
  const { match } = policy;
  if (match !== undefined && match.result.reason === '' && match.result.verdict !== 'ALLOW') {
    const message = `The ${name} has no message. Say in \`message\` why, and the model can choose another way.`;
    found.push(finding('note', 'empty-reason', policy, message));
  }
  return found;
}

function coveredBy(earlier: ConditionPolicy, later: ConditionPolicy): Finding {
  const first = earlier.match;
  const second = later.match;
  if (isSame(earlier, later) && first !== undefined && second !== undefined && first.rank !== second.rank) {
    const message = `The ${nameOf('policy', earlier)} says ${verdictOf(earlier)} and the ${nameOf('policy', later)} says ${verdictOf(later)} for the same actions and condition. The first one decides; remove one of them.`;
    return finding('error', 'contradiction', later, message, earlier);
  }
  // A policy that only demands trust says BLOCK when it speaks.
  const said = severity(second?.result.verdict ?? 'BLOCK');
  const lost = first !== undefined && said > severity(first.result.verdict);
  const message = `The ${nameOf('policy', later)} is never reached while conditions can be computed: the ${nameOf('policy', earlier)} matches everything that it matches. ${lost ? 'Move it up.' : 'Remove it, or move it up.'}`;
  return finding(lost ? 'error' : 'warning', 'unreachable', later, message, earlier);
}

function verdictOf({ match }: ConditionPolicy): string {
  if (match === undefined) return 'BLOCK';
  return match.rank < 0 ? 'ALLOW_OVERRIDE' : match.result.verdict;
}

/** Whether `earlier` decides wherever `later` would. One that only demands trust lets the walk go on: it covers none. */
function covers(earlier: ConditionPolicy, later: ConditionPolicy): boolean {
  if (earlier.match === undefined || later.actionTypes.length === 0) return false;
  if (!later.actionTypes.every((glob) => earlier.actionTypes.some((wider) => coversGlob(wider, glob))))
    return false;
  return alwaysHolds(earlier) || earlier.condition?.source === later.condition?.source;
}

function isSame(a: ConditionPolicy, b: ConditionPolicy): boolean {
  const types = (policy: ConditionPolicy): string =>
    JSON.stringify(policy.actionTypes.map(({ source }) => source).sort());
  return a.condition?.source === b.condition?.source && types(a) === types(b);
}

function alwaysHolds({ condition }: ConditionPolicy): boolean {
  return condition === null;
}

function isForEverything({ actionTypes }: ConditionPolicy): boolean {
  return actionTypes.some(({ shape }) => shape === 'any');
}

/** Whether `wider` is seen to match every text that `glob` matches. Never says so wrongly. */
function coversGlob(wider: Glob, glob: Glob): boolean {
  if (wider.shape === 'any' || wider.source === glob.source) return true;
  if (glob.shape === 'exact') return wider.test(glob.literal);
  if (wider.shape === 'prefix') {
    return (glob.shape === 'prefix' || glob.shape === 'general') && glob.literal.startsWith(wider.literal);
  }
  return wider.shape === 'suffix' && glob.shape === 'suffix' && glob.literal.endsWith(wider.literal);
}
