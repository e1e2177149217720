import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { Peer } from '../peer.ts';
import type { Rule, Workload } from '../workload.ts';

/** Cedar's WebAssembly build with its stateful interface: the policy set is parsed once and named in each call. */
export const cedar: Peer = {
  name: 'cedar-wasm',
  packageName: '@cedar-policy/cedar-wasm',
  scope: 'policy',
  setup: async (workload) => {
    if (workload.kind === 'regex')
      return { unable: 'no regular expressions, only the `*` wildcard of `like`' };
    const preparsedPolicySetId = load(workload);
    const principal = { type: 'Agent', id: 'bench' };
    const action = { type: 'Action', id: 'call' };
    const resource = { type: 'Tool', id: 'bench' };
    return [
      {
        label:
          '`preparsePolicySet` once, `statefulIsAuthorized` per call; one `forbid … when { context.text like "…*" }` a rule',
        decide: ({ text }) => {
          const context = { text };
          const answer = statefulIsAuthorized({
            principal,
            action,
            resource,
            context,
            preparsedPolicySetId,
            entities: [],
          });
          if (answer.type === 'failure')
            throw new Error(answer.errors.map((error) => error.message).join('; '));
          return answer.response.decision === 'deny';
        },
      },
    ];
  },
};

function load({ title, size, rules }: Workload): string {
  const id = `${title} ${size}`;
  const forbids = rules.map(
    (rule) => `forbid(principal, action, resource) when { context.text like "${likePattern(rule)}" };`,
  );
  const answer = preparsePolicySet(id, {
    staticPolicies: `permit(principal, action, resource);\n${forbids.join('\n')}`,
  });
  if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join('; '));
  return id;
}

function likePattern(rule: Rule): string {
  if (rule.kind === 'gap') return `*${rule.literals.join('*')}*`;
  if (rule.kind === 'prefix') return `${rule.literal}*`;
  throw new Error('Cedar has no regular expressions');
}
