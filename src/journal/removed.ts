import type { NamedTip, PrunedBody } from '../core/pruned.ts';

/** What the `pruned` records of a journal tell, taken together: that everything through a position was removed. */
export class Removed {
  readonly #tips = new Map<string, NamedTip>();
  #through = 0;

  /** The last position of the removed ones; 0 when nothing was removed. */
  get through(): number {
    return this.#through;
  }

  /** Takes what one `pruned` record tells. Oldest first: a range that is not joined to the ones before counts not. */
  add({
    fromPosition,
    throughPosition,
    writers,
  }: Pick<PrunedBody, 'fromPosition' | 'throughPosition' | 'writers'>): void {
    if (fromPosition <= this.#through + 1) this.#through = Math.max(this.#through, throughPosition);
    for (const tip of writers) {
      const known = this.#tips.get(tip.id);
      if (known === undefined || known.seq <= tip.seq) this.#tips.set(tip.id, tip);
    }
  }

  /** The last removed record of a writer; `undefined` where the `pruned` records that are left do not name it. */
  tipOf(writer: string): NamedTip | undefined {
    return this.#tips.get(writer);
  }

  /** True when some writer's last removed record has this hash. */
  hasHash(hash: string): boolean {
    return [...this.#tips.values()].some((tip) => tip.hash === hash);
  }
}
