import type { Node, NodeOf } from './ast.ts';
import { type Builder, type Closure, excerpt, refuse } from './build.ts';
import { failAt } from './errors.ts';
import { iterate, LOOPS_OVER_TEXT } from './lookup.ts';
import type { Run } from './run.ts';
import { kindOf, MISSING } from './values.ts';

/** Called with each element; `true` ends the loops. */
type Visit = (run: Run, value: unknown) => boolean;
type Loops = (run: Run, visit: Visit) => boolean;

/** `[… for … in …]`: a list. */
export function buildComprehension(builder: Builder, node: NodeOf<'comprehension'>): Closure {
  const loops = buildLoops(builder, node, 0, builder.locals);
  return (run) => {
    const found: unknown[] = [];
    loops(run, (_, value) => {
      found.push(value);
      return false;
    });
    return found;
  };
}

/** `any(… for … in …)` and `all(… for … in …)`, which stop at the first answer. */
export function buildQuantifier(builder: Builder, node: NodeOf<'comprehension'>, wanted: boolean): Closure {
  const loops = buildLoops(builder, node, 0, builder.locals);
  return (run) => loops(run, (inner, value) => inner.truth(value) === wanted) === wanted;
}

function buildLoops(
  builder: Builder,
  node: NodeOf<'comprehension'>,
  index: number,
  locals: readonly string[],
): Loops {
  const loop = node.loops[index];
  if (loop === undefined) {
    const element = builder.build(node.element, locals);
    return (run, visit) => visit(run, element(run));
  }
  const at = excerpt(builder.source, loop.iterable);
  if (loop.iterable.type === 'literal' && typeof loop.iterable.value === 'string')
    refuse(loop.iterable, LOOPS_OVER_TEXT, `Write [${at}] for a list of one text.`);
  const iterable = builder.build(loop.iterable, locals);
  const slot = locals.length;
  const inner = [...locals, ...loop.targets];
  if (new Set(loop.targets).size < loop.targets.length)
    refuse(loop.iterable, 'a loop names each variable once');
  const tests = loop.conditions.map((test) => builder.build(test, inner));
  const rest = buildLoops(builder, node, index + 1, inner);
  // A pass pays for the nodes that it runs, so that nested loops cannot multiply for free.
  const cost = 1 + (node.end - node.start) / 16;
  const count = loop.unpack ? loop.targets.length : 0;
  return (run, visit) => {
    for (const item of iterate(iterable(run), run, at)) {
      run.spend(cost, at);
      if (count === 0) run.locals[slot] = item === undefined ? MISSING : item;
      else unpackInto(run, slot, item, count, at);
      if (tests.every((test) => run.truth(test(run))) && rest(run, visit)) return true;
    }
    return false;
  };
}

function unpackInto(run: Run, slot: number, item: unknown, count: number, at: string): void {
  if (kindOf(item) === 'missing') failAt(at, `cannot unpack a missing value into ${count} names`);
  let filled = 0;
  for (const part of iterate(item, run, at)) {
    if (filled >= count) failAt(at, `an element has more than ${count} parts`);
    run.locals[slot + filled] = part === undefined ? MISSING : part;
    filled++;
  }
  if (filled < count) failAt(at, `an element has fewer than ${count} parts`);
}

/** The comprehension that is the one argument of a call, if it stands there without brackets. */
export function generatorOf(args: readonly Node[]): NodeOf<'comprehension'> | undefined {
  const [only] = args;
  return only?.type === 'comprehension' && !only.list ? only : undefined;
}
