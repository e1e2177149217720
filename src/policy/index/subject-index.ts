import { LiteralAutomaton } from '../../core/literal-automaton.ts';
import { PrefixTree } from '../../core/prefix-tree.ts';
import type { LiteralTest } from '../conditions/predicate.ts';
import type { ConditionScope } from '../conditions/scope.ts';
import { type ReadSubject, subjectReader } from './read-subject.ts';

/** A test, and the item that is filed under it. */
export interface FiledTest {
  readonly test: LiteralTest;
  readonly item: number;
}

/** Literals of one kind, each with its items. */
interface Shelf<T> {
  readonly literals: T;
  readonly items: number[][];
  readonly found: Int32Array;
}

/** All tests of one subject: answers in one pass over its text which items pass. */
export class SubjectIndex {
  /** The parameter that the subject is, or is part of; `null` for other members of the scope. */
  readonly parameter: string | null;
  readonly #read: ReadSubject;
  readonly #equals: ReadonlyMap<string, readonly number[]>;
  readonly #prefix: Shelf<PrefixTree> | null;
  readonly #suffix: Shelf<PrefixTree> | null;
  readonly #contains: Shelf<LiteralAutomaton> | null;
  readonly #longestSuffix: number;
  readonly #all: readonly number[];

  constructor(filed: readonly FiledTest[]) {
    const subject = filed[0]?.test.subject ?? { path: [], lower: false };
    this.parameter = subject.path[0] === 'parameters' ? (subject.path[1] ?? null) : null;
    this.#read = subjectReader(subject);
    this.#all = [...new Set(filed.map(({ item }) => item))];
    const equal = new Map<string, number[]>();
    for (const { test, item } of filed) {
      if (test.kind !== 'equals') continue;
      const items = equal.get(test.literal);
      if (items === undefined) equal.set(test.literal, [item]);
      else items.push(item);
    }
    this.#equals = equal;
    this.#prefix = shelfOf(filed, 'prefix', new PrefixTree());
    this.#suffix = shelfOf(filed, 'suffix', new PrefixTree(), reversed);
    this.#longestSuffix = filed.reduce(
      (most, { test }) => (test.kind === 'suffix' ? Math.max(most, test.literal.length) : most),
      1,
    );
    this.#contains = shelfOf(filed, 'contains', new LiteralAutomaton());
    this.#contains?.literals.build();
  }

  /** Whether any item passes when the subject is missing. */
  get acceptsMissing(): boolean {
    return this.#equals.has('');
  }

  /** Adds the items that pass to `found`, in no order and possibly twice. `undefined` stands for none yet. */
  collect(scope: ConditionScope, found: number[] | undefined): number[] | undefined {
    const text = this.#read(scope);
    if (text === null) return added(found, this.#all);
    let all = this.#equals.size === 0 ? found : added(found, this.#equals.get(text));
    if (this.#prefix !== null) {
      all = taken(this.#prefix, this.#prefix.literals.leading(text, this.#prefix.found), all);
    }
    if (this.#suffix !== null) {
      const backwards = reversed(text.slice(-this.#longestSuffix));
      all = taken(this.#suffix, this.#suffix.literals.leading(backwards, this.#suffix.found), all);
    }
    if (this.#contains !== null) {
      all = taken(this.#contains, this.#contains.literals.occurring(text, this.#contains.found), all);
    }
    return all;
  }
}

function shelfOf<T extends PrefixTree | LiteralAutomaton>(
  filed: readonly FiledTest[],
  kind: LiteralTest['kind'],
  literals: T,
  form: (literal: string) => string = (literal) => literal,
): Shelf<T> | null {
  const items: number[][] = [];
  for (const { test, item } of filed) {
    if (test.kind !== kind) continue;
    const id = literals.add(form(test.literal));
    const list = items[id];
    if (list === undefined) items[id] = [item];
    else list.push(item);
  }
  if (items.length === 0) return null;
  return { literals, items, found: new Int32Array(literals.size) };
}

function taken(shelf: Shelf<unknown>, count: number, found: number[] | undefined): number[] | undefined {
  let all = found;
  for (let i = 0; i < count; i++) all = added(all, shelf.items[shelf.found[i] ?? -1]);
  return all;
}

function added(found: number[] | undefined, items: readonly number[] | undefined): number[] | undefined {
  if (items === undefined || items.length === 0) return found;
  if (found === undefined) return [...items];
  for (const item of items) found.push(item);
  return found;
}

/** UTF-16 units back to front; only ever compared with other reversed texts. */
function reversed(text: string): string {
  let out = '';
  for (let i = text.length - 1; i >= 0; i--) out += text.charAt(i);
  return out;
}
