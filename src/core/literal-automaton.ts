import { Skips } from './skips.ts';

const ROOT_CHARS = 256;
const NO_NODE = -1;
const PAIR_BITS = 4096;
/** So much of a look at places where nothing is found may cost more than the length of the text. */
const SHORT = 64;

/**
 * Finds which of many literals occur in a text, in one pass whose time is linear in the text and in the number
 * of literals found: an Aho-Corasick automaton over UTF-16 units. Edges sit in one open-addressed table, so that
 * memory goes with the literals' total length and not with the alphabet.
 *
 * Add all literals, `build` once, then scan. Each literal found is reported once a scan.
 */
export class LiteralAutomaton {
  readonly #ids = new Map<string, number>();
  readonly #root = new Int32Array(ROOT_CHARS).fill(NO_NODE);
  #edgeFrom = new Int32Array(64).fill(NO_NODE);
  #edgeUnit = new Int32Array(64);
  #edgeTo = new Int32Array(64);
  #edges = 0;
  #mask = 63;
  readonly #literalAt: number[] = [NO_NODE];
  #fail = new Int32Array(0);
  /** The nearest node that ends a literal, on the way of suffixes: from the node itself, and from beyond it. */
  #output = new Int32Array(0);
  #nextOutput = new Int32Array(0);
  #seen = new Int32Array(0);
  #scan = 0;
  #skips: Skips | null = null;
  /** A bit for each pair of characters that a literal begins with; several pairs may share one. */
  readonly #pairs = new Int32Array(PAIR_BITS >> 5);

  /** How many different literals were added. */
  get size(): number {
    return this.#ids.size;
  }

  /** Adds a literal (not empty) and answers its id: 0, 1, 2… in the order of adding, the same for the same text. */
  add(literal: string): number {
    const known = this.#ids.get(literal);
    if (known !== undefined) return known;
    const pair = pairOf(literal.charCodeAt(0), literal.charCodeAt(1));
    this.#pairs[pair >> 5] = (this.#pairs[pair >> 5] ?? 0) | (1 << (pair & 31));
    let node = 0;
    for (let i = 0; i < literal.length; i++) {
      const unit = literal.charCodeAt(i);
      const next = this.#edge(node, unit);
      node = next === NO_NODE ? this.#addEdge(node, unit) : next;
    }
    const id = this.#ids.size;
    this.#ids.set(literal, id);
    this.#literalAt[node] = id;
    return id;
  }

  /** Links the suffixes. Nothing may be added afterwards. */
  build(): void {
    this.#skips = Skips.of([...this.#ids.keys()]);
    const count = this.#literalAt.length;
    this.#fail = new Int32Array(count);
    this.#output = new Int32Array(count).fill(NO_NODE);
    this.#nextOutput = new Int32Array(count).fill(NO_NODE);
    this.#seen = new Int32Array(count);
    const children = this.#children(count);
    const queue = new Int32Array(count);
    let tail = 1;
    for (let head = 0; head < tail; head++) {
      const node = queue[head] ?? 0;
      for (
        let edge = children.first[node] ?? NO_NODE;
        edge !== NO_NODE;
        edge = children.next[edge] ?? NO_NODE
      ) {
        const child = this.#edgeTo[edge] ?? 0;
        const fail = node === 0 ? 0 : this.#step(this.#fail[node] ?? 0, this.#edgeUnit[edge] ?? 0);
        this.#fail[child] = fail;
        this.#nextOutput[child] = this.#output[fail] ?? NO_NODE;
        this.#output[child] = this.#literalAt[child] === NO_NODE ? (this.#output[fail] ?? NO_NODE) : child;
        queue[tail++] = child;
      }
    }
  }

  /** Writes the ids of all literals that occur in `text` to `found` (at least `size` long); answers how many. */
  occurring(text: string, found: Int32Array): number {
    const scan = this.#beginScan();
    const skips = this.#skips;
    if (skips === null) return this.#scanFrom(0, text, found, scan, 0);
    let count = 0;
    let work = 0;
    for (let at = skips.next(text, 0); at >= 0; at = skips.next(text, at + 1)) {
      let node = 0;
      for (let i = at; i < text.length; i++) {
        node = this.#edge(node, text.charCodeAt(i));
        if (node === NO_NODE) break;
        work++;
        if (this.#literalAt[node] !== NO_NODE) count = this.#report(node, scan, found, count);
      }
      // A text that looks like the literals all over takes one pass after all.
      if (work > text.length + SHORT) return this.#scanFrom(at + 1, text, found, scan, count);
    }
    return count;
  }

  #scanFrom(start: number, text: string, found: Int32Array, scan: number, before: number): number {
    const { length } = text;
    const root = this.#root;
    const output = this.#output;
    const pairs = this.#pairs;
    let count = before;
    let node = 0;
    for (let i = start; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (node === 0 && unit < ROOT_CHARS) {
        node = root[unit] ?? NO_NODE;
        if (node === NO_NODE) {
          node = 0;
          continue;
        }
        // Most characters that begin a literal are not followed by its second one.
        if (i + 1 < length && output[node] === NO_NODE) {
          const pair = pairOf(unit, text.charCodeAt(i + 1));
          if ((((pairs[pair >> 5] ?? 0) >> (pair & 31)) & 1) === 0) {
            node = 0;
            continue;
          }
        }
      } else {
        node = this.#step(node, unit);
        if (node === 0) continue;
      }
      count = this.#report(output[node] ?? NO_NODE, scan, found, count);
    }
    return count;
  }

