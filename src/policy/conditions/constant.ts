import type { Node } from './ast.ts';
import { buildClosure } from './closures.ts';
import { ConditionRuntimeError } from './errors.ts';
import { Run } from './run.ts';
import type { ConditionScope } from './scope.ts';
import { isTruthy } from './values.ts';

/** Whether a condition comes out the same for every call: its truth, or `null` when that depends on the call. */
export function constantTruth(node: Node, source: string): boolean | null {
  switch (node.type) {
    case 'and':
      return joined(node.operands, source, false);
    case 'or':
      return joined(node.operands, source, true);
    case 'not': {
      const inner = constantTruth(node.operand, source);
      return inner === null ? null : !inner;
    }
    case 'choice': {
      const test = constantTruth(node.test, source);
      const [yes, no] = [constantTruth(node.yes, source), constantTruth(node.no, source)];
      if (test === null) return yes === no ? yes : null;
      return test ? yes : no;
    }
    case 'list':
    case 'tuple':
    case 'set':
      return node.items.length > 0;
    default:
      return isClosed(node) ? truthOf(node, source) : null;
  }
}

/** One operand that is always `decisive` decides; else all must be known. */
function joined(operands: readonly Node[], source: string, decisive: boolean): boolean | null {
  const truths = operands.map((operand) => constantTruth(operand, source));
  if (truths.includes(decisive)) return decisive;
  return truths.includes(null) ? null : !decisive;
}

/** True for literals, and comparisons and method calls of literals only. */
function isClosed(node: Node): boolean {
  switch (node.type) {
    case 'literal':
      return true;
    case 'compare':
      return isClosed(node.first) && node.rest.every((link) => isClosed(link.operand));
    case 'list':
    case 'tuple':
    case 'set':
      return node.items.every(isClosed);
    case 'call':
      return node.callee.type === 'attribute' && isClosed(node.callee.object) && node.args.every(isClosed);
    default:
      return false;
  }
}

function truthOf(node: Node, source: string): boolean | null {
  try {
    return isTruthy(buildClosure(node, source, null)(new Run(NOTHING)));
  } catch (error) {
    if (error instanceof ConditionRuntimeError) return null;
    throw error;
  }
}

/** A closed expression reads nothing of it. */
const NOTHING: ConditionScope = Object.freeze({
  parameters: Object.freeze({}),
  action_type: '',
  tool_name: '',
  intent: '',
  risk_level: '',
  estimated_cost: 0,
  agent: Object.freeze({ id: '', trust_level: 0, action_count: 0, error_rate: 0, violations: 0 }),
  task: Object.freeze({ id: null, estimated_cost: 0, context: '' }),
  session: Object.freeze({ id: null }),
  principal: null,
  tags: Object.freeze([]),
  rate_last_5min: 0,
});
