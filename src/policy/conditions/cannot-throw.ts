import type { CompareOperator, Node, NodeOf } from './ast.ts';
import { isParameters, scopeValueOf } from './build-name.ts';
import type { Bindings } from './predicate.ts';

/** What a node that cannot throw gives, and which members of the scope must be ordinary for that. */
interface Safe {
  readonly type: 'text' | 'number' | 'none' | 'text or none' | 'texts' | 'data';
  readonly given: readonly string[];
}

/**
 * The members of the scope that must be ordinary (numbers not NaN, texts and lists not huge) so that computing `node`
 * and its truth throws for no call; `null` when it may throw. Parameters may hold anything, so hardly anything about
 * them is safe but their truth.
 */
export function cannotThrow(node: Node, bindings: Bindings): readonly string[] | null {
  return safe(node, [...bindings.keys()])?.given ?? null;
}

function safe(node: Node, locals: readonly string[]): Safe | null {
  const value = scopeValueOf(node, locals);
  if (value !== undefined) {
    const path =
      node.type === 'attribute' && node.object.type === 'name' ? `${node.object.name}.${node.name}` : '';
    return {
      type: value.type,
      given: value.type === 'data' ? [] : [node.type === 'name' ? node.name : path],
    };
  }
  switch (node.type) {
    case 'literal':
      return { type: typeOfLiteral(node.value), given: [] };
    case 'attribute':
      return isParameters(node.object, locals) ? { type: 'data', given: [] } : null;
    case 'subscript':
      return isParameters(node.object, locals) && node.key.type === 'literal'
        ? { type: 'data', given: [] }
        : null;
    case 'and':
    case 'or':
      return all(node.operands, 'data', locals);
    case 'not':
      return all([node.operand], 'number', locals);
    case 'choice':
      return all([node.test, node.yes, node.no], 'data', locals);
    case 'compare':
      return safeComparison(node, locals);
    case 'call':
      return safeCall(node, locals);
    default:
      return null;
  }
}

function typeOfLiteral(value: unknown): Safe['type'] {
  if (typeof value === 'string') return 'text';
  return value === null ? 'none' : 'number';
}

function all(nodes: readonly Node[], type: Safe['type'], locals: readonly string[]): Safe | null {
  const given: string[] = [];
  for (const node of nodes) {
    const part = safe(node, locals);
    if (part === null) return null;
    given.push(...part.given);
  }
  return { type, given };
}

function safeComparison(node: NodeOf<'compare'>, locals: readonly string[]): Safe | null {
  let left = safe(node.first, locals);
  const given = [...(left?.given ?? [])];
  for (const { operator, operand } of node.rest) {
    if (left === null) return null;
    if ((operator === 'in' || operator === 'not in') && isLiteralList(operand)) {
      if (left.type === 'data' || left.type === 'texts') return null;
      // A list has no place in a further link of a chain.
      left = null;
      continue;
    }
    const right = safe(operand, locals);
    if (right === null || !fits(operator, left.type, right.type)) return null;
    given.push(...right.given);
    left = right;
  }
  return { type: 'number', given };
}

function isLiteralList(node: Node): boolean {
  if (node.type !== 'list' && node.type !== 'tuple' && node.type !== 'set') return false;
  return node.items.every((item) => item.type === 'literal');
}

function fits(operator: CompareOperator, left: Safe['type'], right: Safe['type']): boolean {
  switch (operator) {
    case '==':
    case '!=':
      return left !== 'data' && right !== 'data' && left !== 'texts' && right !== 'texts';
    case 'in':
    case 'not in':
      return left === 'text' && (right === 'text' || right === 'texts');
    default:
      return left === right && (left === 'text' || left === 'number');
  }
}

const TEXT_METHODS: ReadonlySet<string> = new Set([
  'startswith',
  'endswith',
  'contains',
  'lower',
  'upper',
  'strip',
]);

function safeCall(node: NodeOf<'call'>, locals: readonly string[]): Safe | null {
  const { callee, args } = node;
  const [first] = args;
  if (callee.type === 'attribute') {
    const object = safe(callee.object, locals);
    if (object?.type !== 'text' || !TEXT_METHODS.has(callee.name)) return null;
    if (!args.every((arg) => arg.type === 'literal' && typeof arg.value === 'string') || args.length > 1)
      return null;
    const gives =
      callee.name === 'lower' || callee.name === 'upper' || callee.name === 'strip' ? 'text' : 'number';
    return { type: gives, given: object.given };
  }
  if (callee.type !== 'name' || locals.includes(callee.name)) return null;
  if (callee.name === 'rate_last_5min') return { type: 'number', given: ['rate_last_5min'] };
  if ((callee.name === 'isinstance' || callee.name === 'bool') && first !== undefined)
    return all([first], 'number', locals);
  return null;
}
