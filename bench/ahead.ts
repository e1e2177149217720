import type { Comparison, Table } from './comparison.ts';
import type { Budget, Figure } from './contest.ts';
import { median } from './measure.ts';
import type { Peer } from './peer.ts';

/** Our time over a peer's in one cell of a table: below 1 we are faster. */
export interface Ratio {
  readonly comparison: Comparison;
  readonly size: number;
  readonly peer: Peer;
  /** One value a run. */
  readonly values: readonly number[];
  /** The median of the values. */
  readonly value: number;
}

/** From this many rules on we must be ahead. */
const FROM_SIZE = 100;
/** Cells where our share of a peer's time lies between these are measured again, so that chance does not decide. */
const CLOSE = { from: 0.4, to: 2.5 } as const;

/**
 * Every cell that must be won, the closest first. A peer meets that of ours which does the same amount of work. The close cells are measured `runs` times in all.
 */
export async function ratios(
  tables: readonly Table[],
  ours: readonly Peer[],
  others: readonly Peer[],
  runs: number,
  budget: Budget,
): Promise<readonly Ratio[]> {
  const out: Ratio[] = [];
  for (const { comparison, columns } of tables) {
    for (const { size, figures } of columns) {
      for (const peer of size < FROM_SIZE ? [] : others) {
        const match = ours.find(({ scope }) => scope === peer.scope);
        if (match === undefined) throw new Error(`none of ours does the work of ${peer.name}`);
        const first = ratio(figures, match, peer);
        if (first === null) continue;
        const values = [first];
        while (first > CLOSE.from && first < CLOSE.to && values.length < runs) {
          const again = ratio(await comparison.meet(size, [match, peer], budget), match, peer);
          values.push(again ?? Number.POSITIVE_INFINITY);
        }
        out.push({ comparison, size, peer, values, value: median(values) });
      }
    }
  }
  return out.sort((a, b) => b.value - a.value);
}

/** Null if the peer has no figure. If only ours is missing, the cell is lost. */
function ratio(figures: ReadonlyMap<string, Figure>, own: Peer, peer: Peer): number | null {
  const mine = figures.get(own.name);
  const its = figures.get(peer.name);
  if (its === undefined || 'unable' in its) return null;
  return mine === undefined || 'unable' in mine ? Number.POSITIVE_INFINITY : mine.micros / its.micros;
}
