import { expect, test } from 'vitest';
import { policyEngine } from '../../src/evaluators/policy-engine.ts';
import { trust } from '../../src/evaluators/trust.ts';
import { drawPipeline } from '../../src/explain/pipeline.ts';
import { layerWith } from './scene.ts';

test('the evaluators are drawn in order, with the layers below the policy engine', () => {
  const layers = [
    layerWith({ rules: [{ pattern: '^a', action: 'block' }], defaultAction: 'allow' }),
    layerWith({ name: 'money', source: null, policies: [{ name: 'p' }, { name: 'q' }] }),
  ];
  const custom = { name: 'mine\x1b', evaluate: () => undefined };
  expect(drawPipeline([policyEngine(() => layers), trust(), custom], layers, 'enforce')).toBe(
    [
      'intent',
      '  │',
      '  ├─ 1. policy_engine  what do the rules and policies say?',
      '  │       layer 1: files (policy.yaml): 1 rule, default ALLOW',
      '  │       layer 2: money: 2 policies, no default',
      '  ├─ 2. trust          is the agent trusted enough?',
      '  └─ 3. mine\\x1b       (custom)',
      '  ▼',
      '  worst verdict of all  (ALLOW < WARN < DEFER < ESCALATE < BLOCK)',
      'mode: enforce (what is refused does not run)',
    ].join('\n'),
  );
});

test('a pipeline without evaluators or layers says that it blocks', () => {
  expect(drawPipeline([], [], 'monitor')).toContain('no evaluator: every call is blocked');
  expect(drawPipeline([policyEngine(() => [])], [], 'monitor')).toContain('no layer: every call is blocked');
});
