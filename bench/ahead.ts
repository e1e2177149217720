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
/** Cells where we need more than this share of a peer's time are measured again, so that chance does not decide. */
const CLOSE = 0.4;

/** Every cell that must be won, the closest first. The close ones are measured `runs` times in all. */
export async function ratios(
  tables: readonly Table[],
  [ours, ...others]: readonly [Peer, ...Peer[]],
  runs: number,
  budget: Budget,
): Promise<readonly Ratio[]> {
  const out: Ratio[] = [];
  for (const { comparison, columns } of tables) {
    for (const { size, figures } of columns) {
      for (const peer of size < FROM_SIZE ? [] : others) {
        const first = ratio(figures, ours, peer);
        if (first === null) continue;
        const values = [first];
        while (first > CLOSE && values.length < runs) {
          const again = ratio(await comparison.meet(size, [ours, peer], budget), ours, peer);
          values.push(again ?? Number.POSITIVE_INFINITY);
        }
        out.push({ comparison, size, peer, values, value: median(values) });
      }
    }
  }
  return out.sort((a, b) => b.value - a.value);
}

/** Null if the peer has no figure. If only ours is missing, the cell is lost. */
function ratio(figures: ReadonlyMap<string, Figure>, ours: Peer, peer: Peer): number | null {
  const own = figures.get(ours.name);
  const its = figures.get(peer.name);
  if (its === undefined || 'unable' in its) return null;
  return own === undefined || 'unable' in own ? Number.POSITIVE_INFINITY : own.micros / its.micros;
}
