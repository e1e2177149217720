import type { CompareOperator, Node, NodeOf } from './ast.ts';
import { type Builder, type Closure, excerpt } from './build.ts';
import { contains, ordered } from './comparison.ts';
import type { Run } from './run.ts';
import { containsEqual, equalsInShape, type Operands } from './same-shape.ts';

type Compare = (left: unknown, right: unknown, run: Run, at: Operands) => boolean;

function comparer(operator: CompareOperator, written: Node): Compare {
  const has = isSequence(written) ? containsEqual : holds;
  switch (operator) {
    case '==':
      return equalsInShape;
    case '!=':
      return (left, right, run, at) => !equalsInShape(left, right, run, at);
    case 'in':
      return has;
    case 'not in':
      return (left, right, run, at) => !has(left, right, run, at);
    default:
      return (left, right, run, at) => ordered(operator, left, right, run, at.whole);
  }
}

function holds(item: unknown, container: unknown, run: Run, at: Operands): boolean {
  return contains(container, item, run, at.whole);
}

/** A comparison or a chain of them: each operand is computed once, and no further than the first false link. */
export function buildCompare(builder: Builder, node: NodeOf<'compare'>): Closure {
  const { source } = builder;
  const whole = excerpt(source, node);
  const [link] = node.rest;
  const first = builder.build(node.first);
  if (link !== undefined && node.rest.length === 1) {
    const texts = textsOf(link.operand);
    const second = builder.build(link.operand);
    const compare = comparer(link.operator, link.operand);
    const at = { whole, left: excerpt(source, node.first), right: excerpt(source, link.operand) };
    if (texts !== null && (link.operator === 'in' || link.operator === 'not in')) {
      const wanted = link.operator === 'in';
      return (run) => {
        const left = first(run);
        return typeof left === 'string' ? texts.has(left) === wanted : compare(left, second(run), run, at);
      };
    }
    return (run) => compare(first(run), second(run), run, at);
  }
  const links = node.rest.map(({ operator, operand }, i) => ({
    compare: comparer(operator, operand),
    operand: builder.build(operand),
    at: {
      whole,
      left: excerpt(source, node.rest[i - 1]?.operand ?? node.first),
      right: excerpt(source, operand),
    },
  }));
  return (run) => {
    let left = first(run);
    for (const { compare, operand, at } of links) {
      const right = operand(run);
      if (!compare(left, right, run, at)) return false;
      left = right;
    }
    return true;
  };
}

/** The texts of a literal list, tuple or set of texts, for membership in one step. */
function textsOf(node: Node): ReadonlySet<string> | null {
  if (!isSequence(node)) return null;
  const texts = new Set<string>();
  for (const item of node.items) {
    if (item.type !== 'literal' || typeof item.value !== 'string') return null;
    texts.add(item.value);
  }
  return texts;
}

/** A list, tuple or set that is written out. */
function isSequence(node: Node): node is NodeOf<'list' | 'tuple' | 'set'> {
  return node.type === 'list' || node.type === 'tuple' || node.type === 'set';
}
