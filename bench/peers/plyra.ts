import { ActionGuard, Policy } from 'plyra-guard';
import type { Peer, Way } from '../peer.ts';
import { regexOf, type Workload } from '../workload.ts';

/** Ours: a whole `evaluate`, with every evaluator on and its full result, not the matcher alone. */
export const plyra: Peer = {
  name: 'plyra-guard',
  packageName: 'plyra-guard',
  setup: async (workload) => [workload.kind === 'prefix' ? conditions(workload) : textRules(workload)],
};

/** Our rule list by itself, which is the work that a bare loop over patterns does. */
export const plyraRules: Peer = {
  name: 'plyra-guard, rules only',
  packageName: 'plyra-guard',
  bare: true,
  setup: async (workload) => {
    if (workload.kind === 'prefix') return { unable: 'a rule list has no conditions' };
    const policy = policyOf(workload);
    return [
      {
        label: '`policy.evaluate(text)`, one `Rule` a rule',
        decide: ({ text }) => policy.evaluate(text).verdict === 'BLOCK',
      },
    ];
  },
};

function textRules(workload: Workload): Way {
  const guard = new ActionGuard({ policy: policyOf(workload), snapshotPath: null });
  return {
    label: '`guard.evaluate(text)`, one `Rule` a rule',
    decide: ({ text }) => guard.evaluate(text).verdict === 'BLOCK',
  };
}

function policyOf({ rules }: Workload): Policy {
  return new Policy({
    rules: rules.map((rule) => ({ pattern: regexOf(rule), action: 'block' as const, reason: 'benchmark' })),
    defaultAction: 'allow',
  });
}

function conditions({ rules }: Workload): Way {
  const policies = rules.map((rule, at) => ({
    name: `prefix-${at}`,
    actionTypes: ['object.*'],
    condition: `parameters.key.startswith('${rule.kind === 'prefix' ? rule.literal : ''}')`,
    verdict: 'BLOCK' as const,
  }));
  const guard = new ActionGuard({ config: { policies }, snapshotPath: null });
  return {
    label:
      "`guard.evaluate({actionType, toolName, parameters})`, one policy with `parameters.key.startswith('…')` a rule",
    decide: ({ parameters }) =>
      guard.evaluate({ actionType: 'object.get', toolName: 'get_object', parameters }).verdict === 'BLOCK',
  };
}
