import { type ArgumentKinds, kindOfArgument } from './argument-kind.ts';
import { isPlainObject } from './private-copy.ts';

/** In which order a call's arguments were declared, and which kinds they are. */
export interface ArgumentOrder {
  /** Parameter names in declared order; those not named follow, typed ones first, then by name. */
  readonly declared?: readonly string[] | undefined;
  readonly kinds?: ArgumentKinds | undefined;
}

const NONE: readonly string[] = Object.freeze([]);

/**
 * The intent string: every string argument, depth first, joined by one space. The order is the declared one, else
 * arguments that name something touchable (path, URL, command, SQL) first, then by name: never the order of the
 * caller's keys, which a model chooses.
 */
export function intentText(parameters: Readonly<Record<string, unknown>>, order: ArgumentOrder = {}): string {
  const names = Object.keys(parameters);
  if (names.length === 1) {
    const only = parameters[names[0] as string];
    if (typeof only === 'string') return only;
  }
  const { declared = NONE, kinds } = order;
  let text = '';
  // Strings are added up, not joined: a long text is then put together only when something reads it.
  const add = (part: string): void => {
    text = text === '' ? part : `${text} ${part}`;
  };
  for (const name of declared) {
    if (Object.hasOwn(parameters, name)) collect(parameters[name], name, (part) => add(part));
  }
  const others = names.filter((name) => !declared.includes(name)).sort();
  const rest: string[] = [];
  for (const name of others) {
    collect(parameters[name], name, (part, key) => (isTyped(key, part, kinds) ? add(part) : rest.push(part)));
  }
  for (const part of rest) add(part);
  return text;
}

function isTyped(name: string, value: string, kinds: ArgumentKinds | undefined): boolean {
  const kind = kindOfArgument(name, value, kinds);
  return kind !== undefined && kind !== 'text';
}

/** Calls `visit` with every string in a value and the name that is nearest to it, depth first. */
function collect(value: unknown, name: string, visit: (text: string, name: string) => void): void {
  if (typeof value === 'string') visit(value, name);
  else if (typeof value !== 'object' || value === null) return;
  else if (Array.isArray(value) || value instanceof Set) for (const item of value) collect(item, name, visit);
  else if (value instanceof Map) {
    for (const [key, item] of value) collect(item, typeof key === 'string' ? key : name, visit);
  } else if (value instanceof URL) visit(value.href, name);
  else if (isPlainObject(value)) {
    for (const key of Object.keys(value).sort()) collect(value[key], key, visit);
  }
}
