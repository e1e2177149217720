import type { ItemStates, Snapshot } from '../core/snapshot.ts';
import type { RestorePlan } from './conflicts.ts';

/** What would be there if actions were undone that are only tried out: each begins where the one before would have ended. */
export class Foresight {
  /** By handler and item, for items are named by their handlers. */
  readonly #items = new Map<string, Map<string, string | null>>();

  /** What there would be of a snapshot's items, given what there is. */
  over({ handler, before, after }: Snapshot, now: ItemStates | null): ItemStates | null {
    const foreseen = this.#items.get(handler);
    if (foreseen === undefined || now === null) return now;
    // Without a prototype: an item may have any name.
    const states: Record<string, string> = Object.assign(Object.create(null), now);
    for (const item of new Set([before ?? {}, after ?? {}, now].flatMap((known) => Object.keys(known)))) {
      const state = foreseen.get(item);
      if (state === null) delete states[item];
      else if (state !== undefined) states[item] = state;
    }
    return states;
  }

  /** This would be undone, by a plan. */
  undone({ handler }: Snapshot, { changes }: RestorePlan): void {
    const foreseen = this.#items.get(handler) ?? new Map<string, string | null>();
    this.#items.set(handler, foreseen);
    for (const { item, before } of changes) foreseen.set(item, before);
  }
}
