import { type Enforcer, newEnforcer, newModelFromString } from 'casbin';
import type { Peer, Way } from '../peer.ts';
import { regexOf, type Workload } from '../workload.ts';

/** casbin with one policy line a rule and the effect "deny overrides"; `enforceSync` stops at the first denial. */
export const casbin: Peer = {
  name: 'casbin',
  packageName: 'casbin',
  scope: 'policy',
  setup: async (workload) => {
    if (workload.kind === 'prefix')
      return [await way(workload, 'keyMatch(r.text, p.rule)', '`keyMatch` in the matcher')];
    return [
      await way(workload, 'regexMatch(r.text, p.rule)', '`regexMatch` in the matcher'),
      await way(
        workload,
        'hits(r.text, p.rule)',
        'an own function (`addFunction`) that keeps the compiled `RegExp`',
      ),
    ];
  },
};

async function way({ rules }: Workload, matcher: string, label: string): Promise<Way> {
  const model = newModelFromString(
    [
      '[request_definition]',
      'r = text',
      '[policy_definition]',
      'p = rule, eft',
      '[policy_effect]',
      'e = !some(where (p.eft == deny))',
      '[matchers]',
      `m = ${matcher}`,
    ].join('\n'),
  );
  const enforcer: Enforcer = await newEnforcer(model);
  await enforcer.addFunction('hits', cachedMatch());
  await enforcer.addPolicies(
    rules.map((rule) => [rule.kind === 'prefix' ? `${rule.literal}*` : regexOf(rule), 'deny']),
  );
  return { label: `\`enforceSync\`, ${label}`, decide: ({ text }) => !enforcer.enforceSync(text) };
}

function cachedMatch(): (text: string, source: string) => boolean {
  const compiled = new Map<string, RegExp>();
  return (text, source) => {
    let pattern = compiled.get(source);
    if (pattern === undefined) {
      pattern = new RegExp(source);
      compiled.set(source, pattern);
    }
    return pattern.test(text);
  };
}
