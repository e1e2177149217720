import { ActionGuard, Policy } from 'plyra-guard';
import { ConditionPolicies } from '../../src/policy/condition-policies.ts';
import type { Peer, Way } from '../peer.ts';
import { regexOf, type Workload } from '../workload.ts';

/** Ours: a whole `evaluate`, with every evaluator on and its full result, not the matcher alone. */
export const plyra: Peer = {
  name: 'plyra-guard',
  packageName: 'plyra-guard',
  scope: 'guard',
  setup: async (workload) => [workload.kind === 'prefix' ? conditions(workload) : textRules(workload)],
};

/** Ours with the evaluators switched off that no other policy engine has: what is left decides by policies alone. */
export const plyraPolicy: Peer = {
  name: 'plyra-guard, policy alone',
  packageName: 'plyra-guard',
  scope: 'policy',
  setup: async (workload) => [
    workload.kind === 'prefix' ? conditions(workload, POLICY_ALONE) : textRules(workload, POLICY_ALONE),
  ],
};

/** Our list of rules or conditions by itself, which is the work that a loop over a list does. */
export const plyraList: Peer = {
  name: 'plyra-guard, list alone',
  packageName: 'plyra-guard',
  scope: 'list',
  setup: async (workload) => [workload.kind === 'prefix' ? conditionList(workload) : ruleList(workload)],
};

const POLICY_ALONE = {
  schema_validator: { enabled: false },
  rate_limiter: { enabled: false },
  cost_estimator: { enabled: false },
  risk_scorer: { enabled: false },
};

function ruleList(workload: Workload): Way {
  const policy = policyOf(workload);
  return {
    label: "`policy.evaluate(text, { as: 'text' })`, one `Rule` a rule",
    decide: ({ text }) => policy.evaluate(text, { as: 'text' }).verdict === 'BLOCK',
  };
}

function conditionList(workload: Workload): Way {
  const list = new ConditionPolicies(policiesOf(workload));
  const call = {
    ...{
      action_type: 'object.get',
      tool_name: 'get_object',
      intent: '',
      risk_level: 'LOW',
      estimated_cost: 0,
    },
    agent: { id: 'default', trust_level: 1, action_count: 0, error_rate: 0, violations: 0 },
    task: { id: null, estimated_cost: 0, context: '' },
    ...{ session: { id: null }, principal: null, tags: [], rate_last_5min: 0 },
  };
  return {
    label: 'the list of condition policies that the policy engine walks, on a scope made before',
    decide: ({ parameters }) => list.match({ ...call, parameters })?.result.verdict === 'BLOCK',
  };
}

function textRules(workload: Workload, evaluators?: typeof POLICY_ALONE): Way {
  const config = evaluators === undefined ? {} : { config: { evaluators } };
  const guard = new ActionGuard({ policy: policyOf(workload), snapshotPath: null, ...config });
  return {
    label: "`guard.evaluate(text, { as: 'text' })`, one `Rule` a rule",
    decide: ({ text }) => guard.evaluate(text, { as: 'text' }).verdict === 'BLOCK',
  };
}

function policyOf({ rules }: Workload): Policy {
  return new Policy({
    rules: rules.map((rule) => ({ pattern: regexOf(rule), action: 'block' as const, reason: 'benchmark' })),
    defaultAction: 'allow',
  });
}

function policiesOf({ rules }: Workload) {
  return rules.map((rule, at) => ({
    name: `prefix-${at}`,
    actionTypes: ['object.*'],
    condition: `parameters.key.startswith('${rule.kind === 'prefix' ? rule.literal : ''}')`,
    verdict: 'BLOCK' as const,
  }));
}

function conditions(workload: Workload, evaluators?: typeof POLICY_ALONE): Way {
  const config = { policies: policiesOf(workload), ...(evaluators === undefined ? {} : { evaluators }) };
  const guard = new ActionGuard({ config, snapshotPath: null });
  return {
    label:
      "`guard.evaluate({actionType, toolName, parameters})`, one policy with `parameters.key.startswith('…')` a rule",
    decide: ({ parameters }) =>
      guard.evaluate({ actionType: 'object.get', toolName: 'get_object', parameters }).verdict === 'BLOCK',
  };
}
