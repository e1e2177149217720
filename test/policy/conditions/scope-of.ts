import type { ConditionScope } from '../../../src/policy/conditions/scope.ts';

/** A scope with plain values, changed where a test cares. */
export function scopeOf(
  parameters: Readonly<Record<string, unknown>> = {},
  more: Partial<ConditionScope> = {},
): ConditionScope {
  return {
    parameters,
    action_type: 'file.write',
    tool_name: 'write_file',
    intent: 'write /tmp/a',
    risk_level: 'MEDIUM',
    estimated_cost: 0.5,
    agent: { id: 'worker', trust_level: 0.5, action_count: 3, error_rate: 0.25, violations: 1 },
    task: { id: 't1', estimated_cost: 2, context: 'tidy up' },
    session: { id: null },
    principal: null,
    tags: ['prod', 'eu'],
    rate_last_5min: 7,
    ...more,
  };
}
