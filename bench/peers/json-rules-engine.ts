import { Engine } from 'json-rules-engine';
import type { Peer, Way } from '../peer.ts';
import { type Rule, regexOf, type Workload } from '../workload.ts';

type Condition = { fact: string; operator: string; value: unknown };

/** json-rules-engine with an own operator (its documented extension point). Its `run` is asynchronous. */
export const jsonRulesEngine: Peer = {
  name: 'json-rules-engine',
  packageName: 'json-rules-engine',
  scope: 'policy',
  setup: async (workload) => [oneRuleEach(workload), oneRuleOfAll(workload)],
};

function oneRuleEach({ rules }: Workload): Way {
  const engine = newEngine();
  for (const rule of rules) {
    engine.addRule({ conditions: { all: [conditionOf(rule)] }, event: { type: 'block' } });
  }
  return { label: '`run`, one engine rule a rule', decide: decideWith(engine), waits: true };
}

function oneRuleOfAll({ rules }: Workload): Way {
  const engine = newEngine();
  engine.addRule({ conditions: { any: rules.map(conditionOf) }, event: { type: 'block' } });
  return {
    label: '`run`, one engine rule with all of them under `any`',
    decide: decideWith(engine),
    waits: true,
  };
}

function newEngine(): Engine {
  const engine = new Engine();
  engine.addOperator<string, string>('startsWith', (text, literal) => text.startsWith(literal));
  engine.addOperator<string, RegExp>('matches', (text, pattern) => pattern.test(text));
  return engine;
}

function conditionOf(rule: Rule): Condition {
  return rule.kind === 'prefix'
    ? { fact: 'text', operator: 'startsWith', value: rule.literal }
    : { fact: 'text', operator: 'matches', value: new RegExp(regexOf(rule)) };
}

function decideWith(engine: Engine): Way['decide'] {
  return async ({ text }) => (await engine.run({ text })).events.length > 0;
}
