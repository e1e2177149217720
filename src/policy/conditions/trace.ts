import type { Node } from './ast.ts';
import { type Builder, type Closure, excerpt } from './build.ts';
import { buildClosure } from './closures.ts';
import { ConditionRuntimeError } from './errors.ts';
import { Run } from './run.ts';
import type { ConditionScope } from './scope.ts';
import { isTruthy, MISSING, Tuple } from './values.ts';

/** One boolean part of a condition, as it came out. */
export interface ConditionTraceStep {
  /** The part as written. */
  readonly expression: string;
  /** What was tested: the left side of a comparison, the receiver of a method, else the outcome. Missing: `undefined`. */
  readonly value: unknown;
  /** Whether it held; `null` where it could not be computed, and then `value` is the error's message. */
  readonly result: boolean | null;
}

/** A trace is for reading: loops stop adding to it here. */
const MAX_TRACE = 1_000;

/** Evaluates `root`, listing every boolean part in the order in which they were decided. Never throws. */
export function traceCondition(
  root: Node,
  source: string,
  scope: ConditionScope,
): readonly ConditionTraceStep[] {
  const steps: ConditionTraceStep[] = [];
  const add = (step: ConditionTraceStep): void => {
    if (steps.length < MAX_TRACE) steps.push(step);
  };
  const tested = booleanParts(root);
  let failed = false;
  const listen = (node: Node, closure: Closure, builder: Builder): Closure => {
    if (!tested.has(node)) return closure;
    const expression = excerpt(source, node);
    const subject = subjectOf(node, builder);
    return (run) => {
      try {
        const outcome = closure(run);
        add({
          expression,
          value: shown(subject === null ? outcome : subject(run)),
          result: isTruthy(outcome),
        });
        return outcome;
      } catch (error) {
        if (!failed) add({ expression, value: messageOf(error), result: null });
        failed = true;
        throw error;
      }
    };
  };
  const traced = buildClosure(root, source, listen);
  try {
    traced(new Run(scope));
  } catch (error) {
    if (!failed) add({ expression: excerpt(source, root), value: messageOf(error), result: null });
  }
  return steps;
}

function messageOf(error: unknown): string {
  return error instanceof ConditionRuntimeError ? error.message : 'the condition could not be computed';
}

function shown(value: unknown): unknown {
  if (value === MISSING) return undefined;
  return value instanceof Tuple ? value.items.map(shown) : value;
}

/** What a test is about, computed once more: reading has no side effects. */
function subjectOf(node: Node, builder: Builder): Closure | null {
  if (node.type === 'compare') return builder.build(node.first);
  if (node.type !== 'call') return null;
  const [first] = node.args;
  if (node.callee.type === 'attribute') return builder.build(node.callee.object);
  return first === undefined || first.type === 'comprehension' ? null : builder.build(first);
}

/** Comparisons, and whatever stands where only its truth counts. */
function booleanParts(root: Node): ReadonlySet<Node> {
  const parts = new Set<Node>();
  const visit = (node: Node, tested: boolean): void => {
    const joins = node.type === 'and' || node.type === 'or' || node.type === 'not';
    if ((tested && node.type !== 'choice') || joins || node.type === 'compare') parts.add(node);
    for (const [child, counts] of children(node, tested)) visit(child, counts);
  };
  visit(root, true);
  return parts;
}

type Child = readonly [node: Node, tested: boolean];

function children(node: Node, tested: boolean): readonly Child[] {
  const plain = (nodes: readonly Node[]): Child[] => nodes.map((child) => [child, false]);
  switch (node.type) {
    case 'and':
    case 'or':
      return node.operands.map((operand) => [operand, true]);
    case 'not':
      return [[node.operand, true]];
    case 'choice':
      return [
        [node.test, true],
        [node.yes, tested],
        [node.no, tested],
      ];
    case 'compare':
      return plain([node.first, ...node.rest.map((link) => link.operand)]);
    case 'call':
      return plain([...(node.callee.type === 'attribute' ? [node.callee.object] : []), ...node.args]);
    case 'comprehension':
      return [
        [node.element, !node.list],
        ...node.loops.flatMap((loop): Child[] => [
          [loop.iterable, false],
          ...loop.conditions.map((test): Child => [test, true]),
        ]),
      ];
    case 'attribute':
    case 'subscript':
    case 'slice':
      return plain([node.object]);
    case 'list':
    case 'tuple':
    case 'set':
      return plain(node.items);
    default:
      return [];
  }
}
