import { type ArgumentKinds, kindOfArgument } from './argument-kind.ts';
import { isPlainObject } from './private-copy.ts';

/** In which order a call's arguments were declared, and which kinds they are. */
export interface ArgumentOrder {
  /** Parameter names in declared order; those not named follow, typed ones first, then by name. */
  readonly declared?: readonly string[] | undefined;
  readonly kinds?: ArgumentKinds | undefined;
}

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
  const declared = order.declared?.filter((name) => Object.hasOwn(parameters, name)) ?? [];
  const first: string[] = [];
  for (const name of declared) collect(parameters[name], name, order.kinds, first, first);
  const rest: string[] = [];
  const others = declared.length === 0 ? names : names.filter((name) => !declared.includes(name));
  const typed: string[] = [];
  for (const name of others.sort()) collect(parameters[name], name, order.kinds, typed, rest);
  return [...first, ...typed, ...rest].join(' ');
}

function collect(
  value: unknown,
  name: string,
  kinds: ArgumentKinds | undefined,
  typed: string[],
  untyped: string[],
): void {
  if (typeof value === 'string') {
    const kind = typed === untyped ? undefined : kindOfArgument(name, value, kinds);
    (kind === undefined || kind === 'text' ? untyped : typed).push(value);
  } else if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value) || value instanceof Set) {
      for (const item of value) collect(item, name, kinds, typed, untyped);
    } else if (value instanceof Map) {
      for (const [key, item] of value) {
        collect(item, typeof key === 'string' ? key : name, kinds, typed, untyped);
      }
    } else if (value instanceof URL) {
      (typed === untyped ? untyped : typed).push(value.href);
    } else if (isPlainObject(value)) {
      for (const key of Object.keys(value).sort()) collect(value[key], key, kinds, typed, untyped);
    }
  }
}
