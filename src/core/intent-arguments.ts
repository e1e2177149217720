import type { Argument } from './argument.ts';
import {
  type ArgumentKind,
  type ArgumentKinds,
  isCommandName,
  isSureOfKind,
  kindOfArgument,
  type ToolFamily,
} from './argument-kind.ts';
import { groupedArguments, isNameOfWords, type Piece } from './grouped-arguments.ts';
import { mapEntries, setItems, urlText } from './object-kind.ts';
import { isPlainObject } from './private-copy.ts';

/** In which order a call's arguments were declared, and which kinds they are. */
export interface ArgumentOrder {
  /** Parameter names in declared order; those not named follow, typed ones first, then by name. */
  readonly declared?: readonly string[] | undefined;
  readonly kinds?: ArgumentKinds | undefined;
  readonly family?: ToolFamily | null | undefined;
}

const NONE: readonly never[] = Object.freeze([]);

/** The string arguments of a call, and the intent string that they make. */
export class IntentArguments {
  /** The intent string. */
  readonly text: string;
  /** Whether one of them is a path, a URL, a command or a statement. */
  readonly areTyped: boolean;
  /** How many strings there are. */
  readonly count: number;
  readonly #parameters: Readonly<Record<string, unknown>>;
  readonly #order: ArgumentOrder;
  #list: readonly Argument[] | undefined;

  /**
   * The intent string is every string argument, depth first, joined by one space. The order is the declared one, else
   * arguments that name something touchable (path, URL, command, SQL) first, then by name: never the order of the
   * caller's keys, which a model chooses.
   * The key of an object or a Map that looks like a path or a URL (`{ '/etc/passwd': 'root' }`) is part of it too, as
   * something touchable, before its value. Declared names are not: the author chose them. Opaque values are never read.
   */
  constructor(parameters: Readonly<Record<string, unknown>>, order: ArgumentOrder = {}) {
    this.#parameters = parameters;
    this.#order = withFamily(parameters, order);
    const names = Object.keys(parameters);
    const only = names.length === 1 ? parameters[names[0] as string] : undefined;
    if (typeof only === 'string' && !isTouchableKey(names[0] as string)) {
      this.text = only;
      this.count = 1;
      const { kinds, family } = this.#order;
      this.areTyped = touches(kindOfArgument(names[0] as string, only, kinds, family));
      return;
    }
    let text = '';
    let count = 0;
    let areTyped = false;
    const rest: string[] = [];
    // Strings are added up, not joined: a long text is then put together only when something reads it.
    const add = (part: string): void => {
      text = count++ === 0 ? part : `${text} ${part}`;
    };
    eachPiece(
      parameters,
      this.#order,
      (part, name, kind) => {
        if (touches(kind) || isNameOfWords(name)) areTyped = true;
        add(part);
      },
      (part, name) => {
        if (isNameOfWords(name)) areTyped = true;
        rest.push(part);
      },
    );
    for (const part of rest) add(part);
    this.text = text;
    this.count = count;
    this.areTyped = areTyped;
  }

