import type { ItemStates, Snapshot } from '../core/snapshot.ts';

/** One item at three times; `null`: it was not there. */
export interface ItemHistory {
  readonly item: string;
  readonly before: string | null;
  /** As the act left it. */
  readonly after: string | null;
  readonly now: string | null;
}

/** What undoing an action would do. */
export interface RestorePlan {
  /** Items that are not as they were before the act. */
  readonly changes: readonly ItemHistory[];
  /** Those of them that somebody else changed since the act. */
  readonly conflicts: readonly ItemHistory[];
  /** False where it was never noted what the act left: then everything that is not as before counts as changed since. */
  readonly isAfterKnown: boolean;
}

/**
 * Compares what is there with what was. An item may be as the act left it, or as it was before, to which an earlier
 * attempt may have put it back; anything else is somebody's later work.
 */
export function planOf(
  { before, after }: Pick<Snapshot, 'before' | 'after'>,
  now: ItemStates | null,
): RestorePlan {
  const changes: ItemHistory[] = [];
  const conflicts: ItemHistory[] = [];
  if (before !== null && now !== null) {
    for (const item of new Set([...Object.keys(before), ...Object.keys(after ?? {}), ...Object.keys(now)])) {
      const one = { item, before: at(before, item), after: at(after, item), now: at(now, item) };
      if (one.now === one.before) continue;
      changes.push(one);
      if (after === null || one.now !== one.after) conflicts.push(one);
    }
  }
  return { changes, conflicts, isAfterKnown: after !== null };
}

function at(states: ItemStates | null, item: string): string | null {
  return states !== null && Object.hasOwn(states, item) ? (states[item] ?? null) : null;
}

/** Most items that a message names. */
const NAMED = 5;

/** The three-way description of conflicts, a paragraph an item. */
export function describeConflicts({ conflicts, isAfterKnown }: RestorePlan): string {
  const shown = conflicts.slice(0, NAMED).map(({ item, before, after, now }) => {
    const left = isAfterKnown ? (after ?? 'not there') : 'not known';
    return `${item}: before the action ${before ?? 'not there'}; after it ${left}; now ${now ?? 'not there'}`;
  });
  const more = conflicts.length - shown.length;
  return `${shown.join('. ')}${more > 0 ? `. And ${more} more` : ''}`;
}
