import type { KeyKind } from './sensitive-keys.ts';

type Members = Readonly<Record<string, unknown>>;

/** Tells the kind of a name. */
export interface KeyTest {
  kindOf(name: string): KeyKind;
}

/** Members that name what another one holds, and those that hold it: `{name: 'DB_PASSWORD', value: '…'}`. */
const NAMING =
  /^(?:name|key|header|field|variable|param|parameter|k|type|label|placeholder|selector|element|locator)$/i;
const HOLDING = /^(?:value|val|v)$/i;
/** What is typed into a field of a page: `{selector: '#password', text: '…'}`. */
const FIELD = /^(?:selector|element|locator|placeholder)$/i;
const TYPED = /^(?:text|keys)$/i;
/** Longest text that is a name. */
const NAME = 64;

/** Whether a member of this name may be the one that {@link namedMember} finds. */
export function mayHold(name: string): boolean {
  return HOLDING.test(name) || TYPED.test(name);
}

/**
 * The member that holds what another one names, and its kind: the value of `{name: 'DB_PASSWORD', value: '…'}`, the text
 * of `{selector: '#password', text: '…'}`. `null` for all else.
 */
export function namedMember(
  members: Members,
  keys: KeyTest,
): { readonly name: string; readonly kind: KeyKind } | null {
  const names = Object.keys(members);
  if (names.length > 12) return null;
  const holding = names.find((name) => HOLDING.test(name)) ?? names.find((name) => TYPED.test(name));
  if (holding === undefined) return null;
  const naming = HOLDING.test(holding) ? NAMING : FIELD;
  for (const name of names) {
    const kind = naming.test(name) && name !== holding ? kindOfName(members[name], keys) : 'none';
    if (kind !== 'none') return { name: holding, kind };
  }
  return null;
}

/** Whether every item is a list of two that begins with a text: the entries of a mapping. `isMap`: some may not. */
export function areEntries(items: readonly unknown[], isMap: boolean): boolean {
  if (items.length === 0) return false;
  return (
    isMap || items.every((item) => Array.isArray(item) && item.length === 2 && typeof item[0] === 'string')
  );
}

/** The kind of the second of two items of which the first is its name. */
export function kindOfEntry(entry: unknown, keys: KeyTest): KeyKind {
  return Array.isArray(entry) && entry.length === 2 ? kindOfName(entry[0], keys) : 'none';
}

/** The kind of the argument that follows `argument` in a list: a secret behind `--password`. */
export function kindOfNextArgument(argument: unknown, keys: KeyTest): KeyKind {
  const isOption = typeof argument === 'string' && /^--?[A-Za-z][\w.-]{1,62}$/.test(argument);
  return isOption ? keys.kindOf(argument) : 'none';
}

function kindOfName(name: unknown, keys: KeyTest): KeyKind {
  return typeof name === 'string' && name.length <= NAME && !/\s\S+\s/.test(name)
    ? keys.kindOf(name)
    : 'none';
}
