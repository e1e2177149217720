import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import { ConditionPolicies } from './condition-policies.ts';
import { judgeSubjects, unreadableMatch, withReadAs } from './judge-subjects.ts';
import { type Match, makeMatch, worseMatch } from './match.ts';
import { Policy } from './policy.ts';
import type { LayerInput } from './rule-input.ts';
import { IntentScope, scopesOf } from './scope.ts';
import type { Subject } from './spellings/subject.ts';
import { MAX_UNTYPED, readIntent } from './spellings/subjects.ts';

/** One layer, compiled: a rule list, a list of condition policies, and what it says when neither matches. */
export interface Layer {
  readonly source: string | null;
  readonly policy: Policy | null;
  readonly conditions: ConditionPolicies | null;
  /** The default that the layer itself states; `null` when it states none. */
  readonly stated: Match | null;
  /** The default that holds when the layer stands alone. */
  readonly alone: Match;
}

/** Said when several layers are in force, nothing matched and none states a default. */
const NO_LAYER_DEFAULT: Match = makeMatch({
  verdict: 'BLOCK',
  reason: 'No rule matched, and no layer states a default action.',
  ruleName: null,
  policyName: null,
  defaulted: true,
});

/** Compiles what a file says. Throws PolicyParseError and PolicyConditionError. */
export function compileLayer(input: LayerInput): Layer {
  const { name, source, rules, defaultAction, defaultVerdict } = input;
  const policy = input.hasRules
    ? new Policy({ rules, name, ...(defaultAction === null ? {} : { defaultAction }) }).prepare()
    : null;
  const conditions = input.policies.length === 0 ? null : new ConditionPolicies(input.policies);
  const verdict = defaultVerdict ?? 'ALLOW';
  const reason = `No rule or policy matched, and the default verdict is ${verdict}.`;
  const byVerdict = makeMatch({ verdict, reason, ruleName: null, policyName: name, defaulted: true });
  if (policy !== null) {
    return {
      source,
      policy,
      conditions,
      stated: policy.statesDefault ? policy.fallback : null,
      alone: policy.fallback,
    };
  }
  return { source, policy, conditions, stated: defaultVerdict === null ? null : byVerdict, alone: byVerdict };
}

/** A Policy made in code as a layer of its own. */
export function layerOfPolicy(policy: Policy): Layer {
  const stated = policy.statesDefault ? policy.fallback : null;
  return { source: null, policy: policy.prepare(), conditions: null, stated, alone: policy.fallback };
}

/**
 * Each layer judges, and the worst verdict wins: a later layer cannot weaken an earlier one. A single layer falls
 * back on its default; among several, one that states none has no opinion where nothing matches. What cannot be read
 * is at least `unreadable`, unless a rule permits exactly that text.
 */
export function judgeLayers(
  layers: readonly Layer[],
  intent: ActionIntent,
  facts: Facts,
  unreadable: 'escalate' | 'allow' | 'block' = 'escalate',
): Match {
  const { source } = facts;
  if (!layers.some(hasRules) && isPlain(source)) return judgeConditions(layers, intent, facts);
  const readings = readIntent(intent.intent, source, facts);
  const { subjects } = readings;
  const scopes = layers.some(hasConditions) ? scopesOf(intent, facts, readings) : null;
  const isAlone = layers.length === 1;
  let worst: Match | undefined;
  let unread: readonly Subject[] | undefined;
  for (const { policy, conditions, alone, stated } of layers) {
    const judged = judgeSubjects(
      policy?.readyWalk() ?? null,
      conditions === null || scopes === null ? undefined : conditions.match(scopes.given, scopes.canonical),
      isAlone ? alone : (stated ?? undefined),
      subjects,
    );
    worst = worseMatch(worst, judged.match);
    unread = unread === undefined ? judged.unreadable : [...unread, ...judged.unreadable];
  }
  unread ??= subjects.filter((subject) => subject.unreadable !== null);
  worst ??= NO_LAYER_DEFAULT;
  const decided = unread.length === 0 ? worst : worseMatch(worst, unreadableMatch(unread, unreadable));
  return withReadAs(decided ?? worst, source.readAs);
}

/**
 * The same where there are conditions alone and nothing to be read: they are asked of the call as it is, which takes half
 * the time.
 */
function judgeConditions(layers: readonly Layer[], intent: ActionIntent, facts: Facts): Match {
  const scope = new IntentScope(intent, facts);
  const isAlone = layers.length === 1;
  let worst: Match | undefined;
  for (const { conditions, alone, stated } of layers) {
    const said = conditions?.match(scope) ?? (isAlone ? alone : (stated ?? undefined));
    worst = worseMatch(worst, said);
  }
  return withReadAs(worst ?? NO_LAYER_DEFAULT, facts.source.readAs);
}

function isPlain({ arguments: { areTyped, count } }: Facts['source']): boolean {
  return !areTyped && count <= MAX_UNTYPED;
}

function hasRules({ policy }: Layer): boolean {
  return policy !== null;
}

function hasConditions({ conditions }: Layer): boolean {
  return conditions !== null;
}
