import {
  child,
  field,
  list,
  memberOf,
  type Node,
  nameOf,
  type Source,
  type Violation,
  violation,
  walk,
} from './ast.ts';
import { stateViolations } from './module-state.ts';

/** Names through which a pure layer would reach the outside. `Date` and `Promise` have rules of their own. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'process',
  'globalThis',
  'performance',
  'crypto',
  'console',
  'fetch',
  'require',
  'eval',
  'Buffer',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
]);

/**
 * The files that may name the type: a custom evaluator may return a promise, and so may a remote seam. `call/` awaits
 * them; core only says so in its interfaces.
 */
const MAY_NAME_PROMISE: readonly string[] = ['src/core/evaluator.ts', 'src/core/awaitable.ts'];

/** What keeps a file of core, policy or evaluators from being a function of its arguments. */
export function purityViolations(source: Source): Violation[] {
  const found: Violation[] = stateViolations(source);
  walk(source.program, (node, ancestors) => {
    const message = impurity(source, node, ancestors);
    if (message !== undefined) found.push(violation(source, node, message));
  });
  return found;
}

function impurity(source: Source, node: Node, ancestors: readonly Node[]): string | undefined {
  if (field(node, 'async') === true) return 'async function: a pure layer answers at once.';
  if (node.type === 'AwaitExpression' || field(node, 'await') === true)
    return 'await: a pure layer never waits.';
  if (node.type === 'ImportExpression') return 'import(): a pure layer loads everything with the module.';
  if (node.type === 'Identifier') return impureName(source, node, ancestors);
  const member = memberOf(node);
  if (nameOf(member?.object) === 'Math' && member?.property === 'random') {
    return 'Math.random: randomness comes in as an argument.';
  }
  return undefined;
}

function impureName(source: Source, node: Node, ancestors: readonly Node[]): string | undefined {
  const name = nameOf(node) ?? '';
  const parent = ancestors.at(-1);
  if (!parent || !isReference(node, parent)) return undefined;
  if (isTypePosition(parent)) {
    const promised =
      (name === 'Promise' || name === 'PromiseLike') && !MAY_NAME_PROMISE.includes(source.path);
    return promised ? `${name} as a type: only ${MAY_NAME_PROMISE.join(' and ')} may name it.` : undefined;
  }
  if (name === 'Date' && !isTimelessDate(node, parent)) {
    return 'Date read as a clock: time comes in as an argument (new Date(ms) and instanceof Date are fine).';
  }
  if (name === 'Promise') return 'Promise: a pure layer answers at once.';
  return FORBIDDEN.has(name) ? `${name}: a pure layer sees its arguments only.` : undefined;
}

/** `new Date(ms)`, `x instanceof Date`, `Date.UTC(…)` and `Date.prototype` read no clock. */
function isTimelessDate(node: Node, parent: Node): boolean {
  if (parent.type === 'NewExpression')
    return list(parent, 'arguments').some(({ type }) => type !== 'SpreadElement');
  if (parent.type === 'BinaryExpression') return field(parent, 'operator') === 'instanceof';
  const property = memberOf(parent)?.property;
  return child(parent, 'object') === node && (property === 'UTC' || property === 'prototype');
}

/** False where a name is a property, a key or a label and not the variable of that name. */
function isReference(node: Node, parent: Node): boolean {
  const isKey = child(parent, 'key') === node || child(parent, 'property') === node;
  if (isKey) return field(parent, 'computed') === true || field(parent, 'shorthand') === true;
  return !(parent.type.startsWith('TS') && child(parent, 'id') === node) && parent.type !== 'TSQualifiedName';
}

function isTypePosition(parent: Node): boolean {
  return (
    parent.type === 'TSTypeReference' ||
    parent.type === 'TSInterfaceHeritage' ||
    parent.type === 'TSClassImplements'
  );
}