  #report(first: number, scan: number, found: Int32Array, before: number): number {
    let count = before;
    let output = first;
    while (output !== NO_NODE && this.#seen[output] !== scan) {
      this.#seen[output] = scan;
      found[count++] = this.#literalAt[output] ?? 0;
      output = this.#nextOutput[output] ?? NO_NODE;
    }
    return count;
  }

  /** Tells of every place where literals end: the id of the longest that ends there, and the offset behind it. */
  endings(text: string, tell: (id: number, end: number) => void): void {
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      node = this.#step(node, text.charCodeAt(i));
      const output = node === 0 ? NO_NODE : (this.#output[node] ?? NO_NODE);
      if (output !== NO_NODE) tell(this.#literalAt[output] ?? 0, i + 1);
    }
  }

  #beginScan(): number {
    if (this.#scan === 0x7fffffff) {
      this.#seen.fill(0);
      this.#scan = 0;
    }
    return ++this.#scan;
  }

  #step(from: number, unit: number): number {
    let node = from;
    for (;;) {
      const next = this.#edge(node, unit);
      if (next !== NO_NODE) return next;
      if (node === 0) return 0;
      node = this.#fail[node] ?? 0;
    }
  }

  #edge(node: number, unit: number): number {
    if (node === 0 && unit < ROOT_CHARS) return this.#root[unit] ?? NO_NODE;
    for (let slot = slotOf(node, unit) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const from = this.#edgeFrom[slot] ?? NO_NODE;
      if (from === NO_NODE) return NO_NODE;
      if (from === node && this.#edgeUnit[slot] === unit) return this.#edgeTo[slot] ?? NO_NODE;
    }
  }

  #addEdge(node: number, unit: number): number {
    const to = this.#literalAt.length;
    this.#literalAt.push(NO_NODE);
    if (node === 0 && unit < ROOT_CHARS) this.#root[unit] = to;
    if (++this.#edges * 2 > this.#mask) this.#grow();
    this.#insert(node, unit, to);
    return to;
  }

  #insert(node: number, unit: number, to: number): void {
    let slot = slotOf(node, unit) & this.#mask;
    while (this.#edgeFrom[slot] !== NO_NODE) slot = (slot + 1) & this.#mask;
    this.#edgeFrom[slot] = node;
    this.#edgeUnit[slot] = unit;
    this.#edgeTo[slot] = to;
  }

  #grow(): void {
    const [from, unit, to] = [this.#edgeFrom, this.#edgeUnit, this.#edgeTo];
    const size = from.length * 2;
    this.#mask = size - 1;
    this.#edgeFrom = new Int32Array(size).fill(NO_NODE);
    this.#edgeUnit = new Int32Array(size);
    this.#edgeTo = new Int32Array(size);
    for (let i = 0; i < from.length; i++) {
      if (from[i] !== NO_NODE) this.#insert(from[i] ?? 0, unit[i] ?? 0, to[i] ?? 0);
    }
  }

  /** The edges of each node as linked lists over the slots of the edge table. */
  #children(count: number): { readonly first: Int32Array; readonly next: Int32Array } {
    const first = new Int32Array(count).fill(NO_NODE);
    const next = new Int32Array(this.#edgeFrom.length).fill(NO_NODE);
    for (let slot = 0; slot < this.#edgeFrom.length; slot++) {
      const from = this.#edgeFrom[slot] ?? NO_NODE;
      if (from === NO_NODE) continue;
      next[slot] = first[from] ?? NO_NODE;
      first[from] = slot;
    }
    return { first, next };
  }
}

function pairOf(first: number, second: number): number {
  return ((first << 5) ^ second) & (PAIR_BITS - 1);
}

function slotOf(node: number, unit: number): number {
  const mixed = Math.imul(Math.imul(node, 0x9e3779b1) ^ unit, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
