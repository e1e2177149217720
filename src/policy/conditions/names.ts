import type { ConditionScope } from './scope.ts';

/** A value of the scope: what it always is, and how it is read. `data` may be anything. */
export interface ScopeValue {
  readonly type: 'text' | 'text or none' | 'number' | 'texts' | 'data';
  read(scope: ConditionScope): unknown;
}

type Reader = ScopeValue['read'];
const text = (read: Reader): ScopeValue => ({ type: 'text', read });
const textOrNone = (read: Reader): ScopeValue => ({ type: 'text or none', read });
const number = (read: Reader): ScopeValue => ({ type: 'number', read });

/** The names that stand for a value by themselves. */
export const SCOPE_NAMES: ReadonlyMap<string, ScopeValue> = new Map<string, ScopeValue>([
  ['parameters', { type: 'data', read: (scope) => scope.parameters }],
  ['action_type', text((scope) => scope.action_type)],
  ['tool_name', text((scope) => scope.tool_name)],
  ['intent', text((scope) => scope.intent)],
  ['risk_level', text((scope) => scope.risk_level)],
  ['estimated_cost', number((scope) => scope.estimated_cost)],
  ['principal', { type: 'data', read: (scope) => scope.principal }],
  ['tags', { type: 'texts', read: (scope) => scope.tags }],
  ['rate_last_5min', number((scope) => scope.rate_last_5min)],
]);

/** The names that only stand before a dot, and what may follow. */
export const SCOPE_OBJECTS: ReadonlyMap<string, ReadonlyMap<string, ScopeValue>> = new Map([
  [
    'agent',
    new Map<string, ScopeValue>([
      ['id', text((scope) => scope.agent.id)],
      ['trust_level', number((scope) => scope.agent.trust_level)],
      ['action_count', number((scope) => scope.agent.action_count)],
      ['error_rate', number((scope) => scope.agent.error_rate)],
      ['violations', number((scope) => scope.agent.violations)],
    ]),
  ],
  [
    'task',
    new Map<string, ScopeValue>([
      ['id', textOrNone((scope) => scope.task.id)],
      ['estimated_cost', number((scope) => scope.task.estimated_cost)],
      ['context', text((scope) => scope.task.context)],
    ]),
  ],
  ['session', new Map<string, ScopeValue>([['id', textOrNone((scope) => scope.session.id)]])],
]);

/** Words that other languages use for what Python spells differently. */
export const FOREIGN_NAMES: ReadonlyMap<string, string> = new Map([
  ['true', 'Write `True`.'],
  ['false', 'Write `False`.'],
  ['null', 'Write `None`.'],
  ['none', 'Write `None`.'],
  ['nil', 'Write `None`.'],
  ['undefined', "Write `parameters.name == ''`, which is true for what is missing."],
  ['AND', 'Write `and`.'],
  ['OR', 'Write `or`.'],
  ['NOT', 'Write `not`.'],
  ['params', 'Write `parameters`.'],
  ['args', 'Write `parameters`.'],
  ['action', 'Write `action_type`.'],
  ['tool', 'Write `tool_name`.'],
  ['agent_id', 'Write `agent.id`.'],
  ['task_id', 'Write `task.id`.'],
  ['session_id', 'Write `session.id`.'],
  ['trust_level', 'Write `agent.trust_level`.'],
]);
