import type { Node, NodeOf } from './ast.ts';
import { cannotThrow } from './cannot-throw.ts';
import { literalTests } from './literal-tests.ts';
import type { Bindings, LiteralPredicate, LiteralTest } from './predicate.ts';

/** More alternatives than this are not worth indexing. */
const MAX_ALTERNATIVES = 256;
const NO_BINDINGS: ReadonlyMap<string, readonly string[] | null> = new Map();

/**
 * The predicates without any of which the condition is `false`, and is so without an error: an index that skips it
 * then hides nothing. Only what is evaluated before anything that may throw counts.
 */
export function requiredPredicates(node: Node): readonly LiteralPredicate[] {
  return predicatesOf(node, NO_BINDINGS);
}

function predicatesOf(node: Node, bindings: Bindings): readonly LiteralPredicate[] {
  switch (node.type) {
    case 'and':
      return ofConjunction(node.operands, bindings);
    case 'or':
      return union(node.operands.map((operand) => predicatesOf(operand, bindings)));
    case 'call': {
      const name = node.callee.type === 'name' ? node.callee.name : '';
      const [only] = node.args;
      if (bindings.has(name) || only === undefined) return ofTest(node, bindings);
      if (name === 'bool' && node.args.length === 1) return predicatesOf(only, bindings);
      return name === 'any' && only.type === 'comprehension' ? ofAny(only, bindings) : ofTest(node, bindings);
    }
    default:
      return ofTest(node, bindings);
  }
}

function ofTest(node: Node, bindings: Bindings): readonly LiteralPredicate[] {
  const tests = literalTests(node, bindings);
  return tests === null || tests.length === 0 ? [] : [{ anyOf: tests, given: [] }];
}

/** An operand counts as long as everything before it cannot throw, whatever the call. */
function ofConjunction(operands: readonly Node[], bindings: Bindings): readonly LiteralPredicate[] {
  const found: LiteralPredicate[] = [];
  let given: readonly string[] = [];
  for (const operand of operands) {
    for (const predicate of predicatesOf(operand, bindings)) {
      found.push({ anyOf: predicate.anyOf, given: merge(given, predicate.given) });
    }
    const demands = cannotThrow(operand, bindings);
    if (demands === null) break;
    given = merge(given, demands);
  }
  return found;
}

/** `any(test for x in ['a', 'b'])` is the `or` of the test for each text. */
function ofAny(node: NodeOf<'comprehension'>, bindings: Bindings): readonly LiteralPredicate[] {
  const [loop] = node.loops;
  if (loop === undefined || node.loops.length > 1 || loop.unpack || loop.conditions.length > 0) return [];
  const [name] = loop.targets;
  const { iterable } = loop;
  if (
    name === undefined ||
    (iterable.type !== 'list' && iterable.type !== 'tuple' && iterable.type !== 'set')
  )
    return [];
  const texts: string[] = [];
  for (const item of iterable.items) {
    if (item.type !== 'literal' || typeof item.value !== 'string') return [];
    texts.push(item.value);
  }
  if (texts.length > MAX_ALTERNATIVES) return [];
  return union(texts.map((text) => predicatesOf(node.element, new Map([...bindings, [name, [text]]]))));
}

/** False only when every part is false: one predicate of each, taken together. */
function union(parts: readonly (readonly LiteralPredicate[])[]): readonly LiteralPredicate[] {
  const anyOf: LiteralTest[] = [];
  let given: readonly string[] = [];
  for (const predicates of parts) {
    const best = predicates.reduce<LiteralPredicate | undefined>(
      (kept, other) => (kept === undefined || weight(other) > weight(kept) ? other : kept),
      undefined,
    );
    if (best === undefined) return [];
    anyOf.push(...best.anyOf);
    given = merge(given, best.given);
    if (anyOf.length > MAX_ALTERNATIVES) return [];
  }
  return anyOf.length === 0 ? [] : [{ anyOf, given }];
}

/** How much a predicate narrows down, by the shortest of its literals. */
function weight({ anyOf }: LiteralPredicate): number {
  return Math.min(...anyOf.map((test) => test.literal.length + (test.kind === 'equals' ? 8 : 0)));
}

function merge(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.length === 0 ? b : [...new Set([...a, ...b])];
}
