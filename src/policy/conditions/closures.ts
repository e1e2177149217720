import type { Node } from './ast.ts';
import { type Builder, type Closure, excerpt, refuse } from './build.ts';
import { buildCall, FUNCTION_NAMES } from './build-call.ts';
import { buildCompare } from './build-compare.ts';
import { buildComprehension, buildQuantifier, generatorOf } from './build-comprehension.ts';
import { buildAttribute, buildName } from './build-name.ts';
import { contains, requireHashable } from './comparison.ts';
import { slice, subscript } from './lookup.ts';
import { METHODS } from './methods.ts';
import { SCOPE_OBJECTS } from './names.ts';
import type { Run } from './run.ts';
import { Tuple } from './values.ts';

/** May replace the closure of a node: how a trace listens in. The builder it is given makes closures unheard. */
export type Wrap = (node: Node, closure: Closure, builder: Builder) => Closure;

/** Compiles a whole condition. Throws `ConditionSyntaxError` for names, calls and patterns that cannot be used. */
export function buildClosure(root: Node, source: string, wrap: Wrap | null): Closure {
  return builderFor(source, [], wrap).build(root);
}

function builderFor(source: string, locals: readonly string[], wrap: Wrap | null): Builder {
  const builder: Builder = {
    source,
    locals,
    build(node, inner = locals) {
      const target = inner === locals ? builder : builderFor(source, inner, wrap);
      const closure = buildNode(target, node);
      return wrap === null ? closure : wrap(node, closure, builderFor(source, inner, null));
    },
  };
  return builder;
}

function buildNode(builder: Builder, node: Node): Closure {
  switch (node.type) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return buildName(node, builder.locals, FUNCTION_NAMES);
    case 'attribute':
      return buildAttribute(builder, node, METHODS.keys());
    case 'and':
    case 'or':
      return buildJoined(builder, node.operands, node.type === 'or');
    case 'not': {
      const operand = builder.build(node.operand);
      return (run) => !run.truth(operand(run));
    }
    case 'choice': {
      const [test, yes, no] = [node.test, node.yes, node.no].map((part) => builder.build(part)) as [
        Closure,
        Closure,
        Closure,
      ];
      return (run) => (run.truth(test(run)) ? yes(run) : no(run));
    }
    case 'compare':
      return buildCompare(builder, node);
    case 'comprehension':
      if (!node.list)
        refuse(node, '`… for …` only stands in any(), all(), min() and max()', 'Put it in [ ].');
      return buildComprehension(builder, node);
    case 'call':
      return buildCallOrQuantifier(builder, node);
    default:
      return buildData(builder, node);
  }
}

function buildJoined(builder: Builder, operands: readonly Node[], stopAt: boolean): Closure {
  const closures = operands.map((operand) => builder.build(operand));
  const [first, second] = closures;
  if (first !== undefined && second !== undefined && closures.length === 2) {
    return (run) => {
      const value = first(run);
      return run.truth(value) === stopAt ? value : second(run);
    };
  }
  return (run) => {
    let value: unknown;
    for (const closure of closures) {
      value = closure(run);
      if (run.truth(value) === stopAt) return value;
    }
    return value;
  };
}

function buildCallOrQuantifier(builder: Builder, node: Extract<Node, { type: 'call' }>): Closure {
  const generator = generatorOf(node.args);
  const name = node.callee.type === 'name' ? node.callee.name : '';
  if (generator === undefined || builder.locals.includes(name)) return buildCall(builder, node);
  if (name === 'any' || name === 'all') return buildQuantifier(builder, generator, name === 'any');
  if (name !== 'min' && name !== 'max') return buildCall(builder, node);
  return buildCall(builder, { ...node, args: [{ ...generator, list: true }] });
}

function buildData(
  builder: Builder,
  node: Extract<Node, { type: 'list' | 'tuple' | 'set' | 'subscript' | 'slice' }>,
): Closure {
  const at = excerpt(builder.source, node);
  if (node.type === 'subscript') {
    refuseMemberSubscript(builder, node.object);
    const object = builder.build(node.object);
    const key = builder.build(node.key);
    return (run) => subscript(object(run), key(run), run, at);
  }
  if (node.type === 'slice') {
    const object = builder.build(node.object);
    const from = node.from === null ? () => null : builder.build(node.from);
    const to = node.to === null ? () => null : builder.build(node.to);
    return (run) => slice(object(run), from(run), to(run), run, at);
  }
  const items = node.items.map((item) => builder.build(item));
  const make = (run: Run): unknown[] => items.map((item) => item(run));
  if (node.type === 'set') return (run) => newSet(make(run), run, at);
  const literal = node.items.every((item) => item.type === 'literal');
  if (literal) {
    const values = Object.freeze(node.items.map((item) => (item.type === 'literal' ? item.value : null)));
    const constant = node.type === 'tuple' ? new Tuple(values) : values;
    return () => constant;
  }
  return node.type === 'tuple' ? (run) => new Tuple(make(run)) : make;
}

function newSet(items: readonly unknown[], run: Run, at: string): ReadonlySet<unknown> {
  const set = new Set<unknown>();
  for (const item of items) {
    requireHashable(item, at);
    if (!contains(set, item, run, at)) set.add(item);
  }
  return set;
}

function refuseMemberSubscript(builder: Builder, object: Node): void {
  if (object.type !== 'name' || builder.locals.includes(object.name)) return;
  const members = SCOPE_OBJECTS.get(object.name);
  if (members === undefined) return;
  refuse(
    object,
    `\`${object.name}\` is read with a dot`,
    `Write ${[...members.keys()].map((m) => `${object.name}.${m}`).join(', ')}.`,
  );
}
