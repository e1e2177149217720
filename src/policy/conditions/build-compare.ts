import type { CompareOperator, Node, NodeOf } from './ast.ts';
import { type Builder, type Closure, excerpt } from './build.ts';
import { contains, equals, ordered } from './comparison.ts';
import type { Run } from './run.ts';

type Compare = (left: unknown, right: unknown, run: Run, at: string) => boolean;

function comparer(operator: CompareOperator): Compare {
  switch (operator) {
    case '==':
      return equals;
    case '!=':
      return (left, right, run, at) => !equals(left, right, run, at);
    case 'in':
      return (left, right, run, at) => contains(right, left, run, at);
    case 'not in':
      return (left, right, run, at) => !contains(right, left, run, at);
    default:
      return (left, right, run, at) => ordered(operator, left, right, run, at);
  }
}

/** A comparison or a chain of them: each operand is computed once, and no further than the first false link. */
export function buildCompare(builder: Builder, node: NodeOf<'compare'>): Closure {
  const at = excerpt(builder.source, node);
  const [link] = node.rest;
  const first = builder.build(node.first);
  if (link !== undefined && node.rest.length === 1) {
    const texts = textsOf(link.operand);
    const second = builder.build(link.operand);
    const compare = comparer(link.operator);
    if (texts !== null && (link.operator === 'in' || link.operator === 'not in')) {
      const wanted = link.operator === 'in';
      return (run) => {
        const left = first(run);
        return typeof left === 'string' ? texts.has(left) === wanted : compare(left, second(run), run, at);
      };
    }
    return (run) => compare(first(run), second(run), run, at);
  }
  const links = node.rest.map(({ operator, operand }) => ({
    compare: comparer(operator),
    operand: builder.build(operand),
  }));
  return (run) => {
    let left = first(run);
    for (const { compare, operand } of links) {
      const right = operand(run);
      if (!compare(left, right, run, at)) return false;
      left = right;
    }
    return true;
  };
}

/** The texts of a literal list, tuple or set of texts, for membership in one step. */
function textsOf(node: Node): ReadonlySet<string> | null {
  if (node.type !== 'list' && node.type !== 'tuple' && node.type !== 'set') return null;
  const texts = new Set<string>();
  for (const item of node.items) {
    if (item.type !== 'literal' || typeof item.value !== 'string') return null;
    texts.add(item.value);
  }
  return texts;
}
