import { closest, didYouMean } from '../../core/did-you-mean.ts';
import type { Node, NodeOf } from './ast.ts';
import { type Builder, type Closure, excerpt, refuse } from './build.ts';
import { attribute } from './lookup.ts';
import { FOREIGN_NAMES, SCOPE_NAMES, SCOPE_OBJECTS, type ScopeValue } from './names.ts';
import { MISSING } from './values.ts';

/** The value of the scope that a node names, unless a comprehension variable hides it. */
export function scopeValueOf(node: Node, locals: readonly string[]): ScopeValue | undefined {
  if (node.type === 'name') return locals.includes(node.name) ? undefined : SCOPE_NAMES.get(node.name);
  if (node.type !== 'attribute' || node.object.type !== 'name' || locals.includes(node.object.name))
    return undefined;
  return SCOPE_OBJECTS.get(node.object.name)?.get(node.name);
}

/** A name standing for a value. */
export function buildName(
  node: NodeOf<'name'>,
  locals: readonly string[],
  functions: Iterable<string>,
): Closure {
  const slot = locals.lastIndexOf(node.name);
  if (slot >= 0) return (run) => run.locals[slot];
  const value = SCOPE_NAMES.get(node.name);
  if (value !== undefined) return (run) => value.read(run.scope);
  const { name } = node;
  const members = SCOPE_OBJECTS.get(name);
  if (members !== undefined) {
    const written = [...members.keys()].map((member) => `\`${name}.${member}\``).join(', ');
    refuse(node, `\`${name}\` has no value of its own`, `Write ${written}.`);
  }
  const known = [...functions];
  if (known.includes(name)) refuse(node, `\`${name}\` is a function`, `Call it: ${name}(…).`);
  return refuse(node, `unknown name \`${name.slice(0, 60)}\``, unknownHint(name, locals));
}

function unknownHint(name: string, locals: readonly string[]): string {
  const known = [...SCOPE_NAMES.keys(), ...SCOPE_OBJECTS.keys(), ...locals];
  const foreign = FOREIGN_NAMES.get(name);
  if (foreign !== undefined) return foreign;
  const near = didYouMean(name, known).trim();
  return near === '' ? `A parameter is written parameters.${name.slice(0, 60)}, text in quotes.` : near;
}

/** `object.name`: a member of the scope, or the key of a dict. */
export function buildAttribute(
  builder: Builder,
  node: NodeOf<'attribute'>,
  methods: Iterable<string>,
): Closure {
  const { locals } = builder;
  const value = scopeValueOf(node, locals);
  if (value !== undefined) return (run) => value.read(run.scope);
  refuseUnknownMember(node, locals, methods);
  const at = excerpt(builder.source, node);
  const { name } = node;
  if (isParameters(node.object, locals)) return (run) => parameter(run.scope.parameters, name);
  const object = builder.build(node.object);
  return (run) => attribute(object(run), name, at);
}

/** One argument of the call: the hot path of most conditions. */
function parameter(parameters: Readonly<Record<string, unknown>>, name: string): unknown {
  if (!Object.hasOwn(parameters, name)) return MISSING;
  const value = parameters[name];
  return value === undefined ? MISSING : value;
}

/** True for the bare name `parameters`. */
export function isParameters(node: Node, locals: readonly string[]): boolean {
  return node.type === 'name' && node.name === 'parameters' && !locals.includes('parameters');
}

function refuseUnknownMember(
  node: NodeOf<'attribute'>,
  locals: readonly string[],
  methods: Iterable<string>,
): void {
  const { object, name, nameAt } = node;
  const owner = object.type === 'name' && !locals.includes(object.name) ? object.name : '';
  const members = SCOPE_OBJECTS.get(owner);
  if (members !== undefined) {
    const near = didYouMean(name, members.keys()).trim();
    refuse(
      nameAt,
      `\`${owner}\` has no \`${name.slice(0, 60)}\``,
      near || `It has ${[...members.keys()].join(', ')}.`,
    );
  }
  const type = scopeValueOf(object, locals)?.type ?? 'data';
  if (type === 'data') return;
  const method = closest(name, methods);
  const what = type === 'texts' ? 'a list of texts' : type === 'number' ? 'a number' : 'text';
  refuse(
    nameAt,
    `\`${name.slice(0, 60)}\` is read from ${what}`,
    method ? `Did you mean \`.${method}(…)\`?` : '',
  );
}
