import { compileGlob } from '../glob.ts';
import type { Node, NodeOf } from './ast.ts';
import { scopeValueOf } from './build-name.ts';
import type { Bindings, LiteralTest, Subject } from './predicate.ts';

type Kind = LiteralTest['kind'];

/** The tests of which one must hold for `node` to be true or to throw; `null` when none is known. */
export function literalTests(node: Node, bindings: Bindings): readonly LiteralTest[] | null {
  if (node.type === 'compare') return ofComparison(node, bindings);
  if (node.type !== 'call') return null;
  const { callee, args } = node;
  if (callee.type === 'attribute') return ofMethod(callee, args, bindings);
  if (callee.type !== 'name' || callee.name !== 'glob' || bindings.has('glob')) return null;
  return ofGlob(args, bindings);
}

function ofComparison(node: NodeOf<'compare'>, bindings: Bindings): readonly LiteralTest[] | null {
  const [link] = node.rest;
  if (link === undefined || node.rest.length > 1) return null;
  const [left, right] = [node.first, link.operand];
  if (link.operator === '==') {
    const literal = textOf(right, bindings) ?? textOf(left, bindings);
    return tests(
      subjectOf(left, bindings) ?? subjectOf(right, bindings),
      'equals',
      literal === null ? null : [literal],
    );
  }
  if (link.operator !== 'in') return null;
  const listed = textsOf(right, bindings);
  if (listed !== null) return tests(subjectOf(left, bindings), 'equals', listed);
  const literal = textOf(left, bindings);
  return tests(subjectOf(right, bindings), 'contains', literal === null ? null : [literal]);
}

function ofMethod(
  callee: NodeOf<'attribute'>,
  args: readonly Node[],
  bindings: Bindings,
): readonly LiteralTest[] | null {
  const [first] = args;
  if (first === undefined || args.length > 1) return null;
  const kind = kindOfMethod(callee.name);
  if (kind === null) return null;
  const literal = textOf(first, bindings);
  const literals = literal !== null ? [literal] : first.type === 'tuple' ? textsOf(first, bindings) : null;
  if (literal === null && kind === 'contains') return null;
  return tests(subjectOf(callee.object, bindings), kind, literals);
}

function kindOfMethod(name: string): Kind | null {
  if (name === 'startswith') return 'prefix';
  if (name === 'endswith') return 'suffix';
  return name === 'contains' ? 'contains' : null;
}

function ofGlob(args: readonly Node[], bindings: Bindings): readonly LiteralTest[] | null {
  const [value, pattern] = args;
  if (value === undefined || pattern?.type !== 'literal' || typeof pattern.value !== 'string') return null;
  const { shape, literal } = compileGlob(pattern.value);
  const kind = shape === 'exact' ? 'equals' : shape === 'suffix' ? 'suffix' : 'prefix';
  return tests(subjectOf(value, bindings), kind, [literal]);
}

/** A test that an empty text passes narrows nothing down, unless it is equality. */
function tests(
  subject: Subject | null,
  kind: Kind,
  literals: readonly string[] | null,
): readonly LiteralTest[] | null {
  if (subject === null || literals === null) return null;
  if (kind !== 'equals' && literals.includes('')) return null;
  return literals.map((literal) => ({ subject, kind, literal }));
}

/** A literal text, or a loop variable that stands for one. */
function textOf(node: Node, bindings: Bindings): string | null {
  if (node.type === 'literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type !== 'name') return null;
  const texts = bindings.get(node.name);
  return texts?.length === 1 ? (texts[0] ?? null) : null;
}

function textsOf(node: Node, bindings: Bindings): readonly string[] | null {
  if (node.type !== 'list' && node.type !== 'tuple' && node.type !== 'set') return null;
  const texts: string[] = [];
  for (const item of node.items) {
    const text = textOf(item, bindings);
    if (text === null) return null;
    texts.push(text);
  }
  return texts;
}

/** What a test reads, if an index can read it too without computing anything. */
function subjectOf(node: Node, bindings: Bindings): Subject | null {
  if (node.type === 'call' && node.callee.type === 'attribute' && node.callee.name === 'lower') {
    const path = node.args.length === 0 ? pathOf(node.callee.object, bindings) : null;
    return path === null ? null : { path, lower: true };
  }
  const path = pathOf(node, bindings);
  return path === null ? null : { path, lower: false };
}

function pathOf(node: Node, bindings: Bindings): readonly string[] | null {
  const value = scopeValueOf(node, [...bindings.keys()]);
  if (value !== undefined) {
    if (value.type === 'number' || value.type === 'texts') return null;
    if (node.type === 'name') return node.name === 'parameters' ? null : [node.name];
    return node.type === 'attribute' && node.object.type === 'name' ? [node.object.name, node.name] : null;
  }
  if (node.type === 'attribute') return extended(node.object, node.name, bindings);
  if (node.type !== 'subscript' || node.key.type !== 'literal' || typeof node.key.value !== 'string')
    return null;
  return extended(node.object, node.key.value, bindings);
}

function extended(object: Node, key: string, bindings: Bindings): readonly string[] | null {
  if (object.type === 'name' && object.name === 'parameters' && !bindings.has('parameters'))
    return ['parameters', key];
  const path = pathOf(object, bindings);
  return path !== null && (path[0] === 'parameters' || path[0] === 'principal') ? [...path, key] : null;
}
