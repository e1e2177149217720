const FIRST_CAPACITY = 8;
const KEPT_CAPACITY = 1024;

/**
 * Counts calls in the last `windowMs` milliseconds, exactly: a call at `t` counts until just before `t + windowMs`.
 * A ring of (time, calls at that time) in typed arrays: adding and expiring are O(1) amortised, taking a call back
 * is a binary search. Holds at most about four slots for every call that counts.
 */
export class SlidingWindow {
  readonly windowMs: number;
  #times = new Float64Array(FIRST_CAPACITY);
  #calls = new Uint32Array(FIRST_CAPACITY);
  #head = 0;
  #size = 0;
  #count = 0;
  /** Slots whose calls have all been taken back. */
  #vacant = 0;

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  /** Calls in the window at `now`. */
  count(now: number): number {
    this.#expire(now);
    return this.#count;
  }

  /** Slots that are allocated. For tests of flat memory. */
  get capacity(): number {
    return this.#times.length;
  }

  /** When the oldest call that counts leaves the window, or `undefined` when there is none. */
  freeAt(now: number): number | undefined {
    this.#expire(now);
    return this.#size === 0 ? undefined : (this.#times[this.#head] ?? 0) + this.windowMs;
  }

  /** Counts a call at `now`, which must not lie before an earlier call's. */
  add(now: number): void {
    this.#expire(now);
    this.#count++;
    if (this.#size > 0) {
      const newest = this.#slot(this.#size - 1);
      if (this.#times[newest] === now) {
        this.#calls[newest] = (this.#calls[newest] ?? 0) + 1;
        return;
      }
    }
    if (this.#size === this.#times.length) this.#makeRoom();
    const slot = this.#slot(this.#size++);
    this.#times[slot] = now;
    this.#calls[slot] = 1;
  }

  /** Takes back one call counted at `time`. Does nothing if it has left the window. */
  remove(time: number): void {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[this.#slot(middle)] ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    const slot = this.#slot(low);
    if (low === this.#size || this.#times[slot] !== time || this.#calls[slot] === 0) return;
    this.#count--;
    this.#calls[slot] = (this.#calls[slot] ?? 1) - 1;
    if (this.#calls[slot] === 0) this.#vacant++;
    this.#dropVacantNewest();
  }

  #slot(index: number): number {
    return (this.#head + index) & (this.#times.length - 1);
  }

  /** Drops what has left the window. Afterwards the oldest slot is not vacant; the newest never is. */
  #expire(now: number): void {
    while (this.#size > 0) {
      const calls = this.#calls[this.#head] ?? 0;
      if (calls !== 0 && (this.#times[this.#head] ?? 0) + this.windowMs > now) break;
      if (calls === 0) this.#vacant--;
      this.#count -= calls;
      this.#head = this.#slot(1);
      this.#size--;
    }
    if (this.#size === 0 && this.#times.length > KEPT_CAPACITY) this.#resize(FIRST_CAPACITY);
  }

  #dropVacantNewest(): void {
    while (this.#size > 0 && this.#calls[this.#slot(this.#size - 1)] === 0) {
      this.#size--;
      this.#vacant--;
    }
  }

  /** Half of the slots vacant: closing the gaps is paid for by the calls that were taken back. Else twice the room. */
  #makeRoom(): void {
    const { length } = this.#times;
    this.#resize(this.#vacant * 2 >= length ? length : length * 2);
  }

  #resize(capacity: number): void {
    const times = new Float64Array(capacity);
    const calls = new Uint32Array(capacity);
    let size = 0;
    for (let i = 0; i < this.#size; i++) {
      const slot = this.#slot(i);
      const here = this.#calls[slot] ?? 0;
      if (here === 0) continue;
      times[size] = this.#times[slot] ?? 0;
      calls[size++] = here;
    }
    this.#times = times;
    this.#calls = calls;
    this.#head = 0;
    this.#size = size;
    this.#vacant = 0;
  }
}
