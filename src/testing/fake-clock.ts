/** A clock that stands still until it is told to move. Hand `clock.now` to what is tested. Milliseconds. */
export class FakeClock {
  #now: number;

  /** Default start: 1,000,000. */
  constructor(start: number = 1_000_000) {
    this.#now = start;
  }

  /** Bound, so that it can be handed over by itself. */
  readonly now = (): number => this.#now;

  /** Moves forward, or back with a negative number. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Jumps to a time, wherever that lies. */
  set(time: number): void {
    this.#now = time;
  }
}
