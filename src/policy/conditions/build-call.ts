import { didYouMean } from '../../core/did-you-mean.ts';
import { compileGlob, type Glob } from '../glob.ts';
import { compilePattern } from '../pattern/compile.ts';
import { PatternError } from '../pattern/pattern-error.ts';
import type { Node, NodeOf } from './ast.ts';
import { type Builder, type Closure, excerpt, refuse } from './build.ts';
import { ConditionSyntaxError, failAt } from './errors.ts';
import { PLAIN_FUNCTIONS, TYPE_NAMES } from './functions.ts';
import { METHODS } from './methods.ts';
import type { Run } from './run.ts';
import { describe, kindOf, MISSING } from './values.ts';

type Call = NodeOf<'call'>;
type CallBuilder = (builder: Builder, node: Call) => Closure;

/** The functions whose arguments are not all plain values. */
const SPECIAL_FUNCTIONS: ReadonlyMap<string, CallBuilder> = new Map<string, CallBuilder>([
  ['isinstance', buildIsInstance],
  ['matches', buildMatches],
  ['glob', buildGlob],
  ['rate_last_5min', buildRate],
]);

/** Every function that can be called. */
export const FUNCTION_NAMES: readonly string[] = Object.freeze([
  ...PLAIN_FUNCTIONS.keys(),
  ...SPECIAL_FUNCTIONS.keys(),
]);

/** A call of a function or a method. */
export function buildCall(builder: Builder, node: Call): Closure {
  const { callee } = node;
  if (callee.type === 'attribute') return buildMethod(builder, node, callee);
  if (callee.type !== 'name') return refuse(callee, 'only functions and methods can be called');
  const { name } = callee;
  if (builder.locals.includes(name)) return refuse(callee, `\`${name}\` is a loop variable, not a function`);
  const special = SPECIAL_FUNCTIONS.get(name);
  if (special !== undefined) return special(builder, node);
  const plain = PLAIN_FUNCTIONS.get(name);
  if (plain === undefined) return refuseFunction(node, name);
  checkArity(node, name, plain.min, plain.max);
  const at = excerpt(builder.source, node);
  const args = node.args.map((arg) => builder.build(arg));
  const [only] = args;
  if (only !== undefined && args.length === 1) return (run) => plain.apply([only(run)], run, at);
  return (run) => plain.apply(compute(args, run), run, at);
}

function compute(args: readonly Closure[], run: Run): unknown[] {
  return args.map((arg) => arg(run));
}

function refuseFunction(node: Call, name: string): never {
  if (METHODS.has(name)) return refuse(node.callee, `\`${name}\` is a method`, `Write value.${name}(…).`);
  const near = didYouMean(name, FUNCTION_NAMES).trim();
  return refuse(node.callee, `unknown function \`${name.slice(0, 60)}\``, near);
}

function checkArity(node: Call, name: string, min: number, max: number): void {
  const count = node.args.length;
  if (count >= min && count <= max) return;
  const wanted = min === max ? `${min}` : `${min} to ${max}`;
  refuse(node, `\`${name}\` takes ${wanted} argument${wanted === '1' ? '' : 's'}, not ${count}`);
}

function buildMethod(builder: Builder, node: Call, callee: NodeOf<'attribute'>): Closure {
  const { name, nameAt } = callee;
  const method = METHODS.get(name);
  if (method === undefined) {
    const known = [...METHODS.keys()];
    const near = didYouMean(name, known).trim();
    const isFunction = FUNCTION_NAMES.includes(name) ? `It is a function: write ${name}(…).` : '';
    refuse(
      nameAt,
      `unknown method \`${name.slice(0, 60)}\``,
      isFunction || near || `There are ${known.join(', ')}.`,
    );
  }
  checkArity(node, name, method.min, method.max);
  const at = excerpt(builder.source, node);
  const receiver = builder.build(callee.object);
  const args = node.args.map((arg) => builder.build(arg));
  const [literal] = node.args;
  if (
    name === 'startswith' &&
    args.length === 1 &&
    literal?.type === 'literal' &&
    typeof literal.value === 'string'
  ) {
    const prefix = literal.value;
    return (run) => {
      const value = receiver(run);
      return typeof value === 'string' ? value.startsWith(prefix) : method.apply(value, [prefix], run, at);
    };
  }
  return (run) => method.apply(receiver(run), compute(args, run), run, at);
}

