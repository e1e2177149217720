/** The fields of a node in a parse tree: nothing of them is known to be there, or to be what it should be. */
export type TreeFields = Readonly<Record<string, unknown>>;

/** More nodes are no tree of a text that is read, or one that leads back to itself. */
export const MAX_NODES = 250_000;

const NO_FIELDS: TreeFields = Object.freeze({});

/** The fields of a value; none for what has none. */
export function fieldsOf(value: unknown): TreeFields {
  return typeof value === 'object' && value !== null ? (value as TreeFields) : NO_FIELDS;
}

/** The items of a list; none for what is no list. Throws for one that no text is long enough for. */
export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  if (value.length > MAX_NODES) throw new RangeError('The tree is too large.');
  return value;
}

/** Counts down from {@link MAX_NODES}. */
export class NodeBudget {
  #left = MAX_NODES;

  /** Pays for one node. Throws when nothing is left. */
  spend(): void {
    if (this.#left-- <= 0) throw new RangeError('The tree is too large.');
  }
}

/** A node under the name of its type, `{ SelectStmt: { … } }`; `null` for what is none. */
export function nodeOf(value: unknown): { readonly type: string; readonly fields: TreeFields } | null {
  const [entry, ...more] = Object.entries(fieldsOf(value));
  if (entry === undefined || more.length > 0) return null;
  const [type, fields] = entry;
  return typeof fields === 'object' && fields !== null ? { type, fields: fieldsOf(fields) } : null;
}
