import type { LookedAt } from './state.ts';

/** Restores follow their look at once; this many may be under way at a time. */
const MAX_LOOKS = 16;

/** What was last looked at of each snapshot, until it is restored. */
export class LastLooks {
  readonly #looks = new Map<string, LookedAt>();

  /** Takes the place of an older look, and of those of others when there are too many. */
  note(mark: string, looked: LookedAt): void {
    this.#looks.delete(mark);
    this.#looks.set(mark, looked);
    for (const oldest of this.#looks.keys()) {
      if (this.#looks.size <= MAX_LOOKS) return;
      this.#looks.delete(oldest);
    }
  }

  /** The last look; it serves one restore. */
  take(mark: string): LookedAt | undefined {
    const looked = this.#looks.get(mark);
    this.#looks.delete(mark);
    return looked;
  }
}
