const NO_LITERAL = -1;

/** A way on from a node: all that is common to the literals that go it. */
interface Edge {
  text: string;
  to: TreeNode;
}

interface TreeNode {
  /** The literal that ends here. */
  id: number;
  /** By first character. */
  readonly edges: Map<number, Edge>;
}

/**
 * Finds which of many literals a text begins with, in time that goes with the places where the literals differ: what
 * several have in common is compared at once.
 */
export class PrefixTree {
  readonly #ids = new Map<string, number>();
  readonly #root: TreeNode = { id: NO_LITERAL, edges: new Map() };

  /** How many different literals were added. */
  get size(): number {
    return this.#ids.size;
  }

  /** Adds a literal (not empty) and answers its id: 0, 1, 2… in the order of adding, the same for the same text. */
  add(literal: string): number {
    const known = this.#ids.get(literal);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(literal, id);
    let node = this.#root;
    for (let at = 0; at < literal.length; ) {
      const rest = literal.slice(at);
      const edge = node.edges.get(rest.charCodeAt(0));
      if (edge === undefined) {
        const to = { id: NO_LITERAL, edges: new Map() };
        node.edges.set(rest.charCodeAt(0), { text: rest, to });
        node = to;
        break;
      }
      const common = commonLength(edge.text, rest);
      if (common < edge.text.length) split(edge, common);
      node = edge.to;
      at += common;
    }
    node.id = id;
    return id;
  }

  /** Writes the ids of all literals that `text` begins with to `found` (at least `size` long), shortest first; answers how many. */
  leading(text: string, found: Int32Array): number {
    let count = 0;
    let { edges } = this.#root;
    for (let at = 0; at < text.length; ) {
      const edge = edges.get(text.charCodeAt(at));
      if (edge === undefined) break;
      const common = edge.text.length;
      if (common > 1 && !text.startsWith(edge.text, at)) break;
      at += common;
      const { to } = edge;
      if (to.id !== NO_LITERAL) found[count++] = to.id;
      edges = to.edges;
    }
    return count;
  }
}

/** Puts a node `at` characters down an edge. */
function split(edge: Edge, at: number): void {
  const rest = edge.text.slice(at);
  edge.to = { id: NO_LITERAL, edges: new Map([[rest.charCodeAt(0), { text: rest, to: edge.to }]]) };
  edge.text = edge.text.slice(0, at);
}

function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}