  /** Every argument, in the order of the intent string. */
  get list(): readonly Argument[] {
    if (this.#list !== undefined) return this.#list;
    const pieces: Piece[] = [];
    const rest: Piece[] = [];
    const addTo =
      (list: Piece[]): Visit =>
      (text, name, kind, within, owner) =>
        list.push({ text, name, kind, list: within, owner, at: 0 });
    eachPiece(this.#parameters, this.#order, addTo(pieces), addTo(rest));
    let at = 0;
    for (const [i, piece] of [...pieces, ...rest].entries()) {
      pieces[i] = { ...piece, at };
      at += piece.text.length + 1;
    }
    const { kinds, family } = this.#order;
    this.#list = groupedArguments(pieces, (name) => isSureOfKind(name, kinds, family));
    return this.#list;
  }

  /** The parameters with every typed string replaced by what `replace` makes of it; frozen, as they are. */
  withTyped(replace: (text: string, kind: ArgumentKind, name: string) => string): Record<string, unknown> {
    const { kinds, family } = this.#order;
    const replaced = (value: unknown, name: string): unknown => {
      if (typeof value === 'string') {
        const kind = kindOfArgument(name, value, kinds, family);
        return kind === undefined || kind === 'text' ? value : replace(value, kind, name);
      }
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return Object.freeze(value.map((item) => replaced(item, name)));
      return isPlainObject(value) ? replacedMembers(value) : value;
    };
    const replacedMembers = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
      Object.freeze(
        Object.fromEntries(Object.entries(record).map(([name, value]) => [name, replaced(value, name)])),
      );
    return replacedMembers(this.#parameters);
  }
}

type Visit = (
  text: string,
  name: string,
  kind: ArgumentKind | undefined,
  list: readonly unknown[] | null,
  /** The record that the parameter, or the nearest member, is in. */
  owner: object,
) => void;

/** Whether a kind names something that will be touched. */
function touches(kind: ArgumentKind | undefined): boolean {
  return kind !== undefined && kind !== 'text';
}

/**
 * Visits the strings of a call in the order of the intent string: `first` is given what was declared and what is typed,
 * `rest` what comes behind all that.
 */
function eachPiece(
  parameters: Readonly<Record<string, unknown>>,
  order: ArgumentOrder,
  first: Visit,
  rest: Visit,
): void {
  const { declared = NONE, kinds, family } = order;
  if (declared.length > 0) {
    const inOrder: Collect = (text, name, list, owner) =>
      first(text, name, kindOfArgument(name, text, kinds, family), list, owner);
    for (const name of declared) {
      if (Object.hasOwn(parameters, name)) collect(parameters[name], name, inOrder, null, parameters);
    }
  }
  const names = Object.keys(parameters);
  const others = sorted(declared.length === 0 ? names : names.filter((name) => !declared.includes(name)));
  const sorting: Collect = (text, name, list, owner) => {
    const kind = kindOfArgument(name, text, kinds, family);
    if (touches(kind)) first(text, name, kind, list, owner);
    else rest(text, name, kind, list, owner);
  };
  for (const name of others) {
    if (isTouchableKey(name)) first(name, '', kindOfArgument('', name), null, parameters);
    collect(parameters[name], name, sorting, null, parameters);
  }
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

/** Goes by the look of the key alone: every kind that a look can tell has a slash in it, or is `..` or `~`. */
function isTouchableKey(key: string): boolean {
  if (!key.includes('/') && !key.includes('\\') && key !== '..') return false;
  return kindOfArgument('', key) !== undefined;
}

type Collect = (text: string, name: string, list: readonly unknown[] | null, owner: object) => void;

/** Calls `visit` with every string in a value and the name that is nearest to it, depth first. */
function collect(
  value: unknown,
  name: string,
  visit: Collect,
  list: readonly unknown[] | null,
  owner: object,
): void {
  if (typeof value === 'string') visit(value, name, list, owner);
  else if (typeof value !== 'object' || value === null) return;
  else if (Array.isArray(value)) for (const item of value) collect(item, name, visit, value, owner);
  else if (isPlainObject(value)) {
    for (const key of sorted(Object.keys(value))) collectMember(key, value[key], visit, value);
  } else collectSpecial(value, name, visit, owner);
}

function collectMember(key: string, value: unknown, visit: Collect, owner: object): void {
  // The name is empty so that the look of the key decides what it is.
  if (isTouchableKey(key)) visit(key, '', null, owner);
  collect(value, key, visit, null, owner);
}

function collectSpecial(value: object, name: string, visit: Collect, owner: object): void {
  const url = urlText(value);
  if (url !== undefined) visit(url, name, null, owner);
  const items = setItems(value) ?? NONE;
  for (const item of items) collect(item, name, visit, items, owner);
  for (const [key, item] of mapEntries(value) ?? NONE) {
    if (typeof key === 'string') collectMember(key, item, visit, value);
    else {
      collect(key, name, visit, null, owner);
      collect(item, name, visit, null, owner);
    }
  }
}

/**
 * In `shell.*` a parameter of any name is a command, unless the call has one that is called so: the others are then what
 * they look like.
 */
function withFamily(parameters: Readonly<Record<string, unknown>>, order: ArgumentOrder): ArgumentOrder {
  const { family } = order;
  if (family?.name !== 'shell' || !family.stated) return order;
  const hasCommand = Object.entries(parameters).some(
    ([name, value]) => isCommandName(name) && value !== '' && value !== null && value !== undefined,
  );
  return hasCommand ? { ...order, family: { ...family, stated: false } } : order;
}
