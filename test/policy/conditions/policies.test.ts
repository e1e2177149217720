import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConditionPolicies } from '../../../src/policy/condition-policies.ts';
import { ConditionRuntimeError } from '../../../src/policy/conditions/errors.ts';
import type { ConditionScope } from '../../../src/policy/conditions/scope.ts';
import { soakFactor } from '../../seed.ts';
import { scopeOf } from './scope-of.ts';

const SLOW = 'any(a == -1 for a in parameters.l for b in parameters.l)';
const l = Array.from({ length: 2_000 }, (_, i) => i);

describe('the steps of one call', () => {
  test('are shared by its policies, and what comes after them counts as an error', () => {
    const policies = new ConditionPolicies([
      { name: 'slow', condition: SLOW, verdict: 'WARN' },
      { name: 'never', condition: "tool_name == 'other' or len(tags) > 9", verdict: 'BLOCK' },
      { name: 'open', condition: 'len(tags) > 0', verdict: 'ALLOW' },
    ]);
    const result = policies.match(scopeOf({ l }))?.result;
    expect(result).toMatchObject({ verdict: 'BLOCK', metadata: { ruleName: 'never' } });
    expect(result?.metadata.conditionErrors).toMatchObject([
      { policy: 'slow' },
      { policy: 'never' },
      { policy: 'open' },
    ]);
    expect(policies.match(scopeOf({ l: [] }))?.result.verdict).toBe('ALLOW');
  });

  test('add up over policies that are each affordable', () => {
    const half = Array.from({ length: 250 }, (_, i) => i);
    const one = new ConditionPolicies([{ name: 'p', condition: SLOW, verdict: 'BLOCK' }]);
    expect(one.match(scopeOf({ l: half }))).toBeUndefined();
    const many = new ConditionPolicies(
      Array.from({ length: 20 }, (_, i) => ({ name: `p${i}`, condition: SLOW, verdict: 'BLOCK' as const })),
    );
    expect(many.match(scopeOf({ l: half }))?.result.verdict).toBe('BLOCK');
  });

  test('start anew with the next call', () => {
    const policies = new ConditionPolicies([{ name: 'p', condition: SLOW, verdict: 'BLOCK' }]);
    expect(policies.match(scopeOf({ l }))?.result.verdict).toBe('BLOCK');
    expect(policies.match(scopeOf({ l: [1] }))).toBeUndefined();
  });
});

describe('a policy that demands trust', () => {
  test('says its suggestion where the trust is missing', () => {
    const policies = new ConditionPolicies([
      { name: 'trusted', minTrust: 0.5, suggestion: 'have the orchestrator do it' },
    ]);
    const agent = { id: 'w', trust_level: 0.3, action_count: 0, error_rate: 0, violations: 0 };
    expect(policies.match({ ...scopeOf({}), agent })?.result).toMatchObject({
      verdict: 'BLOCK',
      suggestedAction: 'have the orchestrator do it',
      metadata: { requiredTrust: 0.5 },
    });
  });
});

const subject = fc.constantFrom('parameters.a', 'parameters.b', 'parameters.d.e', 'parameters.a.lower()');
const literal = fc.constantFrom("''", "'x'", "'xy'", "'/etc'");
const condition = fc.oneof(
  fc.tuple(subject, literal).map(([s, t]) => `${s} == ${t}`),
  fc.tuple(subject, literal).map(([s, t]) => `${t} == ${s}`),
  fc.tuple(subject, literal).map(([s, t]) => `${t} in ${s}`),
  fc.tuple(subject, literal, literal).map(([s, t, u]) => `${s} in [${t}, ${u}]`),
  fc.tuple(subject, literal, literal).map(([s, t, u]) => `${s} in {${t}, ${u}} and intent == 'no'`),
  fc.tuple(subject, literal).map(([s, t]) => `intent == 'write /tmp/a' and ${s} == ${t}`),
  fc.tuple(subject, literal).map(([s, t]) => `agent.trust_level != 0.1 and ${s} == ${t}`),
  fc.tuple(subject, literal, literal).map(([s, t, u]) => `any(p == ${s} for p in (${t}, ${u}))`),
  fc.tuple(subject, subject, literal).map(([s, r, t]) => `${s} == ${t} or ${r} in (${t}, 'z')`),
);
const value = fc.oneof(
  fc.constantFrom('', 'x', 'xy', 'X', '/etc', undefined, null, 0, Number.NaN, true, 10n, new Date(0)),
  fc.constantFrom(['x'], [], { x: 1 }, { e: 'x' }, { e: ['x'] }, new Set(['x']), new Map([['e', 'xy']])),
  fc.constantFrom(new Uint8Array([120]), () => 'x'),
);

interface Failure {
  readonly policy: string;
  readonly error: string;
}

/** Every policy in turn, without an index: the clean match, and the errors of those that fail on the way to it. */
function linear(
  policies: ConditionPolicies,
  scope: ConditionScope,
): readonly [string | undefined, ...Failure[]] {
  const failed: Failure[] = [];
  for (const { name, condition: each } of policies.policies) {
    try {
      if (each?.evaluate(scope) === true) return [name, ...failed];
    } catch (error) {
      if (!(error instanceof ConditionRuntimeError)) throw error;
      failed.push({ policy: name, error: error.message });
    }
  }
  return [undefined, ...failed];
}

test('policies found by an index decide as all of them would in turn, errors included', () => {
  const verdicts = fc.constantFrom('ALLOW' as const, 'WARN' as const, 'BLOCK' as const);
  const scopes = fc.array(fc.record({ a: value, b: value, d: value }, { requiredKeys: [] }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(condition, verdicts), { maxLength: 12 }),
      scopes,
      fc.constantFrom(0.5, Number.NaN),
      (written, all, trust_level) => {
        // A policy at the end always says ALLOW, so that errors on the way to a clean match show.
        const inputs = written.map(([source, verdict], i) => ({ name: `p${i}`, condition: source, verdict }));
        const policies = new ConditionPolicies([...inputs, { name: 'end', verdict: 'BLOCK' as const }]);
        for (const parameters of all) {
          const agent = { id: 'w', trust_level, action_count: 0, error_rate: 0, violations: 0 };
          const scope = scopeOf(parameters, { agent });
          const [name, ...failed] = linear(policies, scope);
          const result = policies.match(scope)?.result;
          expect(result?.metadata.conditionErrors ?? []).toEqual(failed);
          if (failed.length === 0) expect(result?.metadata.ruleName).toBe(name ?? 'end');
        }
      },
    ),
    { numRuns: 500 * soakFactor },
  );
});
