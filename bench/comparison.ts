import { type Budget, contest, type Figure } from './contest.ts';
import { faceAll } from './hostile.ts';
import type { Peer } from './peer.ts';
import { LONG, SHORT, SIZES } from './workload.ts';
import { prefixConditions } from './workloads/conditions.ts';
import { gapRules } from './workloads/gaps.ts';
import { regexRules } from './workloads/regex-rules.ts';

/** One kind of workload, at some sizes. */
export interface Comparison {
  readonly title: string;
  readonly sizes: readonly number[];
  /** Lets the peers meet at one size. */
  readonly meet: (
    size: number,
    peers: readonly Peer[],
    budget: Budget,
  ) => Promise<ReadonlyMap<string, Figure>>;
}

/** What a comparison found. */
export interface Table {
  readonly comparison: Comparison;
  readonly columns: readonly { readonly size: number; readonly figures: ReadonlyMap<string, Figure> }[];
}

const GAP_SIZES = [100, 1_000] as const;

/** The tables of the report, in order. */
export const COMPARISONS: readonly Comparison[] = [
  ordinary('Regex rules, intents of 120 characters', (size) => regexRules(size, SHORT)),
  ordinary('Regex rules, 10 KB intents', (size) => regexRules(size, LONG)),
  ordinary('Conditions with literal prefixes', (size) => prefixConditions(size, null)),
  ordinary('Conditions with literal prefixes, 10 KB arguments', (size) => prefixConditions(size, LONG)),
  hostile('Gap rules `a.*b.*c`, hostile 10 KB intents', 'dots'),
  hostile('Gap rules with classes, counts and groups, hostile 10 KB intents', 'mixed'),
];

/** Runs a comparison at all its sizes. */
export async function compare(
  comparison: Comparison,
  peers: readonly Peer[],
  budget: Budget,
): Promise<Table> {
  const columns: Table['columns'][number][] = [];
  for (const size of comparison.sizes) {
    columns.push({ size, figures: await comparison.meet(size, peers, budget) });
  }
  return { comparison, columns };
}

function ordinary(title: string, workloadOf: (size: number) => ReturnType<typeof regexRules>): Comparison {
  return { title, sizes: SIZES, meet: (size, peers, budget) => contest(workloadOf(size), peers, budget) };
}

function hostile(title: string, gaps: 'dots' | 'mixed'): Comparison {
  return {
    title,
    sizes: GAP_SIZES,
    meet: (size, peers, budget) => faceAll(peers, (length) => gapRules(size, length, gaps), LONG, budget),
  };
}
