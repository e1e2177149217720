import type { Piece } from './substitute.ts';

/** How a scalar was written. `code`: it is a value of a configuration object. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'code';

/** A scalar with its place. Offsets count in the source text; -1 where there is none. */
export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The text before its type was resolved, after substitution. */
  readonly text: string;
  /** The text before substitution. */
  readonly written: string;
  readonly style: ScalarStyle;
  readonly offset: number;
  /** As written, with quotes; '' for an empty value. */
  readonly source: string;
  /** True when a part of it came from the environment. */
  readonly substituted: boolean;
  /** What makes the text: what is written, and what was put in for variables. */
  readonly pieces: readonly Piece[];
}

/** One key of a mapping and what it holds. */
export interface LocatedEntry {
  readonly keyOffset: number;
  /** The key as written: a configuration object may have camelCase keys. */
  readonly written: string;
  readonly value: Located;
}

/** A mapping with its place. Keys are unique and none is `__proto__`. */
export interface LocatedMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, LocatedEntry>;
  readonly offset: number;
}

/** A list with its place. */
export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly Located[];
  readonly offset: number;
}

/** What a configuration says, with the place of every part. */
export type Located = LocatedScalar | LocatedMap | LocatedList;

/** The value without its places: plain objects, arrays and scalars. `scalarOf`: what a scalar is; default its value. */
export function plainValue(node: Located, scalarOf?: (scalar: LocatedScalar) => unknown): unknown {
  if (node.kind === 'scalar') return scalarOf === undefined ? node.value : scalarOf(node);
  if (node.kind === 'list') return node.items.map((item) => plainValue(item, scalarOf));
  const object: Record<string, unknown> = {};
  for (const [key, { value }] of node.entries) object[key] = plainValue(value, scalarOf);
  return object;
}

/** The part of a tree that a path leads to, or `undefined` where the path ends before. */
export function nodeAt(root: Located, path: readonly PropertyKey[]): Located | undefined {
  let node: Located | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step))?.value;
    else if (node?.kind === 'list') node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

/** The value of a key, if the node is a mapping that has it. */
export function child(node: Located | undefined, key: string): Located | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}
