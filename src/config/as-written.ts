import { camelKey } from './key-case.ts';
import { type Located, type LocatedScalar, plainValue } from './located.ts';

/**
 * A rule, a policy or a layer as its file states it: where a value has a `${VAR}`, its text before anything was put in
 * stands for it, whatever the value's type. Keys are in camel case; it is there to be shown, not to judge by.
 */
export type AsWritten = object;

/** The fields that were read from a mapping, as written. What has no `${VAR}` stays what it was read as. */
export function asWritten(fields: object, node: Located | undefined): AsWritten {
  if (node?.kind !== 'map') return fields;
  const written = [...node.entries].flatMap(([key, { value }]) => {
    const name = camelKey(key);
    // `extends` is no field: it was resolved.
    return Object.hasOwn(fields, name) && hasReference(value) ? [[name, writtenValue(value)]] : [];
  });
  return written.length === 0 ? fields : { ...fields, ...Object.fromEntries(written) };
}

/** One value of a file as written, if there is a `${VAR}` in it; otherwise `value`. */
export function writtenOr(value: unknown, node: Located | undefined): unknown {
  return node !== undefined && hasReference(node) ? writtenValue(node) : value;
}

function writtenValue(node: Located): unknown {
  return plainValue(node, (scalar) => (isReference(scalar) ? scalar.written : scalar.value));
}

function hasReference(node: Located): boolean {
  if (node.kind === 'scalar') return isReference(node);
  if (node.kind === 'list') return node.items.some(hasReference);
  return [...node.entries.values()].some(({ value }) => hasReference(value));
}

/** Also true for `$${VAR}`: without its second dollar it would look like a `${VAR}`. */
function isReference({ substituted, written, text }: LocatedScalar): boolean {
  return substituted || written !== text;
}
