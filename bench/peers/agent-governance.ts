import { PolicyEngine, type PolicyRule } from '@microsoft/agent-governance-sdk';
import type { Peer } from '../peer.ts';

/**
 * The policy engine of Microsoft's SDK. Its rules compare values for equality or order and match action names by
 * dotted prefix, so prefix rules are asked as action names, with dots in place of slashes.
 */
export const agentGovernance: Peer = {
  name: 'agent-governance-sdk',
  packageName: '@microsoft/agent-governance-sdk',
  scope: 'policy',
  setup: async ({ rules }) => {
    const denials: PolicyRule[] = [];
    for (const rule of rules) {
      if (rule.kind !== 'prefix') return { unable: 'no regular expressions or wildcards inside a value' };
      denials.push({ action: `${rule.literal.slice(0, -1).replaceAll('/', '.')}.*`, effect: 'deny' });
    }
    const engine = new PolicyEngine([...denials, { action: '*', effect: 'allow' }]);
    return [
      {
        label: '`PolicyEngine.evaluate`, one action glob (`tenant.area.*`) a rule, first match',
        decide: ({ dotted }) => engine.evaluate(dotted) === 'deny',
      },
    ];
  },
};
