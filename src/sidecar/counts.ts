import type { NamedCounts } from '../stores/action-log.ts';

/** All that is counted of one name. */
export interface NameCounts {
  readonly name: string;
  readonly total: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly lastAt: Date;
}

/** Counts put together by name, those with the most actions first. */
export function countsByName(counts: readonly NamedCounts[]): NameCounts[] {
  const names = new Map<string, { total: number; outcomes: Record<string, number>; lastAt: Date }>();
  for (const { name, outcome, count, lastAt } of counts) {
    const known = names.get(name);
    if (known === undefined) {
      names.set(name, { total: count, outcomes: { [outcome]: count }, lastAt });
      continue;
    }
    known.total += count;
    known.outcomes[outcome] = count;
    if (lastAt > known.lastAt) known.lastAt = lastAt;
  }
  return [...names]
    .map(([name, all]) => ({ name, ...all }))
    .sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
}
