import type { CompiledPattern } from '../pattern/compile.ts';
import { type Cover, covers } from './pattern-cover.ts';

interface Entry {
  readonly index: number;
  readonly pattern: CompiledPattern;
  readonly cover: Cover;
}

/**
 * The patterns of a list so far, arranged so that the first one that covers a given pattern is found without
 * comparing every pair: lists may have ten thousand rules.
 */
export class CoverIndex {
  readonly #bySource = new Map<string, Entry>();
  /** By the literal that they begin with, or are, in lower case. */
  readonly #byStart = new Map<string, Entry[]>();
  /** Those that only comparing tells. */
  readonly #anywhere: Entry[] = [];
  /** Those of which nothing is known: they can cover only a pattern that matches a single text. */
  readonly #others: Entry[] = [];
  #all: Entry | undefined;

  /** Adds the next pattern of the list. */
  add(index: number, pattern: CompiledPattern, cover: Cover): void {
    const entry = { index, pattern, cover };
    if (!this.#bySource.has(pattern.source)) this.#bySource.set(pattern.source, entry);
    if (cover.kind === 'all') this.#all ??= entry;
    else if (pattern.exact !== null) this.#addStart(pattern.exact, entry);
    else if (cover.kind === 'prefix') for (const text of cover.segment.texts) this.#addStart(text, entry);
    else (cover.kind === 'other' ? this.#others : this.#anywhere).push(entry);
  }

  /** The index of the first pattern that is seen to match whatever `later` matches; `undefined` without one. */
  firstCovering(later: CompiledPattern): number | undefined {
    const found = [this.#all, this.#bySource.get(later.source)].filter((entry) => entry !== undefined);
    let first = Math.min(Number.POSITIVE_INFINITY, ...found.map(({ index }) => index));
    const look = (entries: readonly Entry[]): void => {
      for (const { index, pattern, cover } of entries) {
        if (index >= first) return;
        if (covers(pattern, cover, later)) first = index;
      }
    };
    const start = later.exact ?? later.shape.prefix?.texts[0];
    if (start !== undefined) for (const entries of this.#startsOf(start)) look(entries);
    look(this.#anywhere);
    if (later.exact !== null) look(this.#others);
    return first === Number.POSITIVE_INFINITY ? undefined : first;
  }

  #addStart(text: string, entry: Entry): void {
    const key = text.toLowerCase();
    const entries = this.#byStart.get(key);
    if (entries === undefined) this.#byStart.set(key, [entry]);
    else entries.push(entry);
  }

  *#startsOf(text: string): Generator<readonly Entry[]> {
    const key = text.toLowerCase();
    for (let length = 0; length <= key.length; length++) {
      const entries = this.#byStart.get(key.slice(0, length));
      if (entries !== undefined) yield entries;
    }
  }
}
