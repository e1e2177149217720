import { type ArgumentKinds, kindOfArgument } from './argument-kind.ts';
import { mapEntries, setItems, urlText } from './object-kind.ts';
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
 * The key of an object or a Map that looks like a path or a URL (`{ '/etc/passwd': 'root' }`) is part of it too, as
 * something touchable, before its value. Declared names are not: the author chose them. Opaque values are never read.
 */
export function intentText(parameters: Readonly<Record<string, unknown>>, order: ArgumentOrder = {}): string {
  const { declared = NONE, kinds } = order;
  const names = Object.keys(parameters);
  if (names.length === 1) {
    const only = parameters[names[0] as string];
    if (typeof only === 'string' && !isTouchableKey(names[0] as string, declared)) return only;
  }
  let text = '';
  // Strings are added up, not joined: a long text is then put together only when something reads it.
  const add = (part: string): void => {
    text = text === '' ? part : `${text} ${part}`;
  };
  for (const name of declared) {
    if (Object.hasOwn(parameters, name)) collect(parameters[name], name, (part) => add(part));
  }
  const others = sorted(declared.length === 0 ? names : names.filter((name) => !declared.includes(name)));
  const rest: string[] = [];
  for (const name of others) {
    if (isTouchableKey(name, NONE)) add(name);
    collect(parameters[name], name, (part, key) => (isTyped(key, part, kinds) ? add(part) : rest.push(part)));
  }
  for (const part of rest) add(part);
  return text;
}

/** Sorts in place, as `sort()` does, which takes longer for the few names that most objects have. */
function sorted(names: string[]): string[] {
  if (names.length > 8) return names.sort();
  for (let i = 1; i < names.length; i++) {
    const name = names[i] as string;
    let at = i;
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string;
    names[at] = name;
  }
  return names;
}

function isTyped(name: string, value: string, kinds: ArgumentKinds | undefined): boolean {
  const kind = kindOfArgument(name, value, kinds);
  return kind !== undefined && kind !== 'text';
}

/** Goes by the look of the key alone: every kind that a look can tell has a slash in it, or is `..`. */
function isTouchableKey(key: string, declared: readonly string[]): boolean {
  if (!key.includes('/') && !key.includes('\\') && key !== '..') return false;
  return kindOfArgument('', key) !== undefined && !declared.includes(key);
}

type Visit = (text: string, name: string) => void;

/** Calls `visit` with every string in a value and the name that is nearest to it, depth first. */
function collect(value: unknown, name: string, visit: Visit): void {
  if (typeof value === 'string') visit(value, name);
  else if (typeof value !== 'object' || value === null) return;
  else if (Array.isArray(value)) for (const item of value) collect(item, name, visit);
  else if (isPlainObject(value)) {
    for (const key of sorted(Object.keys(value))) collectMember(key, value[key], visit);
  } else collectSpecial(value, name, visit);
}

function collectMember(key: string, value: unknown, visit: Visit): void {
  // The name is empty so that the look of the key decides what it is.
  if (isTouchableKey(key, NONE)) visit(key, '');
  collect(value, key, visit);
}

function collectSpecial(value: object, name: string, visit: Visit): void {
  const url = urlText(value);
  if (url !== undefined) visit(url, name);
  for (const item of setItems(value) ?? NONE) collect(item, name, visit);
  for (const [key, item] of mapEntries(value) ?? []) {
    if (typeof key === 'string') collectMember(key, item, visit);
    else {
      collect(key, name, visit);
      collect(item, name, visit);
    }
  }
}
