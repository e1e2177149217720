/** How a set of counters is made and kept. Times are milliseconds of the limiter's clock. */
export interface CounterKind<T> {
  /** Most names that are counted by themselves. */
  readonly max: number;
  readonly make: () => T;
  /** True when a counter holds nothing that matters any more. `touched`: when it was last counted in. */
  readonly idle: (counter: T, now: number, touched: number) => boolean;
  /** True when idle counters go as soon as they are idle; false when they go only to make room. */
  readonly eager: boolean;
}

interface Entry<T> {
  readonly counter: T;
  touched: number;
}

/**
 * Counters by name, in bounded memory. A name that finds no room shares one counter with all others that find none:
 * somebody who makes up names to escape a limit runs into it sooner. Only idle counters make room; and while the
 * shared one is not idle new names go on sharing it, so that no name has its calls split over two counters.
 */
export class BoundedCounters<T> {
  readonly #kind: CounterKind<T>;
  /** Least recently counted in first. */
  readonly #entries = new Map<string, Entry<T>>();
  #shared: Entry<T> | undefined;
  #newest: Entry<T> | undefined;

  constructor(kind: CounterKind<T>) {
    this.#kind = kind;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The counter that a name would be counted in, or `undefined` when it would be a new one. */
  peek(name: string, now: number): T | undefined {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry.counter;
    return this.#mustShare(now) ? this.#sharedEntry(now).counter : undefined;
  }

  /** The counter to count a name in, now. */
  open(name: string, now: number): T {
    const entry = this.#entries.get(name) ?? this.#add(name, now);
    entry.touched = now;
    if (entry !== this.#newest && entry !== this.#shared) {
      this.#entries.delete(name);
      this.#entries.set(name, entry);
      this.#newest = entry;
    }
    if (this.#kind.eager) this.#dropIdle(now, entry);
    return entry.counter;
  }

  #add(name: string, now: number): Entry<T> {
    if (this.#mustShare(now)) return this.#sharedEntry(now);
    this.#shared = undefined;
    const entry = { counter: this.#kind.make(), touched: now };
    this.#entries.set(name, entry);
    this.#newest = entry;
    return entry;
  }

  #sharedEntry(now: number): Entry<T> {
    this.#shared ??= { counter: this.#kind.make(), touched: now };
    return this.#shared;
  }

  #mustShare(now: number): boolean {
    if (this.#shared !== undefined && !this.#isIdle(this.#shared, now)) return true;
    if (this.#entries.size < this.#kind.max) return false;
    this.#dropIdle(now);
    return this.#entries.size >= this.#kind.max;
  }

  /** Drops at most two of the least recently used: more than come in, without ever a long pause. */
  #dropIdle(now: number, except?: Entry<T>): void {
    let looked = 0;
    for (const [name, entry] of this.#entries) {
      if (looked++ === 2 || entry === except || !this.#isIdle(entry, now)) return;
      this.#entries.delete(name);
      if (entry === this.#newest) this.#newest = undefined;
    }
  }

  #isIdle({ counter, touched }: Entry<T>, now: number): boolean {
    return this.#kind.idle(counter, now, touched);
  }
}