function buildIsInstance(builder: Builder, node: Call): Closure {
  checkArity(node, 'isinstance', 2, 2);
  const [value, type] = node.args as readonly [Node, Node];
  const names = type.type === 'tuple' ? type.items : [type];
  const kinds: ReadonlySet<string> = new Set(names.flatMap((name) => kindsOf(name)));
  const closure = builder.build(value);
  return (run) => kinds.has(kindOf(closure(run)));
}

function kindsOf(node: Node): readonly string[] {
  const known = [...TYPE_NAMES.keys()];
  const kinds = node.type === 'name' ? TYPE_NAMES.get(node.name) : undefined;
  return (
    kinds ?? refuse(node, 'isinstance() takes a type or a tuple of types', `Types are ${known.join(', ')}.`)
  );
}

function literalText(node: Call, name: string): NodeOf<'literal'> & { readonly value: string } {
  checkArity(node, name, 2, 2);
  const pattern = node.args[1] as Node;
  if (pattern.type === 'literal' && typeof pattern.value === 'string')
    return { ...pattern, value: pattern.value };
  return refuse(pattern, `the pattern of ${name}() must be a literal text`, `Write ${name}(value, '…').`);
}

function buildMatches(builder: Builder, node: Call): Closure {
  const pattern = literalText(node, 'matches');
  refuseControls(pattern);
  return buildTextTest(builder, node, 'matches', compileHere(pattern), priceOfLength(pattern.value.length));
}

/** Refuses what is an escape of the text, not of the pattern: a backspace where a word boundary is meant. */
function refuseControls(pattern: NodeOf<'literal'> & { readonly value: string }): void {
  const at = [...pattern.value].findIndex(isStrayControl);
  if (at < 0) return;
  const code = pattern.value.charCodeAt(at);
  const name =
    code === 8
      ? 'a backspace'
      : `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const meant = [...pattern.value].map((char) => (isStrayControl(char) ? written(char) : char)).join('');
  refuse(
    pattern,
    `the pattern has ${name} in it, which no ordinary text has`,
    `Write r'${meant.slice(0, 60)}', and not within double quotes of YAML, which read \\b as a backspace.`,
  );
}

/** A control character other than tab, line feed and carriage return. */
function isStrayControl(char: string): boolean {
  const code = char.charCodeAt(0);
  return (code < 0x20 && !'\t\n\r'.includes(char)) || (code >= 0x7f && code < 0xa0);
}

function written(char: string): string {
  const index = '\b\f\v\x07'.indexOf(char);
  return `\\${'bfva'[index] ?? `x${char.charCodeAt(0).toString(16).padStart(2, '0')}`}`;
}

function compileHere(pattern: NodeOf<'literal'> & { readonly value: string }): {
  test(text: string): boolean;
} {
  try {
    return compilePattern(pattern.value);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const { start, end } = pattern;
    throw new ConditionSyntaxError(
      `the pattern cannot be used: ${error.message}`,
      start,
      end - start,
      error.hint,
    );
  }
}

function buildGlob(builder: Builder, node: Call): Closure {
  const glob = compileGlob(literalText(node, 'glob').value);
  return buildTextTest(builder, node, 'glob', glob, globPrice(glob));
}

/** What 128 characters cost at worst for a pattern or literal of `length` characters. */
function priceOfLength(length: number): number {
  return length > 250 ? 1 + (length >>> 5) : 1;
}

/** What 128 characters cost at worst. Pieces between two stars are tried at every one of them, unless all is literal. */
function globPrice({ shape, source }: Glob): number {
  if (shape !== 'general') return 1;
  const singles = source.replace(/[^?[]/g, '').length;
  return singles > 0 ? 12 + 2 * singles + (source.length >>> 2) : priceOfLength(source.length);
}

/** `name(value, literal)`: of text, '' when missing, an error on anything else. 128 characters cost `price` steps. */
function buildTextTest(
  builder: Builder,
  node: Call,
  name: string,
  matcher: { test(text: string): boolean },
  price: number,
): Closure {
  const at = excerpt(builder.source, node);
  const closure = builder.build(node.args[0] as Node);
  return (run) => {
    const value = closure(run);
    const text = value === MISSING ? '' : value;
    if (typeof text !== 'string') return failAt(at, `${name}() takes text, not ${describe(value)}`);
    run.spend(1 + Math.floor((text.length * price) / 128), at);
    return matcher.test(text);
  };
}

function buildRate(_builder: Builder, node: Call): Closure {
  checkArity(node, 'rate_last_5min', 0, 0);
  return (run) => run.scope.rate_last_5min;
}
