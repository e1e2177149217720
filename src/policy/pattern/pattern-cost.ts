import type { Chain, Gap } from './chain.ts';
import type { PatternShape } from './pattern-shape.ts';

/** About what one character costs an automaton, in the unit of `patternCost`. */
const AUTOMATON = 6;

/**
 * The most that looking for a pattern takes, in nanoseconds for each character of a long text, as measured on a
 * machine of two slow cores: a bound in proportion, to compare patterns by. A plain literal costs next to nothing,
 * `a.*b` below 1, a group under a repeat about 6.
 */
export function patternCost({ chain, outline }: PatternShape): number {
  if (chain !== null) return chainCost(chain);
  return AUTOMATON + (outline === null ? 0 : chainCost(outline));
}

function chainCost({ segments, gaps }: Chain): number {
  let cost = 0;
  for (const { texts, fold, boundary } of segments)
    cost += 0.1 * texts.length + (fold ? 0.1 : 0) + (boundary === undefined ? 0 : 0.1);
  for (const gap of gaps) cost += gap === null ? 0 : gapCost(gap);
  return cost;
}

function gapCost({ set, min, max }: Gap): number {
  const counted = max !== Number.POSITIVE_INFINITY && max !== min;
  const dot = set.length === 2 || (set.length === 4 && set[1] === 9 && set[2] === 11);
  return 0.3 + (counted ? 0.6 : 0) + (dot ? 0 : 1.2);
}
